"""Hours above minutes, in figures of seven strokes that are read across the room."""

from micropython import const

from watch.apps.api import DEFAULT_ACCENT, GREY, HOUR, WHITE, Face, Label, Widget, rgb

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Canvas, Watch

_LAYOUT = {
    # width, height and space of figures, y of both rows, half a stroke, y of the day
    "large": (132, 186, 40, 36, 252, 13, 446),
    "small": (74, 90, 24, 14, 118, 7, 213),
}
_UNLIT = rgb(0x17171B)
_LIT = (0x77, 0x24, 0x5D, 0x6D, 0x2E, 0x6B, 0x7B, 0x25, 0x7F, 0x6F, 0)
"""Strokes of the figures 0 to 9, and of none. Bit 0 top, then upper left, upper right, middle, lower left, lower right,
bottom."""
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
_NOTHING = const(10)
"""Before the hours 1 to 9 of a clock of 12."""
_UNIT = const(1024)
_MINUTES_PER_DAY = const(1440)
_HALF_DAY = const(720)
_HOUR = const(60)  # minutes


class Figure(Widget):
    """One figure; a stroke that changes is the only thing that is drawn again."""

    def __init__(self, x: int, y: int, w: int, h: int, half: int, ink: int, unlit: int) -> None:
        Widget.__init__(self, x, y, w, h)
        self._half, self._ink, self._unlit, self._value = half, ink, unlit, -1

    def set(self, value: int) -> None:
        """Show 0 to 9, or `_NOTHING`."""
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
            if self._unlit and not lit >> stroke & 1:
                self._stroke(canvas, stroke, self._unlit)
        for stroke in range(len(_STROKES)):
            if lit >> stroke & 1:
                self._stroke(canvas, stroke, self._ink)

    def texts(self) -> "list[str]":
        """The figure."""
        return [] if self._value == _NOTHING else [str(self._value)]

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
        """Make four figures and the day."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        half = _LAYOUT[ui.metrics.panel][5]
        self._bright = self._make(half, WHITE, rgb(DEFAULT_ACCENT), _UNLIT)
        self._dark = self._make(max(half // 3, 2), GREY, HOUR, 0)
        margin, day = ui.metrics.margin * 2, _LAYOUT[ui.metrics.panel][6]
        self._date = Label(ui, ui.caption_font, margin, day, ui.width - 2 * margin, "", GREY)
        self.build()

    def build(self) -> None:
        """Thick strokes, or in the dark thin grey ones."""
        self._figures = self._dark if self.dimmed else self._bright
        for figure in self._figures:
            self.add(figure)
        self.add(self._date)
        self._minutes = self._half_day = -1

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes = self._now.minutes
        if minutes != self._minutes:
            self._minutes = minutes
            self._show(minutes % _MINUTES_PER_DAY)
            if minutes // _HALF_DAY != self._half_day:
                self._half_day = minutes // _HALF_DAY
                words = self.watch.text
                half = words.half(minutes)
                self._date.set(words.date(minutes) + ("  " + half if half else ""))
        if self.dimmed:
            return
        card = self._glance.card
        ink = card.ink if card is not None else rgb(DEFAULT_ACCENT)
        self._figures[2].recolour(ink)
        self._figures[3].recolour(ink)

    def _make(self, half: int, hours_ink: int, minutes_ink: int, unlit: int) -> "list[Figure]":
        """Four figures of strokes that are twice `half` thick."""
        ui = self.ui
        w, h, space, hours, minutes, _, _ = _LAYOUT[ui.metrics.panel]
        left = (ui.width - 2 * w - space) // 2
        figures = []
        for y, ink in ((hours, hours_ink), (minutes, minutes_ink)):
            for place in range(2):
                figures.append(Figure(left + place * (w + space), y, w, h, half, ink, unlit))
        return figures

    def _show(self, minutes: int) -> None:
        if not self.ui.clock_24h:
            minutes = (minutes - _HOUR) % _HALF_DAY + _HOUR
        tens = minutes // 600
        self._figures[0].set(tens if tens or self.ui.clock_24h else _NOTHING)
        self._figures[1].set(minutes // 60 % 10)
        self._figures[2].set(minutes % 60 // 10)
        self._figures[3].set(minutes % 10)
