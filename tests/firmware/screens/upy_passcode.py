"""Entering passcodes: by touch, on both panels."""

from tests.screens.panel import Panel
from watch.screens.passcode import NewPasscodeScreen, UnlockScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_NINE_MM_PX = {410: 111, 240: 78}


class Wearer:
    """Touches named keys of a screen that is shown."""

    def __init__(self, size, make):
        panel = Panel(*size)
        self.ui = Ui(panel, "firmware/assets")
        self.codes = []
        self.cancelled = 0
        self.screen = make(self)
        self.screen.shown = True
        self.screen.open()
        self._renderer = Renderer(self.ui, panel)

    def cancel(self):
        self.cancelled += 1

    def touch(self, name):
        """Touch a key in its middle; turn the page if it is on the other one."""
        for _ in range(2):
            for label, x, y, w, h in self.screen.targets():
                if label == name:
                    self.screen.press(x + w // 2, y + h // 2)
                    self.screen.release()
                    self.screen.tap(x + w // 2, y + h // 2)
                    self._renderer.render(self.screen)
                    return True
            if name == "turn" or not self.touch("turn"):
                return False
        return False

    def enter(self, digits):
        for digit in digits:
            assert self.touch(digit), digit
        return self.touch("done")

    def says(self, key, n=""):
        return self.ui.text.get(key, n) in self.screen.texts()


def _unlock(size, wait=lambda: 0):
    return Wearer(size, lambda wearer: UnlockScreen(wearer.ui, wearer.codes.append, wearer.cancel, wait))


def _new(size):
    return Wearer(size, lambda wearer: NewPasscodeScreen(wearer.ui, wearer.codes.append, wearer.cancel))


def test_every_digit_can_be_entered_and_arrives():
    for size in _SIZES:
        for digits in ("1234", "567890", "00000000", "13572468"):
            wearer = _unlock(size)
            assert wearer.enter(digits)
            assert wearer.codes == [bytearray(digits.encode())], (size, digits, wearer.codes)
            assert wearer.says("passcode.checking")
            assert not wearer.touch("1"), "keys are dead until there is an answer"


def test_keys_are_nine_millimetres_and_do_not_overlap():
    for size in _SIZES:
        wearer = _unlock(size)
        wearer.touch("1")
        for _ in range(4):
            wearer.touch("5")
        targets = wearer.screen.targets()
        for label, x, y, w, h in targets:
            assert w >= _NINE_MM_PX[size[0]] and h >= _NINE_MM_PX[size[0]], (label, w, h)
            assert x >= 0 and y >= 0 and x + w <= size[0] and y + h <= size[1], label
            for other, ox, oy, ow, oh in targets:
                assert label == other or x + w <= ox or ox + ow <= x or y + h <= oy or oy + oh <= y, (label, other)


def test_three_digits_are_too_few_and_a_ninth_is_ignored():
    for size in _SIZES:
        wearer = _unlock(size)
        for digit in "123":
            wearer.touch(digit)
        assert not wearer.touch("done")
        for digit in "456789":
            wearer.touch(digit)
        assert wearer.touch("done") and wearer.codes == [bytearray(b"12345678")]


def test_delete_takes_the_last_digit_back():
    for size in _SIZES:
        wearer = _unlock(size)
        assert not wearer.touch("delete")
        for key in ("1", "2", "3", "delete", "4", "5"):
            wearer.touch(key)
        wearer.touch("done")
        assert wearer.codes == [bytearray(b"1245")]


def test_a_wrong_code_says_what_is_left_and_the_last_try_warns():
    wearer = _unlock(_SIZES[0])
    wearer.enter("1234")
    wearer.screen.wrong(7)
    assert wearer.says("passcode.wrong", 7)
    wearer.screen.tick(0)
    assert wearer.says("passcode.wrong", 7), "a tick must not wipe the message"
    wearer.enter("1234")
    wearer.screen.wrong(1)
    assert wearer.says("passcode.last")


def test_waiting_kills_the_keys_and_counts_down():
    left = [3]
    wearer = _unlock(_SIZES[1], lambda: left[0])
    assert wearer.says("passcode.wait", 3) and not wearer.touch("1")
    left[0] = 2
    wearer.screen.tick(0)
    assert wearer.says("passcode.wait", 2)
    left[0] = 0
    wearer.screen.tick(0)
    assert wearer.says("passcode.unlock") and wearer.touch("1")


def test_a_new_passcode_is_asked_for_twice():
    for size in _SIZES:
        wearer = _new(size)
        wearer.enter("135790")
        assert wearer.codes == [] and wearer.says("passcode.repeat")
        wearer.enter("135790")
        assert wearer.codes == [bytearray(b"135790")]


def test_two_different_codes_start_again():
    wearer = _new(_SIZES[0])
    wearer.enter("1234")
    wearer.enter("1235")
    assert wearer.codes == [] and wearer.says("passcode.differ")
    wearer.enter("9999")
    wearer.enter("9999")
    assert wearer.codes == [bytearray(b"9999")]


def test_nothing_entered_stays_behind():
    for make in (_unlock, _new):
        wearer = make(_SIZES[0])
        for digit in "1234":
            wearer.touch(digit)
        screen = wearer.screen
        screen.close()
        assert not any(screen._digits)
    wearer = _new(_SIZES[0])
    wearer.enter("1234")
    first = wearer.screen._first
    wearer.screen.close()
    assert not any(first) and not wearer.screen._first


def test_no_digit_is_ever_written_on_the_screen():
    wearer = _unlock(_SIZES[0])
    before = sorted(wearer.screen.texts())
    for digit in "7777":
        wearer.touch(digit)
    shown = sorted(wearer.screen.texts())
    assert shown == [text for text in before if text != wearer.ui.text.get("passcode.unlock")], shown


def test_the_side_button_cancels():
    wearer = _unlock(_SIZES[0])
    wearer.screen.button("single")
    wearer.screen.swipe("right")
    wearer.screen.swipe("left")
    assert wearer.cancelled == 2
