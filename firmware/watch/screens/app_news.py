"""What has become of an app or of a developer's key: news that goes away by itself."""

from micropython import const

from watch.screens.message import MessageScreen
from watch.ui import icons
from watch.ui.theme import AMBER, GREEN

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui


def installed(ui: "Ui", kind: str, name: str, on_close: "Callable[[], None]") -> MessageScreen:
    """An app has come; where it is. `kind`: `app` or `face`."""
    title, text = ui.text.get("installed.title"), ui.text.get("installed." + kind, name)
    return MessageScreen(ui, "installed", icons.CHECK, GREEN, title, text, on_close)


def enrolled(ui: "Ui", on_close: "Callable[[], None]") -> MessageScreen:
    """A developer's key is trusted; what that means, and where it can be ended."""
    title, text = ui.text.get("enrolled.title"), ui.text.get("enrolled.text")
    return MessageScreen(ui, "enrolled", icons.WARNING, AMBER, title, text, on_close)
