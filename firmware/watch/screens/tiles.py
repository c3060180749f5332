"""Quick settings: a few big tiles to touch, in pages. A tile that is on shines."""

from micropython import const

from watch.screens.paged import PagedScreen
from watch.ui import icons
from watch.ui.theme import BLACK, FAINT, GREY, WHITE
from watch.ui.widget import Box, Icon, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.context import Ui

_LAYOUT = {
    # rows, left, top, tile width and height, radius; two columns, one gap between tiles
    "large": (3, 24, 52, 176, 128, 32),
    "small": (2, 4, 4, 114, 108, 18),
}
_COLUMNS = const(2)


class Tile:
    """One thing to touch.

    Args:
        key: what `on_choose` gets.
        icon: which picture, from `watch.ui.icons`.
        name: what it is about.
        state: what is set, may be empty.
        lit: it is on.
    """

    def __init__(self, key: str, icon: int, name: str, state: str = "", lit: bool = False) -> None:
        self.key, self.icon, self.name, self.state, self.lit = key, icon, name, state, lit


class TilesScreen(PagedScreen):
    """Tiles in pages.

    Args:
        ui: the shared context.
        tiles: what there is.
        on_choose: called with the key of the tile that was touched.
        on_back: side button, or swipe up: it goes where it came from.
    """

    name = "quick"
    turns = ("left", "right")
    away = "up"

    def __init__(
        self, ui: "Ui", tiles: "Sequence[Tile]", on_choose: "Callable[[str], None]", on_back: "Callable[[], None]"
    ) -> None:
        self._tiles, self._on_choose = tiles, on_choose
        self._per_page = _LAYOUT[ui.metrics.panel][0] * _COLUMNS
        super().__init__(ui, (len(tiles) + self._per_page - 1) // self._per_page, on_back)
        self._build()

    def show(self, tiles: "Sequence[Tile]") -> None:
        """Show as many other tiles, on the same page."""
        self._tiles = tiles
        self._build()

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        self.clear()
        count = self._per_page
        for place, tile in enumerate(self._tiles[self._page * count : (self._page + 1) * count]):
            self._add_tile(tile, place)
        self._add_dots()

    def _add_tile(self, tile: Tile, place: int) -> None:
        ui = self.ui
        _, left, top, w, h, radius = _LAYOUT[ui.metrics.panel]
        gap = ui.metrics.gap
        x, y = left + place % _COLUMNS * (w + gap), top + place // _COLUMNS * (h + gap)
        self.add(Box(x, y, w, h, radius, ui.accent if tile.lit else FAINT))
        ink = BLACK if tile.lit else WHITE
        picture = Icon(ui, icons.MEDIUM + tile.icon, x, y, ink)
        line = ui.caption_font.line_height
        words = line * (2 if tile.state else 1)
        picture.x += (w - picture.w) // 2
        picture.y += (h - picture.h - words) // 2
        self.add(picture)
        y_words = picture.y + picture.h
        self._add_words(tile.name, x + gap, y_words, w - 2 * gap, ink)
        if tile.state:
            self._add_words(tile.state, x + gap, y_words + line, w - 2 * gap, BLACK if tile.lit else GREY)
        self.target(tile.key, x, y, w, h, lambda: self._on_choose(tile.key))

    def _add_words(self, text: str, x: int, y: int, w: int, ink: int) -> None:
        font = self.ui.caption_font
        self.add(Paragraph(self.ui, (font,), x, y, w, font.line_height, text, ink, 1))
