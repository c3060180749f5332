"""The calculator by touches: what it shows, how its pages turn, and what it keeps."""

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from tests.screens.tool_scenes import keys, touch
from watch.apps.capabilities import FAILURE, TICK
from watch.ui.context import Ui

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))


def _open(size, desk=None):
    return app(Ui(Panel(*size), "firmware/assets"), "calculator", desk=desk or Desk())


def _number(screen):
    """The first text is the number, in figures or in words."""
    return screen.texts()[0]


def _names(screen):
    return [one[0] for one in screen.targets()]


def test_tenths_add_up_on_both_panels():
    for size in _SIZES:
        screen = keys(_open(size), *"0.1+0.2=")
        assert _number(screen) == "0.3", (size, screen.texts())


def test_an_operation_leads_back_to_the_digits_and_the_result_stays():
    for size in _SIZES:
        screen = keys(_open(size), *"56*")
        assert "1" in _names(screen) and "=" not in _names(screen)
        assert "×" in screen.texts()
        keys(screen, "2", "=")
        assert "=" in _names(screen) and "112" in screen.texts()


def test_every_key_of_a_calculator_is_there():
    wanted = set("0123456789.+-*/=") | {"sign", "percent", "clear", "delete"}
    for size in _SIZES:
        screen, seen = _open(size), set()
        for turn in ("half", "turn", "half", "turn"):
            seen |= set(_names(screen))
            if turn in _names(screen):
                touch(screen, turn)
        seen |= set(_names(screen))
        assert not wanted - seen - ({"delete"} if size[0] > 240 else set()), wanted - seen


def test_a_touch_on_the_number_or_a_swipe_deletes():
    for size in _SIZES:
        screen = keys(_open(size), *"123")
        screen.tap(size[0] // 3, 20)
        assert _number(screen) == "12"
        assert screen.swipe("left") is None and _number(screen) == "1"


def test_errors_are_words_and_the_next_digit_starts_anew():
    screen = keys(_open(_SIZES[0]), *"7/0=")
    assert "Cannot divide by 0" in screen.texts()
    keys(screen, "5")
    assert _number(screen) == "5"
    keys(screen, *"*999999999=")
    for _ in range(12):
        keys(screen, "*", "=")
    assert "Too large" in screen.texts()


def test_a_digit_too_many_is_refused_and_felt():
    desk = Desk()
    screen = keys(_open(_SIZES[1], desk), *"1234567890")
    assert desk.played == [TICK] * 10
    keys(screen, "6")
    assert desk.played[-1] == FAILURE and _number(screen) == "1,234,567,890"


def test_a_number_outlives_a_payment_in_between():
    for typed, then, result in (("12+3", "=", "15"), ("1/3=", "*3=", "0.9999999999"), ("8-", "3=", "5")):
        desk = Desk()
        keys(_open(_SIZES[0], desk), *typed).end()
        assert _number(keys(_open(_SIZES[0], desk), *then)) == result, typed


def test_nothing_is_cut_on_either_panel():
    longest = ("1/3/7=", "0.000001234*0.0000012345=", "9999999999*9999999999=", "-1.234567891/9876543219=")
    for size in _SIZES:
        for typed in longest:
            screen = keys(_open(size), *typed)
            touch(screen, "turn")
            keys(screen, "sign")
            assert screen.ui.clipped == 0 and not any("…" in text for text in screen.texts()), typed
