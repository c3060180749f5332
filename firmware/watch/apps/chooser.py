"""A page on which the wearer sets a time of day: big figures, minus and plus, and a key that is done."""

from micropython import const

from watch.ui import icons
from watch.ui.layout import line
from watch.ui.theme import BLACK, FAINT, GREY, WHITE
from watch.ui.widget import LEFT, Box, Label

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.api import App

_LAYOUT = {
    # y of figures, their height, y of minus and plus, y of the last key, height of a key, width of two keys, gap
    "large": (64, 112, 206, 344, 96, 144, 24),
    "small": (2, 72, 82, 164, 68, 108, 8),
}
_PAD = const(2)  # gaps on both sides of figures
_HOUR_MIN = const(60)
_HALF_DAY_H = const(12)
_DAY_H = const(24)
_HOUR, _MINUTE = const(0), const(1)


class TimeChooser:
    """Fills an app's page. Hour or minute shines: the one that minus and plus change; a touch picks the other.

    Args:
        app: whose page it takes; it has to be cleared for whatever comes after.
        minute: of the day, to begin with.
        on_done: called with the minute of the day when the last key is touched.
    """

    def __init__(self, app: "App", minute: int, on_done: "Callable[[int], None]") -> None:
        self._app, self._minute, self._on_done = app, minute, on_done
        app.clear()
        self._add_figures()
        self._add_keys()
        self._choose(_HOUR)

    def _add_figures(self) -> None:
        app, ui = self._app, self._app.ui
        y, h, *_ = _LAYOUT[ui.metrics.panel]
        font, gap = ui.figures_font, ui.metrics.gap
        small = ui.body_font if ui.large else ui.caption_font
        half = app.watch.text.half(self._minute)
        room = line(small, half).width + 2 * gap if half else 0
        width, colon = line(font, "00").width + 2 * _PAD * gap, line(font, ":").width
        left = (ui.width - 2 * width - colon - room) // 2
        top = y + (h - font.line_height) // 2
        self._boxes, self._labels = [], []
        for place in (_HOUR, _MINUTE):
            x = left + place * (width + colon)
            self._boxes.append(app.add(Box(x, y, width, h, 2 * _PAD * gap, BLACK)))
            self._labels.append(app.add(Label(ui, font, x, top, width, "", WHITE)))
            self._add_target(place, y, h)
        app.add(Label(ui, font, left + width, top, colon, ":", GREY))
        x, top = left + 2 * width + colon + gap, y + (h - small.line_height) // 2
        self._half = app.add(Label(ui, small, x, top, room + gap, "", GREY, LEFT))

    def _add_target(self, place: int, y: int, h: int) -> None:
        """Hour and minute share the whole width: even a thumb hits the one that it means."""
        ui = self._app.ui
        wide, high = ui.width // 2, max(h, ui.metrics.target)
        top = max(0, y - (high - h) // 2)
        name = "minute" if place else "hour"
        self._app.target(name, place * wide, top, wide, high, lambda: self._choose(place))

    def _add_keys(self) -> None:
        app, ui = self._app, self._app.ui
        _, _, upper, lower, h, w, gap = _LAYOUT[ui.metrics.panel]
        left, medium = (ui.width - 2 * w - gap) // 2, icons.MEDIUM
        app.button("less", left, upper, w, h, lambda: self._step(-1), icon=medium + icons.MINUS, repeats=True)
        more = left + w + gap
        app.button("more", more, upper, w, h, lambda: self._step(1), icon=medium + icons.PLUS, repeats=True)
        app.button("done", left, lower, 2 * w + gap, h, self._done, icon=medium + icons.CHECK, face=ui.accent)

    def _choose(self, place: int) -> None:
        """Let hour or minute shine."""
        self._chosen = place
        for index, box in enumerate(self._boxes):
            box.recolour(FAINT if index == place else BLACK)
        self._show()

    def _step(self, direction: int) -> None:
        """One further or back; each of the two goes round by itself."""
        hour, minute = divmod(self._minute, _HOUR_MIN)
        if self._chosen == _HOUR:
            hour = (hour + direction) % _DAY_H
        else:
            minute = (minute + direction) % _HOUR_MIN
        self._minute = hour * _HOUR_MIN + minute
        self._show()

    def _show(self) -> None:
        hour, minute = divmod(self._minute, _HOUR_MIN)
        if self._app.ui.clock_24h:
            self._labels[_HOUR].set("%02d" % hour)
        else:
            self._labels[_HOUR].set(str((hour - 1) % _HALF_DAY_H + 1))
        self._labels[_MINUTE].set("%02d" % minute)
        self._half.set(self._app.watch.text.half(self._minute))

    def _done(self) -> None:
        self._on_done(self._minute)
