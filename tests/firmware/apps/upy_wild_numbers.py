"""Numbers that no panel has, from an app to the loops in machine code: nothing is written outside of the strip.

Python's own numbers are long here and 32 bits on the board, so sums that run over are tried around both.
"""

from tests.screens.panel import Panel
from watch.apps.api import QrCode
from watch.kernel.errors import InputError
from watch.ui import pixels
from watch.ui.canvas import STRIP_BYTES, Canvas
from watch.ui.context import Ui
from watch.ui.damage import Damage
from watch.ui.layout import line

SHARE = "apps"
_AROUND = 65536
_EDGES = (0, 1 << 15, 1 << 16, 1 << 28, 1 << 31, 1 << 32, 1 << 60, 1 << 63, 1 << 64)
_NEAR = (-200, -101, -9, -1, 0, 1, 7, 120)
WILD = [sign * edge + near for edge in _EDGES for near in _NEAR for sign in (1, -1)] + [1.5, float("nan"), None, True]
CALLS = (("fill_rect", 5), ("round_rect", 6), ("disc", 4), ("line", 7), ("ring", 5), ("touches", 4))
"""Methods of a canvas that an app may call, and how many numbers they take."""
_TURNS = 1500


def _guarded():
    """A canvas whose strip lies between bytes that nobody may touch, and all of these bytes."""
    canvas, whole = Canvas(), bytearray(STRIP_BYTES + 2 * _AROUND)
    canvas.window(100, 60, 128, 64)
    canvas.memory = memoryview(whole)[_AROUND : _AROUND + STRIP_BYTES]
    return canvas, whole


def _untouched(whole):
    return not any(whole[:_AROUND]) and not any(whole[_AROUND + STRIP_BYTES :])


def _numbers(seed, count):
    """The same ones each time."""
    found = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        found.append(WILD[(seed >> 8) % len(WILD)])
    return seed, found


def test_no_call_of_a_canvas_leaves_the_strip():
    canvas, whole = _guarded()
    calls, seed = 0, 7
    for name, count in CALLS:
        method = getattr(canvas, name)
        for _ in range(_TURNS):
            seed, numbers = _numbers(seed, count)
            calls += 1
            try:
                method(*numbers)
            except (TypeError, ValueError, OverflowError, ZeroDivisionError):
                continue  # no number for a loop
        assert _untouched(whole), name
    print("NOTE wild numbers: %d calls of a canvas, nothing outside of the strip" % calls)


def test_what_ran_over_once():
    """One pixel just below the highest number was written before the strip; a radius of no bits divided by zero."""
    ui = Ui(Panel(240, 240, 0, 1), "firmware/assets")
    run = line(ui.body_font, "MMMM")
    for top in (31, 63):
        canvas, whole = _guarded()
        most = (1 << top) - 1
        canvas.fill_rect(most, 70, 1, 1, 0xFFFF)
        for near in range(0, 300, 5):
            canvas.run(run, most - near, 70, 0xFFFF)
            canvas.run(run, near - most, 70, 0xFFFF)
            canvas.round_rect(most - near, 70, 200, 40, 9, 0xFFFF)
        canvas.round_rect(100, 60, 50, 50, 1 << (top - 3), 0xFFFF)
        canvas.round_rect(100, 60, 50, 50, 1 << (top + 1), 0xFFFF)
        assert _untouched(whole), top


def test_a_guard_that_is_touched_is_noticed():
    canvas, whole = _guarded()
    canvas._view[pixels.RIGHT] += 8192
    canvas.fill_rect(100, 123, 8192, 1, 0xFFFF)
    assert not _untouched(whole)


def test_no_damage_lies_off_the_panel():
    damage = Damage(240, 240, 2)
    seed = 1
    for _ in range(4000):
        seed, numbers = _numbers(seed, 4)
        try:
            damage.add(*numbers)
        except (TypeError, ValueError, OverflowError):
            continue
        for i in range(damage.count):
            x, y = damage.left(i), damage.top(i)
            assert x >= 0 and y >= 0 and x + damage.width(i) <= 240 and y + damage.height(i) <= 240, numbers
        if damage.count > 20:
            damage.clear()
    damage.clear()
    damage.add((1 << 32) - 30_000, 0, 30_400, 100)
    assert not damage.count or damage.left(0) >= 0


def test_no_version_of_a_qr_code_is_below_the_first():
    code = QrCode(1)
    for least in (-400, -19, -1, 0, 1):
        try:
            code.encode("x" * 400, 0, least)
        except InputError:
            continue
        raise AssertionError("400 characters in the smallest code")
