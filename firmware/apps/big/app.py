"""Hours above minutes, in figures of seven strokes that are read across the room."""

from micropython import const

from watch.apps.api import DEFAULT_ACCENT, GREY, WHITE, Face, Label, Widget, rgb

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Canvas, Watch

_LAYOUT = {
    # width, height and space of figures, y of both rows, half a stroke, y of the day
    "large": (132, 186, 40, 36, 252, 13, 446),
    "small": (74, 90, 24, 14, 118, 7, 213),
}
_UNLIT = rgb(0x17171B)
_LIT = (0x77, 0x24, 0x5D, 0x6D, 0x2E, 0x6B, 0x7B, 0x25, 0x7F, 0x6F)
"""Strokes of the figures 0 to 9: bit 0 top, then upper left, upper right, middle, lower left, lower right, bottom."""
_STROKES = (
    # from x and y in halves of the figure, and whether it stands
    (0, 0, False),
    (0, 0, True),
    (2, 0, True),
    (0, 1, False),
    (0, 1, True),
    (2, 1, True),
    (0, 2, False),
)
_UNIT = const(1024)
_MINUTES_PER_DAY = const(1440)


class Figure(Widget):
    """One figure; a stroke that changes is the only thing that is drawn again."""

    def __init__(self, x: int, y: int, w: int, h: int, half: int, ink: int) -> None:
        super().__init__(x, y, w, h)
        self._half, self._ink, self._value = half, ink, -1

    def set(self, value: int) -> None:
        """Show 0 to 9."""
        if value == self._value:
            return
        changed = 0x7F if self._value < 0 else _LIT[value] ^ _LIT[self._value]
        self._value = value
        for stroke in range(len(_STROKES)):
            if changed >> stroke & 1:
                self._mark(stroke)

    def recolour(self, ink: int) -> None:
        """Change the colour."""
        if ink != self._ink:
            self._ink = ink
            self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw the unlit strokes, then the others above them."""
        lit = _LIT[self._value]
        for stroke in range(len(_STROKES)):
            if not lit >> stroke & 1:
                self._stroke(canvas, stroke, _UNLIT)
        for stroke in range(len(_STROKES)):
            if lit >> stroke & 1:
                self._stroke(canvas, stroke, self._ink)

    def texts(self) -> "list[str]":
        """The figure."""
        return [str(self._value)]

    def _start(self, at: int, x: bool) -> int:
        """Where a stroke starts, in px of the screen."""
        if x:
            return self.x + self._half + at * (self.w - 2 * self._half) // 2
        return self.y + self._half + at * (self.h - 2 * self._half) // 2

    def _length(self, standing: bool) -> int:
        return (self.h - 2 * self._half) // 2 if standing else self.w - 2 * self._half

    def _stroke(self, canvas: "Canvas", stroke: int, ink: int) -> None:
        at_x, at_y, standing = _STROKES[stroke]
        x_16, y_16 = self._start(at_x, True) << 4, self._start(at_y, False) << 4
        ux, uy = (0, _UNIT) if standing else (_UNIT, 0)
        canvas.line(x_16, y_16, ux, uy, self._length(standing) << 4, self._half << 4, ink)

    def _mark(self, stroke: int) -> None:
        at_x, at_y, standing = _STROKES[stroke]
        half, length = self._half, self._length(standing)
        x, y = self._start(at_x, True) - half, self._start(at_y, False) - half
        self.mark_part(x, y, 2 * half if standing else length + 2 * half, length + 2 * half if standing else 2 * half)


class Big(Face):
    """Hours in white, minutes in the colour of the card, the day beneath."""

    def open(self, watch: "Watch") -> None:
        """Build four figures and the day."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        self._minutes = self._day = -1
        w, h, space, hours, minutes, half, day = _LAYOUT[ui.metrics.panel]
        left = (ui.width - 2 * w - space) // 2
        self._figures = []
        for y, ink in ((hours, WHITE), (minutes, rgb(DEFAULT_ACCENT))):
            for place in range(2):
                self._figures.append(self.add(Figure(left + place * (w + space), y, w, h, half, ink)))
        margin = ui.metrics.margin * 2
        self._date = self.add(Label(ui, ui.caption_font, margin, day, ui.width - 2 * margin, "", GREY))

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes = self._now.minutes
        if minutes != self._minutes:
            self._minutes = minutes
            self._show(minutes % _MINUTES_PER_DAY)
            if minutes // _MINUTES_PER_DAY != self._day:
                self._day = minutes // _MINUTES_PER_DAY
                self._date.set(self.watch.text.date(minutes))
        card = self._glance.card
        ink = rgb(card.colour if card is not None else DEFAULT_ACCENT)
        self._figures[2].recolour(ink)
        self._figures[3].recolour(ink)

    def _show(self, minutes: int) -> None:
        self._figures[0].set(minutes // 600)
        self._figures[1].set(minutes // 60 % 10)
        self._figures[2].set(minutes % 60 // 10)
        self._figures[3].set(minutes % 10)
