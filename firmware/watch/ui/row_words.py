"""The words of a row: its name, and beneath it what is set or what it means."""

import micropython
from micropython import const

from watch.ui.layout import elided, line, wrapped
from watch.ui.theme import WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.font import Font
    from watch.ui.layout import Run

_MOST = const(2)  # lines of a name that stands alone


class RowWords(Widget):
    """Words that begin at the left and stand in the middle of the height.

    A name without a second line wraps before it shrinks, and shrinks before it is cut; one with a second line has one
    line only.

    Args:
        ui: the shared context.
        x, y, w, h: where.
        name, detail: the words; `detail` may be empty.
        ink: colour of the second line.
    """

    def __init__(self, ui: "Ui", x: int, y: int, w: int, h: int, name: str, detail: str, ink: int) -> None:
        super().__init__(x, y, w, h)
        self._name, self._detail, self._ink = name, detail, ui.ink(ink)
        self._second: "Run | None" = None
        if detail:
            small = _fitting((ui.ladder((ui.caption_font,))[0], ui.caption_font), detail, w)
            self._second = elided(small, detail, w)
            self._first = [elided(_fitting((ui.body_font, ui.caption_font), name, w), name, w)]
        else:
            self._first = _alone(ui, name, w, h)
        self._pitch = self._first[0].font.line_height

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw them."""
        height = self._pitch * len(self._first)
        if self._second is not None:
            height += self._second.font.line_height
        y = self.y + (self.h - height) // 2
        for run in self._first:
            canvas.run(run, self.x, y, WHITE)
            y += self._pitch
        if self._second is not None:
            canvas.run(self._second, self.x, y, self._ink)

    def texts(self) -> "list[str]":
        """The words as given, also where they are drawn cut."""
        return [text for text in (self._name, self._detail) if text]


def _fitting(fonts: "tuple[Font, ...]", text: str, width: int) -> "Font":
    """The first font in which a text is one line, or the last one."""
    for font in fonts:
        if line(font, text).width <= width:
            return font
    return fonts[-1]


def _alone(ui: "Ui", name: str, width: int, height: int) -> "list[Run]":
    """A name without a second line."""
    for font in (ui.body_font, ui.caption_font):
        runs = wrapped(font, name, width)
        if 0 < len(runs) <= min(_MOST, height // font.line_height):
            return runs
    return [elided(ui.caption_font, name, width)]
