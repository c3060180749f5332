"""A watch to which nobody speaks has not loaded what listens: this file imports nothing of that."""

import sys

from support import scrubbing
from support.worn import Worn

scrubbing.leave_out()
SHARE = "system"
AT_REST = ("voice", "engine", "recorded", "drawer", "vocabulary")
"""Modules of the two rooms that every start loads: whether it can listen, and where the wearer's words lie."""


def loaded():
    """Modules of voice, without their packages."""
    return sorted([name for name in sys.modules if name.startswith(("watch.voice.", "watch.system.voice."))])


def test_until_somebody_speaks_only_the_question_whether_one_may_is_loaded():
    one = Worn(dark=False)
    one.board.microphone = None
    assert not one.watch.navigator.held()
    names = loaded()
    assert {name.split(".")[-1] for name in names} <= set(AT_REST), names
    print("NOTE voice: %d modules of two rooms are loaded at rest" % len(names))
    assert one.watch.navigator.voice.push is not None
    assert {"watch.system.voice.push", "watch.system.voice.actions"} <= set(loaded())
