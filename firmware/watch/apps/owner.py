"""What the screen of an app needs of the system."""

from micropython import const

from watch.ui import icons
from watch.ui.app_mark import AppMark

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import App
    from watch.apps.app_screen import AppScreen
    from watch.apps.capabilities import Watch
    from watch.apps.limits import Limits
    from watch.apps.shelf.manifest import Manifest


class Place:
    """What an app is made with: its screen, out of its reach. No name that an app may use leads to it."""

    def __init__(self, screen: "AppScreen") -> None:
        self.screen_of_app = screen


class Owner:
    """Who runs apps: the system. What an `AppScreen` needs of it."""

    limits: "Limits"
    """What every app may cost."""

    def enter(self, screen: "AppScreen") -> None:
        """The screen is in front: let its app run, if that is possible now. Raises nothing."""
        raise NotImplementedError

    def allows(self, screen: "AppScreen") -> bool:
        """True while code of the app may run. Allocates nothing."""
        raise NotImplementedError

    def rest(self, screen: "AppScreen") -> None:
        """No code of the app runs from now on: the screen is covered, or its app has ended. Raises nothing."""
        raise NotImplementedError

    def load(self, screen: "AppScreen") -> "type[App]":
        """The class of the app; its modules run. Raises WatchError, and what they raise."""
        raise NotImplementedError

    def grant(self, screen: "AppScreen") -> "Watch":
        """Make the object that the app is handed. Raises WatchError."""
        raise NotImplementedError

    def picture(self, screen: "AppScreen", name: str) -> bytes:
        """The file `NAME.img` of the app's bundle. Raises AppError, StorageError."""
        raise NotImplementedError

    def mark(self, manifest: "Manifest") -> AppMark:
        """What an app is known by; here without a picture of its own. Raises nothing."""
        return AppMark(manifest.icon if manifest.icon >= 0 else icons.TILES, manifest.colour)

    def withdraw(self, screen: "AppScreen") -> None:
        """The app is gone: keep its settings, switch off what it switched on. Raises nothing.

        `screen.watch` is what it was granted; there is none if it failed before that.
        """
        raise NotImplementedError

    def failed(self, screen: "AppScreen", error: BaseException) -> bool:
        """The app raised, or has cost too much. True if it may not run again. Raises nothing."""
        raise NotImplementedError

    def left(self, screen: "AppScreen") -> None:
        """The wearer wants to leave the app."""
        raise NotImplementedError
