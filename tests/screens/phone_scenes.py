"""What a phone brings to the front: a call, and the way."""

from watch.screens.call import CallScreen, TalkScreen
from watch.screens.way import WayScreen


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


def call(ui, name, number=""):
    """Somebody calls."""
    return CallScreen(ui, name, number, nothing, nothing, nothing)


def talk(ui, name, passed_s, title="call.talk"):
    """A call that goes on."""
    screen = TalkScreen(ui, title, name, nothing, nothing)
    screen.show(passed_s)
    return screen


def way(ui, turn, distance, words, arrival=""):
    """The next turn."""
    screen = WayScreen(ui, nothing)
    screen.show(turn, distance, words, arrival)
    return screen


SCENES = (
    ("call", lambda ui: call(ui, "Ada Lovelace", "+44 20 7946 0321")),
    ("call-number", lambda ui: call(ui, "+44 20 7946 0321")),
    ("call-unknown", lambda ui: call(ui, ui.text.get("call.unknown"))),
    ("call-chinese", lambda ui: call(ui, "王小明", "138 0013 8000")),
    ("call-wide", lambda ui: call(ui, "W" * 96, "9" * 32)),
    ("call-hidden", lambda ui: call(ui, ui.text.get("call.hidden"))),
    ("talk", lambda ui: talk(ui, "Ada Lovelace", 754)),
    ("talk-outgoing", lambda ui: talk(ui, "王小明", -1, "call.outgoing")),
    ("talk-wide", lambda ui: talk(ui, "W" * 96, 359_999)),
    ("way-left", lambda ui: way(ui, "left", "120 m", "Turn left onto Upper Market Street", "18:40")),
    ("way-bear", lambda ui: way(ui, "right_slight", "1.2 km", "Keep right towards the harbour", "18:40")),
    ("way-sharp", lambda ui: way(ui, "right_sharp", "40 m", "Sharp right", "")),
    ("way-round", lambda ui: way(ui, "roundabout_right", "300 m", "At the roundabout take the first exit", "18:40")),
    ("way-round-on", lambda ui: way(ui, "roundabout_straight", "80 m", "Straight on", "18:40")),
    ("way-turn", lambda ui: way(ui, "uturn_left", "60 m", "Turn around", "18:40")),
    ("way-on", lambda ui: way(ui, "continue", "4.5 km", "沿滨海大道直行", "18:40")),
    ("way-unknown", lambda ui: way(ui, "", "", "Recalculating", "")),
    ("way-off", lambda ui: way(ui, "offroute", "", "Off route", "18:40")),
    ("way-wide", lambda ui: way(ui, "finish", "M" * 24, "M" * 160, "W" * 24)),
)
"""Name and builder of every picture."""
