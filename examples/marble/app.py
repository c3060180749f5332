"""Marble: tilt the watch, roll the marble over the ring, and the ring jumps elsewhere.

Shows motion, sound, numbers nobody can guess, a widget of one's own, and a pace of 20 pictures a second.
"""

from micropython import const

from watch.apps.api import GREY, WHITE, App, Canvas, Label, Paragraph, Widget, rgb, sqrt

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_FRAME_MS = const(50)
_SIXTEENTHS = const(16)  # a disc is drawn in 16ths of a pixel
_MARBLE, _SHINE, _HOLE = rgb(0x7C5CFF), rgb(0xCFC4FF), rgb(0xFFC83D)
_LAYOUT = {
    # radius of the marble, of the ring; y of the line at the top, height of what belongs to it
    "large": (22, 34, 40, 90),
    "small": (13, 20, 4, 34),
}
_SLOW = const(160)
"""Milli-g that move the marble by one pixel a picture faster with each picture."""
_FRICTION = 0.94
_BOUNCE = -0.5
_TONE_HZ, _STEP_HZ, _TONE_MS, _VOLUME = const(523), const(40), const(80), const(60)
_HIGHEST_HZ = const(2000)


class Ball(Widget):
    """A disc in a square that moves; `ring` is a ring in its place."""

    def __init__(self, radius: int, ink: int, ring: bool) -> None:
        super().__init__(0, 0, 2 * radius, 2 * radius)
        self._radius, self._ink, self._ring = radius, ink, ring

    def move(self, x: int, y: int) -> None:
        """Put its centre there; what it leaves is drawn again."""
        if x - self._radius != self.x or y - self._radius != self.y:
            self.mark()
            self.x, self.y = x - self._radius, y - self._radius
            self.mark()

    def draw(self, canvas: Canvas) -> None:
        """Draw it."""
        radius = self._radius * _SIXTEENTHS
        x, y = self.x * _SIXTEENTHS + radius, self.y * _SIXTEENTHS + radius
        if self._ring:
            canvas.ring(x, y, radius, radius - radius // 4, self._ink)
        else:
            canvas.disc(x, y, radius, self._ink)
            canvas.disc(x - radius // 3, y - radius // 3, radius // 4, _SHINE)


class Marble(App):
    """One board, without an end."""

    tick_ms = _FRAME_MS

    def open(self, watch: "Watch") -> None:
        """Lay the marble in the middle."""
        ui = self.ui
        self._tilt = [0, 0, 0]
        margin = ui.metrics.margin
        self._moves = watch.motion.acceleration(self._tilt)
        if not self._moves:
            fonts = (ui.body_font, ui.caption_font)
            words = watch.text.get("none")
            self.add(Paragraph(ui, fonts, margin, 0, ui.width - 2 * margin, ui.height, words, WHITE))
            return
        watch.light.keep(True)
        self._radius, hole, line_y, self._top = _LAYOUT[ui.metrics.panel]
        self._near = self._radius
        self._line = self.add(Label(ui, ui.caption_font, margin, line_y, ui.width - 2 * margin, "", GREY))
        self._line.set(watch.text.get("tilt"))
        self._hole = self.add(Ball(hole, _HOLE, True))
        self._ball = self.add(Ball(self._radius, _MARBLE, False))
        self._x, self._y = ui.width / 2, ui.height / 2
        self._vx = self._vy = 0.0
        self._caught = 0
        self._ball.move(int(self._x), int(self._y))
        self._hide()

    def tick(self, now: int) -> None:
        """One picture of the marble."""
        if not self._moves or not self.watch.motion.acceleration(self._tilt):
            return
        ui = self.ui
        self._x, self._vx = _step(self._x, self._vx, self._tilt[0], self._radius, ui.width - self._radius)
        self._y, self._vy = _step(self._y, self._vy, self._tilt[1], self._top + self._radius, ui.height - self._radius)
        self._ball.move(int(self._x), int(self._y))
        dx, dy = self._x - self._hole_x, self._y - self._hole_y
        if sqrt(dx * dx + dy * dy) < self._near:
            self._catch()

    def _catch(self) -> None:
        self._caught += 1
        self.watch.sound.tone(min(_TONE_HZ + self._caught * _STEP_HZ, _HIGHEST_HZ), _TONE_MS, _VOLUME)
        self._line.set(self.watch.text.get("caught", self._caught), WHITE)
        self._hide()

    def _hide(self) -> None:
        """Put the ring somewhere else."""
        ui, below = self.ui, self.watch.dice.below
        edge = 2 * self._radius
        self._hole_x = edge + below(ui.width - 2 * edge)
        self._hole_y = self._top + edge + below(ui.height - self._top - 2 * edge)
        self._hole.move(self._hole_x, self._hole_y)


def _step(place: float, speed: float, tilt: int, low: int, high: int) -> "tuple[float, float]":
    """Where the marble is next, and how fast, along one side of the panel."""
    speed = (speed + tilt / _SLOW) * _FRICTION
    place += speed
    if place < low or place > high:
        return min(max(place, low), high), speed * _BOUNCE
    return place, speed
