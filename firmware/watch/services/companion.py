"""What phone and watch do for each other besides news: calls, the way, measurements, requests. Built in one piece."""

from micropython import const

from watch.services import inputs
from watch.services.calls import Calls
from watch.services.feed import Feed
from watch.services.gps_from_phone import PhoneGps
from watch.services.navigation import Navigation
from watch.services.news import News
from watch.services.phone_actions import PhoneActions
from watch.services.replies import Replies
from watch.services.web import Web

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.kernel.clock import Clock
    from watch.services.activity import Activity
    from watch.services.calendar import Calendar
    from watch.services.inputs import Fields
    from watch.services.loyalty import Sealed
    from watch.services.outbox import Outbox

_MOST_BUZZ = const(1000)


class Companion(News):
    """The services, each by its name. `buzzes` counts how often the phone wants the watch to be felt.

    Args:
        clock: what time it is.
        outbox: where words for the phone wait.
        sealed: records under the device key.
        activity: steps by the hour.
        calendar: what answers when the phone asks which events are known.
        offset_min: minutes of the wearer's clock east of UTC.
    """

    def __init__(
        self,
        clock: "Clock",
        outbox: "Outbox",
        sealed: "Sealed",
        activity: "Activity",
        calendar: "Calendar",
        offset_min: "Callable[[], int]",
    ) -> None:
        super().__init__()
        self._calendar = calendar
        self.calls = Calls(clock, outbox)
        self.navigation = Navigation(clock)
        self.gps = PhoneGps(clock, outbox)
        self.replies = Replies(sealed)
        self.feed = Feed(clock, outbox, activity, offset_min)
        self.web = Web(clock, outbox)
        self.actions = PhoneActions(clock, outbox)
        self.buzzes = 0

    def kinds(self) -> "dict[str, Callable[[Fields], None]]":
        """Who takes which kind of message."""
        return {
            "call": self.calls.take,
            "nav": self.navigation.take,
            "gps": self.gps.take,
            "is_gps_active": self.gps.tell,
            "canned_responses_sync": self.replies.take,
            "act": self.feed.take_live,
            "accelsender": self.feed.take_accel,
            "actfetch": self.feed.fetch,
            "listRecs": self.feed.no_tracks,
            "fetchRec": self.feed.no_track,
            "http": self.web.take,
            "intent": self.actions.take_failure,
            "vibrate": self._vibrate,
            "force_calendar_sync_start": self._tell_calendar,
        }

    def load(self) -> None:
        """Read what is kept. Raises CorruptError, StorageError."""
        self.replies.load()

    def tick(self) -> None:
        """To be called about once a second, and after `rest_ms`."""
        for one in (self.calls, self.navigation, self.feed, self.web):
            one.tick()

    def rest_ms(self) -> int:
        """How long nothing here needs a tick; -1 if nothing will. Allocates nothing."""
        rest_ms = self.feed.rest_ms()
        web_ms = self.web.left_ms()
        if rest_ms < 0 or 0 <= web_ms < rest_ms:
            rest_ms = web_ms
        call_ms = self.calls.left_ms() if self.calls.ringing else -1
        return call_ms if rest_ms < 0 or 0 <= call_ms < rest_ms else rest_ms

    def phone(self, connected: bool) -> None:
        """The phone has come or gone: with it go its call, its way and what it wanted to measure."""
        if connected:
            self.web.connected = True
            self._changed()  # somebody may have waited for it
            return
        for one in (self.calls, self.navigation):
            one.clear()
        self.feed.stop()
        self.web.lost()
        self._changed()

    def clear(self) -> None:
        """Forget all of it."""
        for one in (self.calls, self.navigation, self.gps, self.replies, self.feed, self.web, self.actions):
            one.clear()
        self.changes += 1

    def _vibrate(self, fields: "Fields") -> None:
        """Read `vibrate`; how strongly is the wearer's choice. Raises InputError."""
        if inputs.whole(fields, "n", 0, _MOST_BUZZ, 0):
            self.buzzes += 1
            self._changed()

    def _tell_calendar(self, fields: "Fields") -> None:
        """Read `force_calendar_sync_start`: the phone wants to know which events are here."""
        self._calendar.ask()
