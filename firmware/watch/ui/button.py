"""A button with words or a picture that shows when a finger is on it."""

import micropython
from micropython import const

from watch.ui.canvas import mix
from watch.ui.font import IDEOGRAPHS
from watch.ui.layout import line
from watch.ui.theme import BLACK, FAINT, PRESSED, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui


_FEW = const(2)  # figures and single signs are as large as they can be; words are not, and "OK" is one


class Button(Widget):
    """A rounded key. It fills its rectangle; whoever places it keeps it at least as large as a touch target.

    Args:
        ui: the shared context.
        x, y, w, h: where.
        text: words, in the largest font that fits; empty for none.
        icon: code of a picture instead of words, or 0.
        face: its colour, with black words on it; grey with white words if negative.
    """

    def __init__(self, ui: "Ui", x: int, y: int, w: int, h: int, text: str, icon: int = 0, face: int = -1) -> None:
        super().__init__(x, y, w, h)
        self._ui = ui
        self._radius = min(w, h) // 2
        self._face = self._ink = 0
        self._pressed = False
        self._text = ""
        self._font = ui.body_font
        self._run = line(self._font, "")
        self._icon: "bytes | None" = None
        self.show(text, icon, face)

    def show(self, text: str, icon: int = 0, face: int = -1) -> None:
        """Other words, another picture, another colour."""
        self._face = FAINT if face < 0 else face
        self._ink = WHITE if face < 0 else BLACK
        self._icon = self._ui.icons.glyph(icon) if icon else None
        self._text = text
        fonts = (self._ui.body_font, self._ui.caption_font)
        if len(text) <= _FEW and not _is_word(text):
            fonts = (self._ui.title_font,) + fonts
        for font in fonts:
            self._font = font
            self._run = line(font, text)
            if font.line_height <= self.h and self._run.width <= self.w - self._radius // 2:
                break
        self.mark()

    def holds(self, x: int, y: int) -> bool:
        """True if a point lies on it."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    def press(self, on: bool) -> None:
        """Show that a finger is on it, or has left."""
        if on != self._pressed:
            self._pressed = on
            self.mark()

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        face = self._face
        if self._pressed:
            face = PRESSED if face == FAINT else mix(face, BLACK, 8)
        canvas.round_rect(self.x, self.y, self.w, self.h, self._radius, face)
        middle = self.x + self.w // 2
        if self._icon is not None:
            canvas.glyph(self._icon, middle - self._icon[2] // 2, self.y + (self.h - self._icon[3]) // 2, self._ink)
        else:
            top = self.y + (self.h - self._font.line_height) // 2
            canvas.run(self._run, middle - self._run.width // 2, top, self._ink)

    def texts(self) -> "list[str]":
        """What is on it."""
        return [self._text] if self._text else []


def _is_word(text: str) -> bool:
    """True for letters side by side, and for Han, of which the headline font has few."""
    return (len(text) > 1 and text.isalpha()) or any(ord(letter) >= IDEOGRAPHS for letter in text)
