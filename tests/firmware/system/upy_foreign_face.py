"""A face of a developer's key is chosen: what the wearer can still do; nothing is undone in the middle of it."""

import asyncio

from support import scrubbing
from support.guests import GuestWatch
from support.worn import Worn

from watch.access import states
from watch.apps.shelf.firmware_apps import FACES
from watch.system.main import build

scrubbing.leave_out()
SHARE = "apps"


class Dog:
    """A watchdog that has reset the watch for this app."""

    def __init__(self, note):
        self._note = note

    def settle(self):
        """The watch is up."""

    def begin(self, note, timeout_ms):
        """A call begins."""

    def end(self):
        """It is over."""

    def note(self):
        """Once."""
        note, self._note = self._note, b""
        return note


def test_whichever_face_has_stopped_the_watch_another_one_is_there_at_the_next_start():
    for chosen in FACES[:2] + FACES[-1:]:
        one = Worn(dark=False, face=chosen)
        one.board.watchdog = Dog(chosen.encode())
        watch = build(one.board)
        apps = watch.navigator.apps
        assert apps._face.manifest.id == (FACES[0] if chosen != FACES[0] else FACES[1]) and apps._face.running
        assert watch.services.settings.get("face") == chosen, "the wearer has chosen it still"


def test_a_face_that_always_fails_gives_way_to_the_next():
    one = Worn(dark=False)
    apps = one.watch.navigator.apps
    for _ in range(3):
        apps._face._fail(RuntimeError())
        apps.left(apps._face)
    assert apps._face.manifest.id == FACES[1] and apps._face.running


def chosen():
    """A locked watch: the face has ended the session."""
    one = GuestWatch("developer").open("stranger")
    assert one.screen == "face" and one.guard.state == states.FOREIGN and not one.guard.unlocked()
    one.called()
    return one


def passcode(one):
    assert one.screen == "passcode", one.screen
    asyncio.run(one.enter())


def test_paying_lasts_until_the_card_is_put_away():
    one = chosen()
    one.watch.navigator.button("double")
    passcode(one)
    one.wait(20)
    assert one.screen == "armed" and one.guard.state == states.ARMED
    one.watch.services.wallet.disarm()
    one.watch.navigator._view.home()
    one.step()
    assert one.screen == "face" and not one.guard.unlocked()
    one.called()


def test_what_asks_for_the_passcode_stays_open_while_it_is_used():
    one = chosen()
    one.watch.stack.top.swipe("down")
    one.wait(1)
    (place,) = [target for target in one.watch.stack.top.targets() if target[0] == "security"]
    one.watch.stack.top.tap(place[1] + 2, place[2] + 2)
    passcode(one)
    one.wait(20)
    assert one.screen == "security" and one.guard.state == states.WORN and one.guard.unlocked()
    one.watch.navigator.button("single")
    one.step()
    assert one.screen == "face" and not one.guard.unlocked(), "back at the face it is locked"
    one.called()


def test_on_the_charger_the_session_ends_and_a_wiped_watch_runs_nothing_of_it():
    for level in ("reviewed", "developer"):
        for app in ("guest", "stranger"):
            one = GuestWatch(level).open(app)
            one.called()
            one.guard.charger(True)
            assert not one.guard.unlocked(), (level, app)
            one.guard.charger(False)
            one.called()
            one.guard.wipe()
            one.wait(3)
            assert one.guard.state == states.WIPING and not one.board.nfc.armed
            assert not [name for name in one.called() if name not in ("close",)], (level, app)


def test_a_touch_asks_for_no_passcode_that_would_open_nothing():
    for touch in (lambda one: one.touch(), lambda one: one.watch.navigator.button("single")):
        one = chosen()
        touch(one)
        assert one.screen == "stays-locked" and one.guard.state == states.LOCKED, one.screen
        one.watch.navigator.button("single")
        one.wait(1)
        assert one.screen == "face" and one.guard.state == states.FOREIGN and not one.guard.unlocked()
        one.called()


def test_one_that_has_failed_is_a_locked_watch_like_any_other():
    one = chosen()
    one.watch.stack.top._fail(RuntimeError())
    one.watch.navigator.button("single")
    passcode(one)
    one.wait(2)
    assert one.guard.unlocked() and one.guard.state in (states.WORN, states.EXPRESS)
    one.called()
