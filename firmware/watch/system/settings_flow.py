"""The settings: sections, the settings of a section, the choices of a setting. What is chosen counts at once."""

from micropython import const

from watch.kernel.errors import WatchError
from watch.screens.fields import FieldsScreen
from watch.screens.marks import marked
from watch.screens.rows import CHOSEN, OFF, ON, PLAIN, Row, RowsScreen
from watch.system.view import SUCCESS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Board
    from watch.storage.settings import Value
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View

_SECTIONS = {
    "display": ("brightness_percent", "screen_timeout_s", "dim_before_off", "always_on", "wake_on_raise")
    + ("wake_on_touch", "high_contrast", "large_text", "reduced_motion", "wrist"),
    "sound": ("silent", "vibration"),
    "phone": ("notifications", "radio_name"),
    "time": ("clock_24h", "utc_offset_min"),
}
"""What each section holds; the other rows of the first screen lead elsewhere."""
_ROWS = (
    "display",
    "face",
    "sound",
    "voice",
    "security",
    "cards",
    "bluetooth",
    "phone",
    "apps",
    "language",
    "time",
    "about",
)
_CHOICES = {
    "language": ("en", "zh"),
    "brightness_percent": (10, 20, 40, 60, 80, 100),
    "screen_timeout_s": (5, 10, 15, 30, 60),
    "wrist": ("left", "right"),
    "vibration": ("off", "soft", "normal"),
    "radio_name": ("own", "espruino"),
    "notifications": ("off", "sender", "content"),
    # Every offset in use, IANA time zone database 2025.
    "utc_offset_min": (-660, -600, -570, -540, -480, -420, -360, -300, -240, -210, -180, -150, -120, -60, 0, 60, 120)
    + (180, 210, 240, 270, 300, 330, 345, 360, 390, 420, 480, 525, 540, 570, 600, 630, 660, 720, 765, 780, 825, 840),
}
"""What one can choose; the table in `watch.storage.settings` may allow more. The other settings are switches."""
_UNITS = {"brightness_percent": "value.percent", "screen_timeout_s": "value.seconds"}
"""Texts with a gap for a number."""
_MIN_PER_HOUR = const(60)
_HEX_GROUP = const(4)


class SettingsFlow:
    """Needs an open watch: what it changes is the wearer's own business."""

    def __init__(
        self,
        view: "View",
        services: "Services",
        unlocking: "Unlocking",
        board: "Board",
        ways: "dict[str, Callable[[], None]]",
        changed: "Callable[[str], None]",
    ) -> None:
        """`ways`: where `face`, `voice`, `security`, `cards`, `bluetooth` and `apps` lead.

        `changed` is told what changed.
        """
        self._view = view
        self._services = services
        self._unlocking = unlocking
        self._board = board
        self._changed = changed
        self._actions = {"language": self._languages, "about": self._about}
        self._actions.update(ways)

    def open(self) -> None:
        """Show the sections, asking for the passcode first if the watch is locked."""
        if self._services.guard.unlocked():
            self._show(0)
        else:
            self._unlocking.ask(lambda: self._show(0))

    def _show(self, first: int) -> None:
        text = self._view.ui.text.get
        rows = [marked(key, text("settings." + key)) for key in self._keys()]
        title = text("settings.title")
        self._view.front(RowsScreen(self._view.ui, "settings", title, rows, self._choose, self._view.home, "", first))

    def _keys(self) -> "list[str]":
        """The rows of the first screen: a board that cannot hear has no settings for it."""
        return [key for key in _ROWS if key != "voice" or self._board.microphone is not None]

    def _choose(self, key: str) -> None:
        if key in _SECTIONS:
            self._section(key)
        else:
            self._actions[key]()

    def _section(self, key: str) -> None:
        names = _SECTIONS[key]

        def choose(name: str) -> None:
            if name in _CHOICES:
                self._choices(name, lambda: screen.show(self._rows(names)))
            elif self._set(name, not self._services.settings.get(name)):
                screen.show(self._rows(names))

        title = self._view.ui.text.get("settings." + key)
        screen = RowsScreen(self._view.ui, "settings-" + key, title, self._rows(names), choose, self._view.back)
        self._view.deeper(screen)

    def _rows(self, names: "tuple[str, ...]") -> "list[Row]":
        """One row for each setting: what it is set to, or a switch."""
        text, get = self._view.ui.text.get, self._services.settings.get
        rows = []
        for name in names:
            if name in _CHOICES:
                rows.append(Row(name, text("setting." + name), self._words(name, get(name))))
            else:
                rows.append(Row(name, text("setting." + name), mark=ON if get(name) else OFF))
        return rows

    def _choices(self, name: str, done: "Callable[[], None]") -> None:
        """Let the wearer choose; `done` is called once the list is closed."""
        now = self._services.settings.get(name)
        values = list(_CHOICES[name])
        if now not in values:  # the phone may have set what this list lacks
            values = sorted(values + [now])
        rows = [
            Row(str(at), self._words(name, value), mark=CHOSEN if value == now else PLAIN)
            for at, value in enumerate(values)
        ]

        def choose(key: str) -> None:
            if self._set(name, values[int(key)]):
                self._view.play(SUCCESS)
                self._view.back()
                done()

        title = self._view.ui.text.get("setting." + name)
        self._view.deeper(
            RowsScreen(self._view.ui, "choices", title, rows, choose, self._view.back, "", values.index(now))
        )

    def _languages(self) -> None:
        """The list that is beneath is in the old language: it is made anew."""
        self._choices("language", lambda: self._show(self._keys().index("language")))

    def _set(self, name: str, value: "Value") -> bool:
        """Store a setting; the wearer is told if that fails."""
        try:
            self._services.settings.set(name, value)
        except WatchError as error:
            self._view.error(error.code)
            return False
        self._changed(name)
        return True

    def _words(self, name: str, value: "Value") -> str:
        """A value as people read it."""
        text = self._view.ui.text
        if name == "language":
            return text.get("language." + str(value))
        if name == "utc_offset_min":
            return _offset(int(value))
        if name in _UNITS:
            return text.get(_UNITS[name], str(value))
        return text.get("value." + str(value))

    def _about(self) -> None:
        text, info = self._view.ui.text.get, self._board.info
        device = self._services.identity.device_id.hex().upper()
        groups = [device[at : at + _HEX_GROUP] for at in range(0, len(device), _HEX_GROUP)]
        maker = () if info.brand is None else ((text("about.maker"), info.brand.maker),)
        fields = maker + (
            (text("about.version"), info.version),
            (text("about.board"), info.name.replace("_", " ")),
            (text("about.device"), " ".join(groups)),
            (text("about.secret"), text("about.secret-" + self._board.secret.kind)),
            (text("about.licence"), text("about.licence-text")),
            (text("about.fonts"), text("about.fonts-text")),
        )
        self._view.deeper(FieldsScreen(self._view.ui, "about", text("settings.about"), fields, self._view.back))


def _offset(minutes: int) -> str:
    """`UTC+5:30`."""
    whole = abs(minutes)
    return "UTC%s%d:%02d" % ("-" if minutes < 0 else "+", whole // _MIN_PER_HOUR, whole % _MIN_PER_HOUR)
