"""A list of things to touch as a screen of its own: menus, settings, and the payments made."""

from micropython import const

from watch.ui.rows import CHOSEN, NO_ICON, OFF, ON, PLAIN, UNREAD, Row, RowList
from watch.ui.screen import Screen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.context import Ui

__all__ = ("CHOSEN", "NO_ICON", "OFF", "ON", "PLAIN", "UNREAD", "Row", "RowsScreen")


class RowsScreen(Screen):
    """Rows in pages.

    Args:
        ui: the shared context.
        name: of the screen, for state.json.
        title: the headline.
        rows: what there is; with none, `empty` is shown instead.
        on_choose: called with the key of the row that was touched.
        on_back: side button or swipe to the right.
        empty: words for an empty list.
        first: index of a row on the page that is shown first.
    """

    def __init__(
        self,
        ui: "Ui",
        name: str,
        title: str,
        rows: "Sequence[Row]",
        on_choose: "Callable[[str], None]",
        on_back: "Callable[[], None]",
        empty: str = "",
        first: int = 0,
    ) -> None:
        super().__init__(ui)
        self.name = name
        self._on_back = on_back
        self._list = RowList(self, title, rows, on_choose, empty, first)

    def show(self, rows: "Sequence[Row]") -> None:
        """Show other rows; the page stays, as far as there is one."""
        self._list.show(rows)

    def swipe(self, direction: str) -> None:
        """Up and down turn pages, right goes back."""
        if direction == "right":
            self._on_back()
        else:
            self._list.swipe(direction)

    def button(self, kind: str) -> None:
        """Back."""
        if kind == "single":
            self._on_back()
