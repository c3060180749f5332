"""The whole panel is a lamp: white to find something, warm to read, red to keep the eyes used to the dark."""

from micropython import const

from watch.apps.api import BLACK, App, Box, Label, mix, rgb

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_COLOURS = (("white", rgb(0xFFFFFF)), ("warm", rgb(0xFFC46B)), ("red", rgb(0xFF2A1A)))
_FADED = const(14)  # 32nds towards black: words that can be read and do not spoil the light


class Torch(App):
    """A tap anywhere changes the colour; the last one is kept."""

    def open(self, watch: "Watch") -> None:
        """Shine."""
        watch.light.full(True)
        ui = self.ui
        self._colour = watch.settings.get("colour", 0) % len(_COLOURS)
        self._lamp = self.add(Box(0, 0, ui.width, ui.height, ui.corner, 0))
        margin = ui.metrics.margin
        y = ui.height * 13 // 16
        self._hint = self.add(Label(ui, ui.caption_font, margin, y, ui.width - 2 * margin, "", BLACK))
        self.target("lamp", 0, 0, ui.width, ui.height, self._next)
        self._show()

    def close(self) -> None:
        """Remember the colour."""
        self.watch.settings.set("colour", self._colour)

    def _next(self) -> None:
        self._colour = (self._colour + 1) % len(_COLOURS)
        self._show()

    def _show(self) -> None:
        name, ink = _COLOURS[self._colour]
        self._lamp.recolour(ink)
        self._hint.set(self.watch.text.get(name), mix(ink, BLACK, _FADED))
