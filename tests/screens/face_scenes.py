"""Faces at the moments that try them: the turn of a day, a leap day, an empty watch, a full one, the dark."""

from tests.screens.app_scenes import Desk, face
from watch.system.apps import FACES
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


class AnalogueScreen(Screen):
    """The analogue face by itself."""

    name = "analogue"

    def __init__(self, ui, minutes=DAY_MINUTES, percent=82, charging=False, accent=ORANGE, day=15):
        super().__init__(ui)
        self.face = Analogue(ui, accent)
        for widget in self.face.widgets:
            self.add(widget)
        self.face.set_time(minutes)
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
    glance.hours[:] = type(glance.hours)("H", HOURS)
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
    return face(ui, name, desk)


LONG = "14:30 " + "Quarterly review with Anna"[:24]

SCENES = (
    tuple([("face-%s-noon" % name, lambda ui, name=name: at(ui, name, WIDE_DAY, 12, 0)) for name in FACES])
    + tuple(
        [
            (
                "face-%s-half" % name,
                lambda ui, name=name: at(
                    ui,
                    name,
                    LEAP_DAY,
                    12,
                    59,
                    clock_24h=False,
                    locked=True,
                    upcoming=LONG,
                    temp_c=-12,
                    steps=12480,
                    goal_percent=156,
                ),
            )
            for name in FACES
        ]
    )
    + tuple([("face-%s-bare" % name, lambda ui, name=name: bare(ui, name)) for name in FACES])
    + tuple([("face-%s-dark" % name, lambda ui, name=name: at(ui, name, WIDE_DAY, 23, 59, True)) for name in FACES])
)
