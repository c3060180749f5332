"""A line of small facts for a face: the sky and how warm it is, the steps, the charge, each with its picture."""

import micropython
from micropython import const

from watch.ui import icons
from watch.ui.layout import line
from watch.ui.theme import AMBER, GREEN, GREY, HOUR, RED
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.layout import Run

_SKIES = {
    "clear": icons.SUN,
    "clouds": icons.CLOUDS,
    "drizzle": icons.DRIZZLE,
    "rain": icons.RAIN,
    "snow": icons.SNOW,
    "fog": icons.FOG,
    "storm": icons.STORM,
}
LOW_PERCENT, MEDIUM_PERCENT = const(10), const(20)
_BATTERY = {"large": (30, 16, 2), "small": (20, 12, 2)}  # width, height and wall of the picture of a battery, in px
_MOST_GAPS = const(4)  # between two facts, in steps of the grid


def charge_ink(percent: int, charging: bool) -> int:
    """Grey in peace, green while charging, amber and red when it runs low."""
    if charging:
        return GREEN
    if percent <= LOW_PERCENT:
        return RED
    return AMBER if percent <= MEDIUM_PERCENT else GREY


class Skies:
    """Pictures of the skies. Apps have it: it can be asked, and not changed."""

    def get(self, sky: str, default: int) -> int:
        """The picture of a sky that `Glance.sky` names, or another one."""
        return _SKIES.get(sky, default)


SKIES = Skies()
"""Picture of each sky that `Glance.sky` may name."""


class _Fact:
    """A picture and a few characters; nothing while there are none."""

    def __init__(self, run: "Run") -> None:
        self.icon = self.ink = self.x = 0
        self.glyph: "bytes | bytearray" = b""
        self.run = run


class Facts(Widget):
    """As many places as it is made for, of which those in use stand beside each other in the middle.

    Args:
        ui: the shared context.
        y: top of the line.
        places: how many facts there may be.
        x: left of the room for them.
        w: width of that room; without it as much is free on the right as on the left.
    """

    def __init__(self, ui: "Ui", y: int, places: int, x: int, w: int = 0) -> None:
        self._font = ui.caption_font
        super().__init__(x, y, w or ui.width - 2 * x, self._font.line_height)
        self._ui, self._gap = ui, ui.metrics.gap
        self._facts = [_Fact(line(self._font, "")) for _ in range(places)]
        self._body = _BATTERY[ui.metrics.panel]
        self._percent, self._charging = -1, False
        self._left = self._right = x  # ends of what is drawn

    def set(self, place: int, icon: int, text: str, ink: int = GREY) -> None:
        """Show a small icon (without its size) and a text in a place; no text for no fact."""
        fact, ink = self._facts[place], self._ui.ink(ink)
        if text == fact.run.text and icon == fact.icon and ink == fact.ink:
            return
        fact.run = line(self._font, text)
        fact.icon, fact.ink = icon, ink
        fact.glyph = self._ui.icons.glyph(icons.SMALL + icon) if icon >= 0 else b""
        self._arrange()

    def set_battery(self, place: int, percent: int, charging: bool) -> None:
        """Show a charge of 0 to 100 in a place. Nothing happens while it is the same."""
        if percent != self._percent or charging != self._charging:
            self._show_battery(place, percent, charging)

    def _show_battery(self, place: int, percent: int, charging: bool) -> None:
        # Apart from the question, which a face asks every second: as one, the frame would come from the heap.
        self._percent, self._charging = percent, charging
        self.set(place, icons.BOLT if charging else -1, "%d%%" % percent, charge_ink(percent, charging))

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        for fact in self._facts:
            if fact.run.text:
                self._draw(canvas, fact)

    def texts(self) -> "list[str]":
        """The texts."""
        return [fact.run.text for fact in self._facts if fact.run.text]

    def _arrange(self) -> None:
        self._mark_ink()
        used = [fact for fact in self._facts if fact.run.text]
        if used:
            widths = [self._width(fact) + self._gap + fact.run.width for fact in used]
            spare = self.w - sum(widths)
            gap = min(_MOST_GAPS * self._gap, spare // max(len(used) - 1, 1))
            x = self.x + (spare - gap * (len(used) - 1)) // 2
            self._left = x
            for fact, width in zip(used, widths):
                fact.x = x
                x += width + gap
            self._right = x - gap
        self._mark_ink()

    def _mark_ink(self) -> None:
        self.mark_part(self._left, self.y, self._right - self._left, self.h)

    def _width(self, fact: _Fact) -> int:
        return fact.glyph[2] if fact.icon >= 0 else self._body[0]

    @micropython.native
    def _draw(self, canvas: "Canvas", fact: _Fact) -> None:
        if fact.icon >= 0:
            canvas.glyph(fact.glyph, fact.x, self.y + (self.h - fact.glyph[3]) // 2, fact.ink)
        else:
            self._battery(canvas, fact.x, fact.ink)
        canvas.run(fact.run, fact.x + self._width(fact) + self._gap, self.y, fact.ink)

    @micropython.native
    def _battery(self, canvas: "Canvas", x: int, ink: int) -> None:
        """A battery lying on its side, as full as the one of the watch."""
        w, h, wall = self._body
        y = self.y + (self.h - h) // 2
        body = w - 2 * wall
        canvas.fill_rect(x + body, y + h // 3, wall, h - h // 3 * 2, HOUR)
        canvas.round_rect(x, y, body, h, 2 * wall, HOUR)
        canvas.round_rect(x + wall, y + wall, body - 2 * wall, h - 2 * wall, wall, 0)
        room = body - 4 * wall
        full = room * self._percent // 100
        canvas.fill_rect(x + 2 * wall, y + 2 * wall, max(full, 1), h - 4 * wall, ink)
