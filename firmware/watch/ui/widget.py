"""The parts screens are made of. A widget knows its rectangle, draws itself and marks itself when it changes."""

import micropython
from micropython import const

from watch.ui.damage import MERGE_SLACK_PX
from watch.ui.layout import Run, elided, line, wrapped

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.font import Font
    from watch.ui.screen import Screen

LEFT = const(0)
CENTRE = const(1)
RIGHT = const(2)


class Widget:
    """A rectangle of the screen, in px."""

    def __init__(self, x: int, y: int, w: int, h: int) -> None:
        self.x, self.y, self.w, self.h = x, y, w, h
        self.screen: "Screen | None" = None

    def mark(self) -> None:
        """Have the whole widget drawn again."""
        self.mark_part(self.x, self.y, self.w, self.h)

    @micropython.native
    def mark_part(self, x: int, y: int, w: int, h: int, slack: int = MERGE_SLACK_PX) -> None:
        """Have a part of the screen drawn again, if the screen is the one that is shown; `slack` as in `Damage.add`."""
        if self.screen is not None and self.screen.shown:
            self.screen.ui.damage.add(x, y, w, h, slack)

    def draw(self, canvas: "Canvas") -> None:
        """Draw into the canvas's window."""

    def texts(self) -> "list[str]":
        """The texts it shows."""
        return []


class Box(Widget):
    """A filled rectangle with round corners."""

    def __init__(self, x: int, y: int, w: int, h: int, radius: int, ink: int) -> None:
        super().__init__(x, y, w, h)
        self._radius, self._ink = radius, ink

    def recolour(self, ink: int) -> None:
        """Change the colour."""
        if ink != self._ink:
            self._ink = ink
            self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        canvas.round_rect(self.x, self.y, self.w, self.h, self._radius, self._ink)


class Icon(Widget):
    """One picture of the icon font, in its natural size."""

    def __init__(self, ui: "Ui", code: int, x: int, y: int, ink: int) -> None:
        self._glyph = ui.icons.glyph(code)
        super().__init__(x, y, self._glyph[2], self._glyph[3])
        self._ink = ink

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        canvas.glyph(self._glyph, self.x, self.y, self._ink)


class Label(Widget):
    """One line of text. It may be cut with an ellipsis: for text that nobody approves.

    Args:
        ui: for its counters.
        font: the font.
        x, y, w: where; the height is that of the font's line.
        text: what.
        ink: colour.
        align: `LEFT`, `CENTRE` or `RIGHT`.
    """

    def __init__(
        self, ui: "Ui", font: "Font", x: int, y: int, w: int, text: str, ink: int, align: int = CENTRE
    ) -> None:
        super().__init__(x, y, w, font.line_height)
        self._ui, self._font, self._ink, self._align = ui, font, ui.ink(ink), align
        self._text = ""
        self._run = line(font, "")
        self._start = x
        self.set(text)

    def set(self, text: str, ink: int = -1) -> None:
        """Show another text, or another colour; nothing happens when neither changed."""
        ink = self._ink if ink < 0 else self._ui.ink(ink)
        if text == self._text and ink == self._ink:
            return
        self._mark_ink()
        self._text, self._ink = text, ink
        self._run = elided(self._font, text, self.w)
        self._start = self.x + (self.w - self._run.width) * self._align // 2
        self._mark_ink()

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        canvas.run(self._run, self._start, self.y, self._ink)

    def texts(self) -> "list[str]":
        """The text as given, also where it is drawn cut."""
        return [self._text] if self._text else []

    def _mark_ink(self) -> None:
        self.mark_part(self._start - 2, self.y, self._run.width + 4, self.h)


class Paragraph(Widget):
    """Text that is never cut: it wraps, and takes the first font of a ladder in which it fits its box.

    If it does not even fit in the last one, the lines that fit end with an ellipsis and `ui.clipped` counts it.

    Args:
        ui: for its counters.
        ladder: fonts, largest first.
        x, y, w, h: the box; lines are centred in it.
        text: what.
        ink: colour.
        lines: most lines.
        cut: it may be cut, and is not counted: for text that nobody approves.
    """

    def __init__(
        self,
        ui: "Ui",
        ladder: "tuple[Font, ...]",
        x: int,
        y: int,
        w: int,
        h: int,
        text: str,
        ink: int,
        lines: int = 9,
        cut: bool = False,
    ) -> None:
        super().__init__(x, y, w, h)
        self._ui, self._ladder, self._ink, self._most = ui, ui.ladder(ladder), ui.ink(ink), lines
        self._cut = cut
        self._text = ""
        self._runs: "list[Run]" = []
        self.font = ladder[0]
        """The font it took."""
        self.set(text)

    def set(self, text: str, ink: int = -1) -> None:
        """Show another text, or another colour."""
        ink = self._ink if ink < 0 else self._ui.ink(ink)
        if text == self._text and ink == self._ink:
            return
        self._text, self._ink = text, ink
        self._runs = self._fit(text)
        self.mark()

    @property
    def height(self) -> int:
        """Height of the lines there are, in px."""
        return len(self._runs) * self._runs[0].font.line_height if self._runs else 0

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        y = self.y + (self.h - self.height) // 2
        for run in self._runs:
            if canvas.touches(self.x, y, self.w, run.font.line_height):
                canvas.run(run, self.x + (self.w - run.width) // 2, y, self._ink)
            y += run.font.line_height

    def texts(self) -> "list[str]":
        """The text as given."""
        return [self._text] if self._text else []

    def _fit(self, text: str) -> "list[Run]":
        runs: "list[Run]" = []
        room = 0
        for font in self._ladder:
            self.font = font
            runs = wrapped(font, text, self.w)
            room = min(self.h // font.line_height, self._most)
            if len(runs) <= room:
                return runs
        if not self._cut:
            self._ui.clipped += 1
        return runs[: room - 1] + [elided(self._ladder[-1], runs[room - 1].text + "…", self.w)]
