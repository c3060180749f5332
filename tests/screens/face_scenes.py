"""Faces at the moments that try them: the turn of a day, a leap day, an empty watch, a full one, the dark."""

from tests.screens.app_scenes import Desk, face, manifest, nothing
from watch.apps.picker import FacePicker
from watch.apps.shelf.firmware_apps import FACES
from watch.ui import icons
from watch.ui.analogue import Analogue
from watch.ui.canvas import rgb
from watch.ui.screen import Screen
from watch.ui.text import civil

DAY_MINUTES = 10 * 60 + 9
ORANGE, BLUE = rgb(0xFF6B4A), rgb(0x5B8CFF)
HOURS = (0, 0, 0, 0, 0, 0, 0, 620, 1450, 310, 90, 40, 820, 240, 60, 30, 110, 0, 0, 0, 0, 0, 0, 0)
"""Steps of a day until five in the afternoon."""
WIDE_DAY = (2036, 12, 24)
"""A Wednesday whose date is as wide as any."""
LEAP_DAY = (2028, 2, 29)
LEAP_MONTH = (2033, 12, 25)
"""Fourth day of the repeated eleventh month, a Sunday."""
NEW_YEAR = (2026, 2, 17)
MINOR_SNOW = (2026, 11, 22)


class AnalogueScreen(Screen):
    """The analogue face by itself."""

    name = "analogue"

    def __init__(self, ui, minutes=DAY_MINUTES, percent=82, charging=False, accent=ORANGE, day=15, second=-1):
        super().__init__(ui)
        self.face = Analogue(ui, accent, True)
        for widget in self.face.widgets:
            self.add(widget)
        self.face.set_time(minutes)
        self.face.set_second(second)
        self.face.set_day(day)
        self.face.set_battery(percent, charging)


def minutes_of(date, hour, minute):
    """Minutes since 2000 of a time of a date."""
    year, month, day = date
    days = (year - 2000) * 365 + (year - 1997) // 4 + 30 * (month - 1) - 3
    while civil(days) != (year, month, day):
        days += 1
    return days * 1440 + hour * 60 + minute


def busy(desk, steps=None):
    """A watch that has something for every place of a face."""
    glance = desk.glance
    glance.hours = tuple(HOURS)
    glance.steps = sum(HOURS) if steps is None else steps
    glance.goal_percent = glance.steps * 100 // 8000
    glance.unread, glance.phone, glance.alarm = 2, True, desk.time.minutes + 400
    glance.temp_c, glance.high_c, glance.low_c, glance.sky, glance.place = 18, 23, 11, "clouds", "Hangzhou"


def at(ui, name, date, hour, minute, dark=False, clock_24h=True, **looks):
    """A face of a busy watch at a moment; `looks` are fields of its glance."""
    ui.clock_24h = clock_24h
    desk = Desk()
    desk.time.minutes = minutes_of(date, hour, minute)
    busy(desk)
    for field, value in looks.items():
        setattr(desk.glance, field, value)
    screen = face(ui, name, desk)
    screen.shown = True
    screen.open()
    if dark:
        screen.dim(True)
    return screen


def bare(ui, name):
    """A new watch: no card, no steps, no phone, and the charge runs low."""
    desk = Desk()
    glance = desk.glance
    glance.percent, glance.card, glance.upcoming = 8, None, ""
    glance.temp_c, glance.sky = None, ""
    return face(ui, name, desk)


LONG = "14:30 " + "Quarterly review with Anna"[:24]
FULL = {"locked": True, "upcoming": LONG, "temp_c": -12, "steps": 12480, "goal_percent": 156}

WORDS = (
    ("coffee", icons.STORE, "3 of 9"),
    ("tides", icons.UP, "14:52"),
    ("tram", icons.FLAG, "\u534e\u590f\u8def\u4e09\u53f7\u7ebf\u5357\u7ad9"),
)
"""What three apps have to say; the last one in as many characters as it may."""
SAYING = {"upcoming": "", "complications": WORDS}
SAYING_MUCH = {"upcoming": "", "complications": (WORDS[2], WORDS[1], WORDS[0])}

MOMENTS = (
    ("words", lambda ui, name: at(ui, name, WIDE_DAY, 10, 9, **SAYING_MUCH)),
    ("dawn", lambda ui, name: at(ui, name, NEW_YEAR, 5, 7)),
    ("noon", lambda ui, name: at(ui, name, WIDE_DAY, 12, 0)),
    ("half", lambda ui, name: at(ui, name, LEAP_DAY, 12, 59, clock_24h=False, **FULL)),
    ("morning", lambda ui, name: at(ui, name, WIDE_DAY, 1, 5, clock_24h=False, charging=True)),
    ("leap-month", lambda ui, name: at(ui, name, LEAP_MONTH, 22, 22, **FULL)),
    ("bare", bare),
    ("dark", lambda ui, name: at(ui, name, WIDE_DAY, 23, 59, dark=True)),
    ("dark-half", lambda ui, name: at(ui, name, LEAP_MONTH, 0, 48, dark=True, clock_24h=False, **FULL)),
)
"""Name and builder of each moment, for any face; `tests/firmware/apps/upy_faces.py` draws all of them."""


def picker(ui, place):
    """The choice of a face."""
    desk = Desk()
    busy(desk)
    return FacePicker(ui, tuple(map(manifest, FACES)), place, desk, nothing, nothing, nothing)


SCENES = (
    ("face-analogue", lambda ui: at(ui, "analogue", WIDE_DAY, 10, 9)),
    ("face-analogue-locked", lambda ui: at(ui, "analogue", WIDE_DAY, 10, 9, locked=True, percent=8, unread=0)),
    ("face-big", lambda ui: at(ui, "big", WIDE_DAY, 10, 9)),
    ("face-minimal", lambda ui: at(ui, "minimal", WIDE_DAY, 10, 9)),
    ("face-almanac", lambda ui: at(ui, "almanac", NEW_YEAR, 10, 9)),
    ("face-almanac-leap", lambda ui: at(ui, "almanac", LEAP_MONTH, 12, 59, clock_24h=False, percent=8)),
    ("face-almanac-term", lambda ui: at(ui, "almanac", MINOR_SNOW, 20, 8, unread=0)),
    ("face-rings", lambda ui: at(ui, "rings", WIDE_DAY, 13, 22)),
    ("face-rings-full", lambda ui: at(ui, "rings", LEAP_DAY, 12, 59, clock_24h=False, **FULL)),
    ("face-half", lambda ui: at(ui, "digital", LEAP_DAY, 12, 59, clock_24h=False, **FULL)),
    ("face-words", lambda ui: at(ui, "digital", WIDE_DAY, 10, 9, **SAYING)),
    ("face-words-long", lambda ui: at(ui, "digital", WIDE_DAY, 10, 9, **SAYING_MUCH)),
    ("face-rings-words", lambda ui: at(ui, "rings", WIDE_DAY, 13, 22, **SAYING_MUCH)),
    ("face-dark", lambda ui: at(ui, "digital", WIDE_DAY, 23, 59, dark=True)),
    ("faces", lambda ui: picker(ui, 3)),
)
"""The pictures of the gallery."""
