"""How an app is shown where it is named: by one of the watch's icons, or by the picture in its bundle."""

from micropython import const

from watch.apps.shelf.manifest import ICON
from watch.kernel.errors import WatchError
from watch.ui import icons, image
from watch.ui.app_mark import AppMark

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.apps.shelf.bundle import Bundle
    from watch.apps.shelf.manifest import Manifest
    from watch.ui.picture import Picture

_MOST_BYTES = const(8192)
"""A file of two icons, 44 and 72 pixels wide, with a run for every point is shorter."""


def mark_of(manifest: "Manifest", bundle: "Callable[[], Bundle]", large: bool) -> AppMark:
    """`bundle`: opens the bundle, when its picture is to be shown; what it raises is as good as no picture."""
    if manifest.icon >= 0:
        return AppMark(manifest.icon, manifest.colour)
    return AppMark(icons.TILES, manifest.colour, lambda: _picture(bundle, large))


def _picture(bundle: "Callable[[], Bundle]", large: bool) -> "Optional[Picture]":
    """The icon in a bundle; None if it is too large, cannot be trusted, or cannot be read."""
    try:
        found = bundle()
        if any(name == ICON and length <= _MOST_BYTES for name, length, _ in found.manifest.files):
            return image.parse(found.read(ICON), large)
    except WatchError:
        pass  # safe to lose: a common picture stands for it, and to open the app says what is wrong
    return None
