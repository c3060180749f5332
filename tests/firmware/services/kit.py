"""A clock that tests move, the services around it, and small helpers for the tests of this room."""

from tests.firmware.storage.norflash import NorFlash
from watch.services.activity import Activity
from watch.services.alarms import Alarms
from watch.services.calendar import Calendar
from watch.services.companion import Companion
from watch.services.find_phone import FindPhone
from watch.services.loyalty import Loyalty
from watch.services.music import Music
from watch.services.notifications import Notifications
from watch.services.offers import Offers
from watch.services.outbox import Outbox
from watch.services.phone import Phone
from watch.services.weather import Weather
from watch.storage.journal import Journal


class FakeClock:
    """Ticks in `ms`; display time runs with them from a Wednesday noon, 2026-11-18 UTC."""

    START_S = 1_795_003_200

    def __init__(self):
        self.ms = 0
        self.set_to = None

    def ticks_ms(self):
        """As the watch's clock: wraps at 2^30."""
        return self.ms & 0x3FFFFFFF

    def display_s(self):
        """Seconds since 1970."""
        return self.START_S + self.ms // 1000

    def set_display(self, unix_s):
        """What a phone does."""
        self.set_to = unix_s


class PlainRecords:
    """The seal of `DeviceRecords` is not this room's; here values are kept as they are."""

    def __init__(self):
        self.kept = {}

    def read(self, record):
        """The value, or None."""
        return self.kept.get(record)

    def write(self, record, value):
        """Keep it."""
        self.kept[record] = value

    def commit(self, changes):
        """The journal's part: deleting."""
        for record in changes:
            self.kept.pop(record, None)


class Known:
    """The services, as the watch builds them."""

    def __init__(self):
        self.clock = FakeClock()
        self.outbox = Outbox()
        self.notifications = Notifications(self.clock, self.outbox)
        journal = Journal(NorFlash(4))
        journal.mount()
        self.alarms = Alarms(journal)
        self.weather = Weather(self.clock)
        self.music = Music(self.clock, self.outbox)
        self.calendar = Calendar(self.outbox)
        self.find_phone = FindPhone(self.clock, self.outbox)
        self.sealed = PlainRecords()
        self.loyalty = Loyalty(self.sealed, self.sealed)
        self.settings = {"notifications": "content"}
        self.times = []
        self.offers = Offers(self.clock, lambda: True)
        self.activity = Activity(journal)
        self.companion = Companion(self.clock, self.outbox, self.sealed, self.activity, self.calendar, lambda: 0)
        self.companion.feed.acceleration = lying
        self.phone = Phone(self)

    def clear(self):
        """Forget everything, as a wipe does."""
        for known in (self.notifications, self.alarms, self.weather, self.music, self.calendar, self.loyalty):
            known.clear()
        self.offers.clear()
        self.outbox.clear()
        self.find_phone.clear()
        self.companion.clear()

    def set_clock(self, unix_s, offset_min):
        """What `Services` does."""
        self.times.append((unix_s, offset_min))

    def local_minutes(self):
        """UTC here."""
        return self.clock.display_s() // 60


def lying(axes):
    """The sensor of a watch on a table."""
    axes[:] = (0, 0, 1000)
    return True


def refused(error, call, *arguments):
    """Assert that `call(*arguments)` raises this kind of error."""
    try:
        call(*arguments)
    except error:
        return
    raise AssertionError(f"accepted {arguments}: expected {error.__name__}")
