"""Quick settings, one swipe from the face: what one changes in passing. Nothing here needs the passcode."""

from micropython import const

from watch.kernel.errors import WatchError
from watch.screens.tiles import Tile, TilesScreen
from watch.system.view import TICK
from watch.ui import icons

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.storage.settings import Value
    from watch.system.services import Services
    from watch.system.view import View

_ORDER = ("notes", "settings", "brightness_percent", "silent", "water_mode", "security", "radio", "airplane", "lock")
_ICONS = {
    "notes": icons.MESSAGE,
    "settings": icons.SETTINGS,
    "brightness_percent": icons.SUN,
    "silent": icons.BELL,
    "water_mode": icons.DROP,
    "security": icons.SHIELD,
    "radio": icons.BLUETOOTH,
    "airplane": icons.AIRPLANE,
    "lock": icons.LOCK,
}
_STEPS = (20, 40, 60, 80, 100)
"""Of brightness, in percent; a touch takes the next one."""
_RADIO = ("windows", "connected", "off")
"""A touch takes the next one."""


class Quick:
    """The tiles. Settings and security ask for the passcode by themselves."""

    def __init__(
        self,
        view: "View",
        services: "Services",
        ways: "dict[str, Callable[[], None]]",
        changed: "Callable[[str], None]",
    ) -> None:
        """`ways`: where the tiles lead that change no setting: `notes`, `settings`, `security`, `lock`.

        `changed` is told which setting has changed.
        """
        self._view = view
        self._services = services
        self._ways = ways
        self._changed = changed

    def open(self) -> None:
        """Show the tiles."""
        self._screen = TilesScreen(self._view.ui, self._tiles(), self._choose, self._view.home)
        self._view.front(self._screen)

    def _tiles(self) -> "list[Tile]":
        return [self._tile(key) for key in _ORDER]

    def _tile(self, key: str) -> Tile:
        text = self._view.ui.text.get
        name, icon = text("quick." + key), _ICONS[key]
        unread = self._services.notifications.unread
        if key == "notes" and unread:
            return Tile(key, icon, name, text("quick.unread", unread), True)
        if key in self._ways:
            return Tile(key, icon, name)
        now = self._services.settings.get(key)
        if key == "brightness_percent":
            return Tile(key, icon, name, text("value.percent", now))
        if key == "radio":
            now = "off" if self._services.settings.get("airplane") else now
            return Tile(key, icon, name, text("value." + now), now != "off")
        if key == "silent":
            icon = icons.BELL_OFF if now else icons.BELL
        return Tile(key, icon, name, text("value.on" if now else "value.off"), now)

    def _choose(self, key: str) -> None:
        if key in self._ways:
            self._ways[key]()
            return
        if key == "radio" and self._services.settings.get("airplane"):
            self._view.ui.bump()  # another tile keeps it off
            return
        try:
            self._services.settings.set(key, self._next(key))
        except WatchError as error:
            self._view.error(error.code)
            return
        self._changed(key)
        self._view.play(TICK)
        self._screen.show(self._tiles())

    def _next(self, key: str) -> "Value":
        """What a touch makes of a setting."""
        now = self._services.settings.get(key)
        if key == "brightness_percent":
            return next((step for step in _STEPS if step > now), _STEPS[0])
        if key == "radio":
            return _RADIO[(_RADIO.index(now) + 1) % len(_RADIO)]
        return not now
