"""The phone, whatever carries its words: the phone link, an iPhone's own services, or the page of the simulator.

A carrier hands over messages with Gadgetbridge's names (`receive`), or calls the method for one kind. A message that is
wrong is an InputError to the carrier and changes nothing. What the watch has to say waits in `outbox`.
"""

from micropython import const

from watch.kernel.errors import InputError, StateError
from watch.services import inputs
from watch.services.news import News
from watch.services.notifications import ID_LEAST, ID_MOST

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Protocol

    from watch.services.alarms import Alarms
    from watch.services.calendar import Calendar
    from watch.services.companion import Companion
    from watch.services.find_phone import FindPhone
    from watch.services.inputs import Fields
    from watch.services.loyalty import Loyalty
    from watch.services.music import Music
    from watch.services.notifications import Notifications
    from watch.services.offers import Offers
    from watch.services.outbox import Outbox
    from watch.services.weather import Weather
    from watch.storage.settings import Settings

    class Known(Protocol):
        """What the phone tells something to: the watch's services."""

        settings: Settings
        notifications: Notifications
        alarms: Alarms
        weather: Weather
        music: Music
        calendar: Calendar
        find_phone: FindPhone
        loyalty: Loyalty
        offers: Offers
        outbox: Outbox
        companion: Companion

        def set_clock(self, unix_s: int, offset_min: int) -> None:
            """Set the wall clock. Raises InputError, StorageError."""
            ...

        def local_minutes(self) -> int:
            """Minutes since 1970 on the wearer's wall clock."""
            ...


class Phone(News):
    """The link to the phone, and the calls by which it feeds the services."""

    def __init__(self, known: "Known") -> None:
        """Not connected."""
        super().__init__()
        self._known = known
        self.outbox = known.outbox
        """What the carrier takes to the phone."""
        self.connected = False
        self.times = 0
        """How often a phone has set the clock."""
        self._carriers: "set[str]" = set()
        self._deaf = False
        self._kinds: "dict[str, Callable[[Fields], None]]" = {
            "notify": self.notify,
            "notify~": self.modify,
            "notify-": self._notify_gone,
            "weather": self.weather,
            "musicinfo": self.music_info,
            "musicstate": self.music_state,
            "audio": self.volume,
            "calendar": self.calendar,
            "calendar-": self.calendar_gone,
            "alarm": self.alarms,
            "cards": self.cards,
            "find": self._find,
        }
        self._kinds.update(known.companion.kinds())

    def link(self, connected: bool, carrier: str = "panel") -> None:
        """A carrier has got or lost the phone. What waits for a phone that has gone still waits."""
        if connected:
            self._carriers.add(carrier)
        else:
            self._carriers.discard(carrier)
        connected = len(self._carriers) > 0
        if connected != self.connected:
            self.connected = connected
            self._known.companion.phone(connected)
            self._changed()

    def ignore(self) -> None:
        """The watch erases itself: what a phone says from now on would be on it again."""
        self._deaf = True

    def receive(self, message: "Any") -> None:
        """Take a message of any kind, `t` says which. Raises InputError, StateError, StorageError."""
        if self._deaf:
            raise StateError("the watch has been erased")
        kind = message.get("t") if isinstance(message, dict) else None
        if not isinstance(kind, str) or kind not in self._kinds:
            raise InputError("the phone says nothing that the watch knows")
        self._kinds[kind](message)

    def notify(self, fields: "Fields") -> None:
        """A notification, unless the wearer wants none. Raises InputError."""
        if self._known.settings.get("notifications") != "off":
            self._known.notifications.post(fields)

    def modify(self, fields: "Fields") -> None:
        """News of a notification that is here; of one that is not, nothing. Raises InputError."""
        self._known.notifications.modify(fields)

    def dismissed(self, number: int) -> None:
        """A notification has gone from the phone."""
        self._known.notifications.gone(number)

    def weather(self, fields: "Fields") -> None:
        """The weather. Raises InputError."""
        self._known.weather.take(fields)

    def music_info(self, fields: "Fields") -> None:
        """What plays. Raises InputError."""
        self._known.music.take_info(fields)

    def music_state(self, fields: "Fields") -> None:
        """Whether and where it plays. Raises InputError."""
        self._known.music.take_state(fields)

    def volume(self, fields: "Fields") -> None:
        """How loud the phone plays. Raises InputError."""
        self._known.music.take_volume(fields)

    def calendar(self, fields: "Fields") -> None:
        """An event. Raises InputError."""
        self._known.calendar.take(fields)

    def calendar_gone(self, fields: "Fields") -> None:
        """Events that are no more. Raises InputError."""
        self._known.calendar.gone(fields)

    def cards(self, fields: "Fields") -> None:
        """Loyalty cards. Raises InputError, StateError if there is no room for all of them, StorageError."""
        self._known.loyalty.from_phone(fields)

    def alarms(self, fields: "Fields") -> None:
        """All alarms that were set on the phone. Raises InputError, StateError, StorageError."""
        self._known.alarms.from_phone(fields, self._known.local_minutes())

    def time(self, unix_s: int, offset_min: int) -> None:
        """The wall clock: seconds since 1970 and minutes east of UTC. Raises InputError, StorageError."""
        self._known.set_clock(unix_s, offset_min)
        self.times += 1

    def _notify_gone(self, fields: "Fields") -> None:
        self.dismissed(inputs.whole(fields, "id", ID_LEAST, ID_MOST))

    def _find(self, fields: "Fields") -> None:
        self._known.find_phone.take(inputs.flag(fields, "n"))
