"""Entering the passcode: to unlock, and to choose a new one.

Digits are never shown. They live in one bytearray of the screen; the code handed out is a second one that belongs to
whoever receives it, who zeroes it.
"""

from micropython import const

from watch.screens import keypad
from watch.screens.keypad import KeyedScreen
from watch.ui.theme import AMBER, GREY, RED
from watch.ui.widget import Paragraph, Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

MIN_DIGITS = const(4)
MAX_DIGITS = const(8)
_LAYOUT = {
    # margins of the line of text and of the dots, y and height of both
    "large": (64, 100, 10, 44),
    "small": (12, 80, 0, 80),
}


class Dots(Widget):
    """One dot for each digit entered."""

    def __init__(self, ui: "Ui", x: int, y: int, w: int, h: int) -> None:
        super().__init__(x, y, w, h)
        self._ink = ui.accent
        self._pitch = w // MAX_DIGITS
        self._count = 0

    def set(self, count: int) -> None:
        """Show this many."""
        if count != self._count:
            self._count = count
            self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw them, centred."""
        x = (self.x << 4) + ((self.w - self._pitch * (self._count - 1)) << 3)
        for _ in range(self._count):
            canvas.disc(x, (self.y << 4) + (self.h << 3), self._pitch << 2, self._ink)
            x += self._pitch << 4


class PasscodeScreen(KeyedScreen):
    """Keys, and above them either what is wanted or one dot per digit. The base of the two screens below.

    Args:
        ui: the shared context.
        on_cancel: side button or swipe to the right.
        prompt: key of the text that says what is wanted.
    """

    def __init__(self, ui: "Ui", on_cancel: "Callable[[], None]", prompt: str) -> None:
        self._prompt_key = prompt
        self._digits = bytearray(MAX_DIGITS)
        self._count = 0
        self._checking = False
        """Digits were handed on, and nothing has come of it yet."""
        prompt_x, dots_x, y, h = _LAYOUT[ui.metrics.panel]
        self._dots = Dots(ui, dots_x, y, ui.width - 2 * dots_x, h)
        fonts = (ui.caption_font,) if ui.large else (ui.body_font, ui.caption_font)
        self._prompt = Paragraph(ui, fonts, prompt_x, y, ui.width - 2 * prompt_x, h, "", GREY)
        super().__init__(ui, (self._dots, self._prompt), keypad.build(ui), on_cancel)
        self.say(ui.text.get(prompt))

    def close(self) -> None:
        """Forget what was entered."""
        super().close()
        self._clear()

    def say(self, text: str, ink: int = GREY) -> None:
        """Show a line in place of the dots; it goes away with the next digit."""
        self._clear()
        self._prompt.set(text, ink)

    def again(self) -> None:
        """The check has ended: if it said nothing here, by an error or because it was stopped, keys work again."""
        if self.shown and self._checking:
            self._checking = False
            self._ready = True
            self.say(self.ui.text.get(self._prompt_key))

    def typed(self, label: str) -> None:
        """A digit, or what becomes of them."""
        if label == keypad.DELETE:
            self._set_count(self._count - 1)
        elif label == keypad.DONE:
            self._hand_over()
        elif self._count < MAX_DIGITS:
            self._digits[self._count] = ord(label)
            self._set_count(self._count + 1)

    def entered(self, code: bytearray) -> None:
        """A code was entered; whoever gets it zeroes it."""

    def _wait(self) -> None:
        """Keys are dead until something comes of the digits that are handed on."""
        self._checking = True
        self._ready = False
        self.say(self.ui.text.get("passcode.checking"))

    def _set_count(self, count: int) -> None:
        """Keep the first `count` digits and wipe the rest."""
        for i in range(count, MAX_DIGITS):
            self._digits[i] = 0
        self._count = count
        self._dots.set(count)
        if count:
            self._prompt.set("")
        self._enable()

    def _enable(self) -> None:
        for key in self._keys:
            if key.label == keypad.DELETE:
                key.enable(self._count > 0)
            elif key.label == keypad.DONE:
                key.enable(self._count >= MIN_DIGITS)

    def _clear(self) -> None:
        self._set_count(0)

    def _hand_over(self) -> None:
        code = self._digits[: self._count]
        self._clear()
        self.entered(code)


class UnlockScreen(PasscodeScreen):
    """Asks for the passcode.

    Args:
        ui: the shared context.
        on_code: gets the digits as ASCII in a bytearray that it owns and zeroes; answers later with `wrong` or by
            closing the screen. Keys are dead until then.
        on_cancel: side button or swipe to the right.
        wait_s: tells how many seconds the wearer must still wait before another try, 0 for none.
        prompt: key of the text that says what is wanted.
    """

    name = "passcode"

    def __init__(
        self,
        ui: "Ui",
        on_code: "Callable[[bytearray], None]",
        on_cancel: "Callable[[], None]",
        wait_s: "Callable[[], int]",
        prompt: str = "passcode.unlock",
    ) -> None:
        super().__init__(ui, on_cancel, prompt)
        self._on_code, self._wait_s = on_code, wait_s
        self._waiting = 0

    def open(self) -> None:
        """Show at once whether the wearer must wait."""
        self.tick(0)

    def tick(self, now: int) -> None:
        """Count down the seconds to wait."""
        left = self._wait_s()
        if left == self._waiting or self._checking:
            return
        self._waiting = left
        self._ready = left <= 0
        words = self.ui.text
        self.say(words.get("passcode.wait", left) if left > 0 else words.get(self._prompt_key), GREY)

    def entered(self, code: bytearray) -> None:
        """Hand the code on and wait for the answer."""
        self._wait()
        self._on_code(code)

    def wrong(self, tries_left: int) -> None:
        """The code was wrong."""
        words = self.ui.text
        self._checking = False
        self._ready = True
        if tries_left == 1:
            self.say(words.get("passcode.last"), RED)
        else:
            self.say(words.get("passcode.wrong", tries_left), AMBER)


class NewPasscodeScreen(PasscodeScreen):
    """Asks for a new passcode, twice.

    Args:
        ui: the shared context.
        on_code: gets the digits as ASCII in a bytearray that it owns and zeroes.
        on_cancel: side button or swipe to the right.
    """

    name = "new-passcode"

    def __init__(self, ui: "Ui", on_code: "Callable[[bytearray], None]", on_cancel: "Callable[[], None]") -> None:
        super().__init__(ui, on_cancel, "passcode.new")
        self._on_code = on_code
        self._first = bytearray(0)

    def close(self) -> None:
        """Forget both codes."""
        super().close()
        self._forget_first()

    def entered(self, code: bytearray) -> None:
        """Keep the first code, then compare the second with it."""
        words = self.ui.text
        if not self._first:
            self._first = code
            self.say(words.get("passcode.repeat"))
            return
        same = self._first == code
        self._forget_first()
        if same:
            self._wait()
            self._on_code(code)
            return
        _zero(code)
        self.say(words.get("passcode.differ"), AMBER)

    def _forget_first(self) -> None:
        _zero(self._first)
        self._first = bytearray(0)


class ReplacePasscodeScreen(NewPasscodeScreen):
    """Asks for a new passcode, twice, and keeps the old one meanwhile.

    Args:
        ui: the shared context.
        old: the passcode up to now; the screen owns it until it hands it on.
        on_codes: gets the old and the new digits in bytearrays that it owns and zeroes.
        on_cancel: side button or swipe to the right; also when the screen was covered meanwhile and has forgotten.
    """

    def __init__(
        self,
        ui: "Ui",
        old: bytearray,
        on_codes: "Callable[[bytearray, bytearray], None]",
        on_cancel: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, self._hand_on, on_cancel)
        self._old, self._on_codes = old, on_codes

    def close(self) -> None:
        """Forget the old one as well."""
        super().close()
        _zero(self._old)
        self._old = bytearray(0)

    def _hand_on(self, new: bytearray) -> None:
        old, self._old = self._old, bytearray(0)
        if old:
            self._on_codes(old, new)
        else:
            _zero(new)
            self._on_back()


def _zero(code: bytearray) -> None:
    for i in range(len(code)):
        code[i] = 0
