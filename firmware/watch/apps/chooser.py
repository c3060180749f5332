"""A page on which the wearer sets a time or a number: big figures, minus and plus, and a key that is done."""

from micropython import const

from watch.ui import icons
from watch.ui.layout import line
from watch.ui.theme import FAINT, GREY, WHITE
from watch.ui.widget import CENTRE, LEFT, Box, Label

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


class Chooser:
    """Fills an app's page. Of several figures one shines, the one that minus and plus change; a touch picks another.

    Args:
        app: whose page it takes; it has to be cleared for whatever comes after.
        values: to begin with.
        limits: least, most and step of each value; beyond one end it goes on at the other.
        show: makes the texts of values, one for each, in figures; one more, if it makes it, is the word beside them.
        on_done: called with the values when the last key is touched.
    """

    def __init__(
        self,
        app: "App",
        values: "list[int]",
        limits: "tuple[tuple[int, int, int], ...]",
        show: "Callable[[list[int]], tuple[str, ...]]",
        on_done: "Callable[[list[int]], None]",
    ) -> None:
        self._app, self._values, self._limits = app, list(values), limits
        self._show, self._on_done = show, on_done
        self._chosen = 0
        app.clear()
        self._add_figures()
        self._add_keys()
        self._choose(0)

    def _add_figures(self) -> None:
        app, ui = self._app, self._app.ui
        y, h, *_ = _LAYOUT[ui.metrics.panel]
        font, pad, count = ui.figures_font, _PAD * ui.metrics.gap, len(self._values)
        colon = line(font, ":").width
        widths = [line(font, "0" * len(str(most))).width + 2 * pad for _, most, _ in self._limits]
        small = ui.body_font if ui.large else ui.caption_font
        words = self._show(self._values)[count:]
        room = line(small, words[0]).width + 2 * ui.metrics.gap if words else 0
        x = (ui.width - sum(widths) - (count - 1) * colon - room) // 2
        top = y + (h - font.line_height) // 2
        self._boxes, self._labels = [], []
        for place, width in enumerate(widths):
            if place:
                app.add(Label(ui, font, x, top, colon, ":", GREY))
                x += colon
            self._boxes.append(app.add(Box(x, y, width, h, 2 * pad, 0)))
            self._labels.append(app.add(Label(ui, font, x, top, width, "", WHITE, CENTRE)))
            if count > 1:
                self._add_target(place, count, y, h)
            x += width
        top = y + (h - small.line_height) // 2
        self._word = app.add(Label(ui, small, x, top, room + ui.metrics.gap, "", GREY, LEFT))

    def _add_target(self, place: int, count: int, y: int, h: int) -> None:
        """Figures share the whole width: even a thumb hits the one that it means."""
        ui = self._app.ui
        wide, high = ui.width // count, max(h, ui.metrics.target)
        top = max(0, y - (high - h) // 2)
        self._app.target("figure-%d" % place, place * wide, top, wide, high, lambda: self._choose(place))

    def _add_keys(self) -> None:
        app, ui = self._app, self._app.ui
        _, _, upper, lower, h, w, gap = _LAYOUT[ui.metrics.panel]
        left, medium = (ui.width - 2 * w - gap) // 2, icons.MEDIUM
        app.button("less", left, upper, w, h, lambda: self._step(-1), icon=medium + icons.MINUS, repeats=True)
        more = left + w + gap
        app.button("more", more, upper, w, h, lambda: self._step(1), icon=medium + icons.PLUS, repeats=True)
        app.button("done", left, lower, 2 * w + gap, h, self._done, icon=medium + icons.CHECK, face=ui.accent)

    def _choose(self, place: int) -> None:
        """Let another figure shine."""
        self._chosen = place
        for index, box in enumerate(self._boxes):
            box.recolour(FAINT if index == place and len(self._boxes) > 1 else 0)
        self._update()

    def _step(self, direction: int) -> None:
        least, most, step = self._limits[self._chosen]
        value = self._values[self._chosen] + direction * step
        if value > most:
            value = least
        elif value < least:
            value = most
        self._values[self._chosen] = value
        self._update()

    def _update(self) -> None:
        texts = self._show(self._values)
        for label, text in zip(self._labels, texts):
            label.set(text)
        self._word.set(texts[-1] if len(texts) > len(self._labels) else "")

    def _done(self) -> None:
        self._on_done(self._values)
