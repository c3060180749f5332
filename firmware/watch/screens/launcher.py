"""All apps as big icons, in pages."""

from micropython import const

from watch.ui.app_mark import AppMark, on_disc
from watch.ui.canvas import mix, rgb
from watch.ui.pages import PageDots, page_after
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, BLACK, WHITE
from watch.ui.widget import Box, Label

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Sequence

    from watch.ui.context import Ui
    from watch.ui.picture import Picture

_LAYOUT = {
    # columns, rows, left, top, cell width, cell height, side of an icon
    "large": (2, 3, 31, 34, 174, 142, 96),
    "small": (2, 2, 8, 6, 112, 108, 68),
}

_PRESSED = const(8)
"""How much darker, in 32nds."""
_MARK = const(4)
"""Side of the mark: this part of the disc."""


class Entry(AppMark):
    """One app in the launcher.

    Args:
        key: what `on_choose` gets.
        name: beneath the icon.
        icon, colour, picture: as for `AppMark`.
        unreviewed: nobody has looked at it: it bears a mark.
    """

    def __init__(
        self,
        key: str,
        name: str,
        icon: int,
        colour: int,
        picture: "Optional[Callable[[], Optional[Picture]]]" = None,
        unreviewed: bool = False,
    ) -> None:
        super().__init__(icon, colour, picture)
        self.key, self.name, self.unreviewed = key, name, unreviewed


class _Disc(Box):
    """What an icon stands on; darker while a finger is on it, as the face of a button is."""

    def __init__(self, x: int, y: int, side: int, ink: int) -> None:
        super().__init__(x, y, side, side, side // 2, ink)
        self._free = ink

    def press(self, on: bool) -> None:
        """Show that a finger is on it, or has left."""
        self.recolour(mix(self._free, BLACK, _PRESSED) if on else self._free)


class LauncherScreen(Screen):
    """Touch an app to open it; swipe left and right to turn pages, down to go back.

    Args:
        ui: the shared context.
        entries: the apps.
        on_choose: called with the key of the one that was touched.
        on_back: side button or swipe down.
        recent: key of the app whose page is shown first; that of the first app if there is no such app.
    """

    name = "launcher"

    def __init__(
        self,
        ui: "Ui",
        entries: "Sequence[Entry]",
        on_choose: "Callable[[str], None]",
        on_back: "Callable[[], None]",
        recent: str = "",
    ) -> None:
        super().__init__(ui)
        self._entries, self._on_choose, self._on_back = entries, on_choose, on_back
        columns, rows = _LAYOUT[ui.metrics.panel][:2]
        self._count = columns * rows
        self._pages = max(1, (len(entries) + self._count - 1) // self._count)
        self._discs: "list[_Disc]" = []
        self._pressed: "Optional[_Disc]" = None
        self.page = max([place for place, one in enumerate(entries) if one.key == recent] or [0]) // self._count
        """The page that is shown."""
        self._build()

    def press(self, x: int, y: int) -> None:
        """Show which app was noticed."""
        for target, disc in zip(self._targets, self._discs):
            if target.holds(x, y):
                self._pressed = disc
                disc.press(True)

    def release(self) -> None:
        """Show that the finger is gone."""
        if self._pressed is not None:
            self._pressed.press(False)
            self._pressed = None

    def swipe(self, direction: str) -> None:
        """Turn the page either way; from the first page, right or down, go back."""
        step = 1 if direction in ("left", "up") else -1
        if step > 0 or self.page:
            self._turn(page_after(self.ui, self.page, step, self._pages))
        else:
            self._on_back()

    def button(self, kind: str) -> None:
        """Back to the face."""
        if kind == "single":
            self._on_back()

    def _turn(self, page: int) -> None:
        if page != self.page:
            self.page = page
            self._build()
            self.ui.damage.everything()

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        del self.widgets[:]
        del self._discs[:]
        self.clear_targets()
        for place, entry in enumerate(self._entries[self.page * self._count : (self.page + 1) * self._count]):
            self._add_entry(entry, place)
        if self._pages > 1:
            ui = self.ui
            self.add(PageDots(ui, ui.height - (ui.metrics.margin + ui.metrics.gap) // 2, self._pages, self.page))

    def _add_entry(self, entry: Entry, place: int) -> None:
        ui = self.ui
        columns, _, left, top, w, h, side = _LAYOUT[ui.metrics.panel]
        x, y = left + place % columns * w, top + place // columns * h
        self._discs.append(self.add(_Disc(x + (w - side) // 2, y, side, rgb(entry.colour))))
        self.add(on_disc(ui, entry, x + (w - side) // 2, y, side))
        if entry.unreviewed:
            mark = side // _MARK
            self.add(Box(x + (w + side) // 2 - mark, y, mark, mark, mark // 2, AMBER))
        self.add(Label(ui, ui.caption_font, x, y + side + ui.metrics.gap // 2, w, entry.name, WHITE))
        self.target(entry.key, x, y, w, h, lambda: self._on_choose(entry.key))
