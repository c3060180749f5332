"""What screens do when they are touched, and how they keep out of the round corners."""

import math

from tests.screens.panel import Panel
from tests.screens.scenes import CARD, SCENES, nothing
from watch.screens import message
from watch.screens.armed import ArmedScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_NINE_MM_PX = {410: 111, 240: 78}


def _ui(size):
    return Ui(Panel(*size), "firmware/assets")


def _touch(screen, name):
    for label, x, y, w, h in screen.targets():
        if label == name:
            screen.tap(x + w // 2, y + h // 2)
            return
    raise AssertionError("no target " + name)


def test_messages_close_by_button_and_by_touch():
    heard = []
    screen = message.error(_ui(_SIZES[0]), "no-keys", lambda: heard.append(1))
    _touch(screen, "ok")
    screen.button("single")
    assert heard == [1, 1]
    final = message.wiped(_ui(_SIZES[0]), "asked", None)
    final.button("single")
    assert final.targets() == []


def test_armed_counts_down_tick_by_tick():
    for size in _SIZES:
        panel, left = Panel(*size), [60]
        ui = Ui(panel, "firmware/assets")
        screen = ArmedScreen(ui, CARD, lambda: left[0], nothing, nothing)
        renderer = Renderer(ui, panel)
        screen.shown = True
        screen.open()
        ui.damage.everything()
        renderer.render(screen)
        most = 0
        for left[0] in range(59, -1, -1):
            panel.bytes = 0
            screen.tick(0)
            renderer.render(screen)
            most = max(most, panel.bytes)
        print("NOTE armed second %dx%d: at most %d bytes" % (size[0], size[1], most))
        assert 0 < most <= 1200, most


def test_targets_are_nine_millimetres_wide_and_on_the_panel():
    checked = 0
    for size in _SIZES:
        for name, build in SCENES:
            for label, x, y, w, h in build(_ui(size)).targets():
                assert min(w, h) >= _NINE_MM_PX[size[0]], (name, label, w, h)
                assert x >= 0 and y >= 0 and x + w <= size[0] and y + h <= size[1], (name, label)
                checked += 1
    print("NOTE touch targets checked:", checked)


def test_nothing_is_drawn_outside_the_glass():
    """Every pixel beyond the round corners of the large panel stays black."""
    size = _SIZES[0]
    radius = size[2]
    for name, build in SCENES:
        panel = Panel(*size)
        ui = Ui(panel, "firmware/assets", "en", True)
        screen = build(ui)
        screen.shown = True
        screen.open()
        ui.damage.everything()
        Renderer(ui, panel).render(screen)
        for row in range(radius):
            rest = radius - row - 1  # the edge of the row that is nearest to the middle
            inset = radius - math.ceil((radius * radius - rest * rest) ** 0.5)
            for y in (row, size[1] - 1 - row):
                start = y * size[0] * 2
                line = panel.pixels[start : start + size[0] * 2]
                assert not any(line[: inset * 2]) and not any(line[len(line) - inset * 2 :]), (name, y)


def test_the_test_mark_is_on_every_payment_screen():
    for size in _SIZES:
        for marked in (True, False):
            for name, build in SCENES:
                ui = Ui(Panel(*size), "firmware/assets", "en", marked)
                has = "TEST" in build(ui).texts()
                if name.split("-")[0] in ("armed", "confirm", "sent", "approved", "declined"):
                    assert has == marked, (name, size)
