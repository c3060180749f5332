"""Notifications and the battery, with what an ordinary day and what nobody should send."""

from tests.screens.settings_scenes import Shown, Thing
from tests.screens.touches import touch
from watch.screens import charge
from watch.services.notifications import Notifications
from watch.system.notes import Notes
from watch.ui import icons
from watch.ui.app_mark import AppMark

WATER = AppMark(icons.DROP, 0x35C4F0)
LONG = "The train at 18:40 is late by half an hour, so start without me. Could you put the soup on the stove? " * 4
DAY = (
    {"id": 1, "src": "Mail", "title": "Library", "body": "Your book is due tomorrow."},
    {"id": 2, "src": "Chat", "title": "Ada", "body": LONG, "reply": True},
    {"id": 3, "src": "短信", "title": "王小明", "body": "明天下午三点在老地方见，记得带上那本书。", "reply": True},
)


class Drawn:
    """A picture of a phone."""

    def __init__(self, w, h, depth, rows):
        self.w, self.h, self.depth, self.transparent = w, h, depth, -1
        digits = "".join([{".": "0", "#": "1"}.get(one, one) for row in rows for one in row])
        bits = "".join([f"{int(one):03b}" for one in digits]) if depth == 3 else digits
        bits += "0" * (-len(bits) % 8)
        self.bits = bytearray([int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)])


MIDDLE = Drawn(
    9, 9, 1, ("....#....", "....#....", "#########", "#...#...#", "#...#...#", "#########") + ("....#....",) * 3
)
SMILE = ("..6666..", ".666666.", "66066066", "66666666", "60666606", "66000066", ".666666.", "..6666..")
PIECES = (
    "Soup at ",
    MIDDLE,
    MIDDLE,
    " noon? ",
    Drawn(8, 8, 3, SMILE),
    "\n",
    "Bring bread and tell everybody else too ",
) + (MIDDLE,) * 12
DRAWN = ({"id": 6, "src": "Chat", "title": "Ada", "body": "Soup at noon?", "pieces": PIECES},)
WIDE = ({"id": 4, "src": "W" * 48, "title": "W" * 80, "body": "M" * 400}, {"id": 5, "src": "", "title": "", "body": ""})


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


def notes(ui, messages, *touched, page=0, local=()):
    """The list after some touches, turned to a page; `local`: what an app on the watch says."""
    clock = Thing(display_s=lambda: 1_795_341_900, ticks_ms=lambda: 0)
    kept = Notifications(clock, Thing(send=lambda message: True))
    for message in messages:
        kept.post(message)
    for title, body in local:
        kept.post_local("water", ui.text.get("settings.apps"), title, body)
    kept.tick()
    kept.read(1)
    values = {"notifications": "content", "utc_offset_min": 0, "clock_24h": True}
    services = Thing(
        settings=Thing(get=values.get),
        guard=Thing(unlocked=lambda: True),
        notifications=kept,
        companion=Thing(replies=Thing(texts=[])),
    )
    shown = Shown(ui)
    Notes(shown, services, None, lambda app: WATER).open()
    for key in touched:
        if key == "act":
            shown.screen.tap(5, 5)
        else:
            touch(shown.screen, key)
    for _ in range(page):
        shown.screen.swipe("up")
    return shown.screen


SCENES = (
    ("notes", lambda ui: notes(ui, DAY)),
    ("notes-local", lambda ui: notes(ui, DAY, local=(("Time for a glass", "Three of eight today."),))),
    ("notes-end", lambda ui: notes(ui, DAY, page=1)),
    ("notes-empty", lambda ui: notes(ui, ())),
    ("notes-wide", lambda ui: notes(ui, WIDE)),
    ("note", lambda ui: notes(ui, DAY, "2")),
    ("note-2", lambda ui: notes(ui, DAY, "2", page=1)),
    ("note-pictures", lambda ui: notes(ui, DRAWN, "6")),
    ("note-chinese", lambda ui: notes(ui, DAY, "3")),
    ("note-wide", lambda ui: notes(ui, WIDE, "4")),
    ("note-menu", lambda ui: notes(ui, DAY, "2", "act")),
    ("note-menu-2", lambda ui: notes(ui, DAY, "2", "act", page=1)),
    ("replies", lambda ui: notes(ui, DAY, "2", "act", "reply")),
    ("charging", lambda ui: charge.ChargeScreen(ui, 62, nothing)),
    ("charging-full", lambda ui: charge.ChargeScreen(ui, 100, nothing)),
    ("battery-low", lambda ui: charge.low(ui, 14, nothing)),
    ("battery-empty", lambda ui: charge.low(ui, 4, nothing)),
)
"""Name and builder of every picture."""
