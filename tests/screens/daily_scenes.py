"""Alarms, weather, music and calendar, on an ordinary day and with what nobody should send."""

from tests.screens.app_scenes import Desk, app
from tests.screens.touches import touch

LABEL = "Medicine"


def alarms(ui, *touches, rows=((420, 0x1F, ""), (540, 0x60, LABEL), (1290, 0, "")), off=(), turns=0):
    """The alarms, after some touches."""
    desk = Desk()
    known = desk.known
    for minute, days, label in rows:
        known.alarms.add(minute // 60, minute % 60, days, known.local_minutes(), label)
    for number in off:
        known.alarms.enable(number, False, known.local_minutes())
    screen = app(ui, "alarms", desk=desk)
    for name in touches:
        touch(screen, name)
    for _ in range(turns):
        screen.swipe("up")
    return screen


def twelve(ui, *touches):
    """The alarms on a clock of 12 hours."""
    ui.clock_24h = False
    return alarms(ui, *touches)


SCENES = (
    ("alarms", lambda ui: alarms(ui, off=(1,))),
    ("alarms-none", lambda ui: alarms(ui, rows=())),
    ("alarms-add", lambda ui: alarms(ui, "add", rows=())),
    ("alarms-12h", lambda ui: twelve(ui, "0", "time")),
    ("alarm-page", lambda ui: alarms(ui, "0")),
    ("alarm-days", lambda ui: alarms(ui, "0", "days")),
    ("alarm-word", lambda ui: alarms(ui, "0", "word")),
)
"""Name and builder of every picture."""
