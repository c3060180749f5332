"""What an app is known by wherever it is named: its own picture, or one of the watch's icons, on a disc of its colour.

An own picture is read when the disc is made, and goes with the screen that shows it.
"""

from micropython import const

from watch.ui import icons
from watch.ui.canvas import rgb
from watch.ui.half_image import HalfImage
from watch.ui.image import Image
from watch.ui.theme import BLACK
from watch.ui.widget import Box, Icon

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from watch.ui.context import Ui
    from watch.ui.picture import Picture
    from watch.ui.widget import Widget

    class Page(Protocol):
        """What a disc is put on: a screen or an app."""

        @property
        def ui(self) -> Ui:
            """The shared context."""
            ...

        def add(self, widget: Widget) -> Widget:
            """Put a widget on top."""
            ...


QUIET = const(0xB9B9C4)
"""Colour of a disc that means nothing."""
_LARGE_SIDE = const(64)
"""From this diameter on a disc bears a medium icon, in px."""
_WIDEST = (4, 5)
"""An own picture takes at most this part of the disc: its corners would leave it."""


class AppMark:
    """Icon and colour of an app.

    Args:
        icon: which picture, from `watch.ui.icons`.
        colour: behind it, 0xRRGGBB.
        picture: gives one of the app's own when it is to be shown, or None; then `icon` is shown.
    """

    def __init__(self, icon: int, colour: int, picture: "Optional[Callable[[], Optional[Picture]]]" = None) -> None:
        self.icon, self.colour, self.picture = icon, colour, picture


def add_disc(page: "Page", mark: AppMark, x: int, y: int, side: int) -> None:
    """Put a disc of this diameter on a page, with its picture."""
    page.add(Box(x, y, side, side, side // 2, rgb(mark.colour)))
    page.add(on_disc(page.ui, mark, x, y, side))


def on_disc(ui: "Ui", mark: AppMark, x: int, y: int, side: int) -> "Widget":
    """The picture alone, in the middle of its disc. An own one that is too large is shown at half its size."""
    found = _own(mark, side) or Icon(
        ui, (icons.MEDIUM if side >= _LARGE_SIDE else icons.SMALL) + mark.icon, 0, 0, BLACK
    )
    found.x, found.y = x + (side - found.w) // 2, y + (side - found.h) // 2
    return found


def _own(mark: AppMark, side: int) -> "Optional[Widget]":
    picture = mark.picture() if mark.picture is not None else None
    if picture is None:
        return None
    part, whole = _WIDEST
    most, longest = side * part // whole, max(picture.width, picture.height)
    if longest <= most:
        return Image(0, 0, picture)
    return HalfImage(0, 0, picture, rgb(mark.colour)) if longest // 2 <= most else None
