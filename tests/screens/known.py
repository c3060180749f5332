"""What a watch knows on an ordinary day: real services over a journal in RAM, fed as a phone feeds them."""

import os

from watch.ble.hid.service import HidService
from watch.services.activity import Activity
from watch.services.alarms import Alarms
from watch.services.calendar import Calendar
from watch.services.companion import Companion
from watch.services.find_phone import FindPhone
from watch.services.loyalty import Loyalty
from watch.services.music import Music
from watch.services.outbox import Outbox
from watch.services.phone import Phone
from watch.services.weather import Weather
from watch.system.apps import grants
from watch.system.gamepad import Gamepad

SEEN = {
    "alarms": lambda known: grants.Alarms(known, _always),
    "calendar": grants.Calendar,
    "weather": grants.Weather,
    "music": grants.Music,
    "find_phone": grants.FindPhone,
    "activity": lambda known: grants.Activity(known, _always),
    "loyalty": grants.Loyalty,
    "dice": grants.Dice,
    "gamepad": Gamepad,
}
"""What an app sees of it, by permission."""
_MINUTES_1970_TO_2000 = 15_778_080


def _always():
    """Nobody counts."""
    return True


class Shelf:
    """A journal and sealed records that nobody seals. With `broken` every change is refused."""

    def __init__(self):
        self.kept = {}
        self.broken = None

    def get(self, record):
        return self.kept.get(record)

    read = get

    def write(self, record, value):
        self.commit({record: value})

    def commit(self, changes):
        if self.broken:
            raise self.broken
        self.kept.update(changes)


class Known:
    """As much of `watch.system.services.Services` as permissions are made of. Its time is that of a desk."""

    def __init__(self, desk):
        self.desk = desk
        self.shelf = Shelf()
        self.values = {"utc_offset_min": 480}
        self.clock, self.settings, self.guard, self.random = self, self, self, self
        self.outbox = Outbox()
        self.alarms = Alarms(self.shelf)
        self.weather = Weather(self)
        self.music = Music(self, self.outbox)
        self.calendar = Calendar(self.outbox)
        self.find_phone = FindPhone(self, self.outbox)
        self.activity = Activity(self.shelf)
        self.loyalty = Loyalty(self.shelf, self.shelf)
        self.notifications, self.counts_steps = None, True
        self.companion = Companion(self, self.outbox, self.shelf, self.activity, self.calendar, lambda: 480)
        self.phone = Phone(self)
        self.phone.link(True)
        self.hid, self.held = HidService(), [0, 0, 1000]

    def acceleration(self, into):
        into[0], into[1], into[2] = self.held
        return True

    def ticks_ms(self):
        return self.desk.now_ms & 0x3FFFFFFF

    def display_s(self):
        return (self.local_minutes() - self.get("utc_offset_min")) * 60 + self.desk.time.second

    def local_minutes(self):
        return self.desk.time.minutes + _MINUTES_1970_TO_2000

    def get(self, name):
        return self.values[name]

    def unlocked(self):
        return True

    def bytes(self, count):
        return os.urandom(count)

    def set_goal(self, steps):
        self.activity.goal = steps
