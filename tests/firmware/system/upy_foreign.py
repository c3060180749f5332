"""Code of third parties runs in the state *foreign* and in no other, and a reader gets nothing while it is in front."""

import asyncio

from support import scrubbing
from support.guests import CALLS, GuestWatch
from support.world import refused

from tests.firmware.payment.merchant_kit import code
from watch.access import session, states
from watch.kernel.errors import LockedError
from watch.ui.canvas import Canvas

scrubbing.leave_out()
SHARE = "apps"
LEVELS = (("reviewed", True), ("developer", False))
"""Level, and whether the worn session lives on behind it."""


def test_the_state_follows_what_is_in_front():
    for level, keeps in LEVELS:
        one = GuestWatch(level).open()
        assert one.screen == "app-guest" and one.guard.state == states.FOREIGN, one.screen
        assert one.guard.unlocked() == keeps and "open" in one.called()
        one.watch.navigator.button("single")
        assert one.screen == "face" and one.guard.state == (states.WORN if keeps else states.LOCKED)
        assert one.called()[-1] == "close"
        assert one.guard.unlocked() == keeps


def test_our_own_apps_need_no_such_state():
    one = GuestWatch()
    one.open("torch")
    assert one.screen == "app-torch" and one.guard.state == states.WORN


def test_a_face_of_a_third_party_is_in_that_state_whenever_it_is_seen():
    for level, keeps in LEVELS:
        one = GuestWatch(level).open("stranger")
        assert one.screen == "face" and one.guard.state == states.FOREIGN and "build" in one.called()
        one.watch.stack.top.swipe("up")
        assert one.screen == "launcher" and one.guard.state == (states.WORN if keeps else states.LOCKED)
        one.wait(2)
        assert not one.called(), "it rests"
        one.watch.navigator.button("single")
        one.wait(1)
        assert one.screen == "face" and one.guard.state == states.FOREIGN and "tick" in one.called()


def test_a_face_of_a_third_party_works_on_a_locked_watch_and_opens_it():
    one = GuestWatch(unlocked=False).open("stranger")
    assert one.guard.state == states.FOREIGN and not one.guard.unlocked()
    one.touch()
    assert one.screen == "passcode" and one.guard.state == states.LOCKED
    one.called()
    asyncio.run(one.enter())
    one.step()
    assert one.screen == "face" and one.guard.state == states.FOREIGN and one.guard.unlocked()
    one.called()


def test_a_double_press_pays_from_behind_any_app():
    for app in ("guest", "stranger"):
        one = GuestWatch().open(app)
        one.watch.navigator.button("double")
        assert one.screen == "armed" and one.guard.state == states.ARMED, (app, one.screen)
        one.called()
        one.wait(3)
        assert not one.called(), "nothing of it runs beside an armed card"
        one.watch.services.wallet.disarm()
        one.step()
        assert not [name for name in one.called() if app == "guest" and name != "open"]


def test_behind_a_developers_app_paying_asks_for_the_passcode_first():
    for app in ("guest", "stranger"):
        one = GuestWatch("developer").open(app)
        one.watch.navigator.button("double")
        assert one.screen == "passcode" and one.guard.state == states.LOCKED
        asyncio.run(one.enter())
        assert one.screen == "armed" and one.guard.state == states.ARMED, one.screen
        one.called()
        one.wait(2)
        assert not one.called()


def test_what_covers_it_ends_the_state():
    covers = {
        "call": lambda one: one.watch.phone.receive({"t": "call", "cmd": "incoming", "name": "Ada", "number": "1"}),
        "timer": lambda one: one.services.timers.start(1),
        "launcher": lambda one: one.apps.launcher(),
    }
    for app in ("guest", "stranger"):
        for name, cover in sorted(covers.items()):
            one = GuestWatch().open(app)
            one.watch.phone.link(True)
            one.called()
            before = one.screen
            cover(one)
            one.wait(2)
            assert one.screen != before and one.guard.state == states.WORN, (app, name, one.screen, one.guard.state)
            one.called()
            one.wait(2)
            assert not one.called(), (app, name)


def test_a_merchants_code_is_asked_about_over_a_face_of_a_third_party():
    one = GuestWatch().open("stranger")
    one.watch.navigator.merchant_code(code())
    assert one.guard.state == states.WORN and one.screen != "face"
    one.called()
    one.wait(2)
    assert not one.called()


def test_a_session_that_runs_out_behind_it_is_locked_and_no_reader_is_answered():
    for app in ("guest", "stranger"):
        one = GuestWatch().open(app)
        one.board.clock.now_us += (session.STILL_MS + 1) * 1000
        one.step()
        assert not one.guard.unlocked() and one.screen == "face"
        assert one.guard.state == (states.FOREIGN if app == "stranger" else states.LOCKED), (app, one.guard.state)
        assert one.board.nfc.armed == (app == "guest"), app
        one.called()


def test_the_radio_is_silent_while_it_is_in_front():
    one = GuestWatch()
    assert one.board.nfc.armed
    one.open()
    assert not one.board.nfc.armed
    one.wait(3)
    one.watch._tap_served()
    assert not one.board.nfc.armed, "nothing arms it meanwhile"
    one.watch.navigator.button("single")
    assert one.board.nfc.armed


def test_no_code_runs_in_any_other_state():
    """Each state, forced while the app is in front; then all that a wearer and the watch can do to the screen."""
    cells = 0
    for app in ("guest", "stranger"):
        for state in sorted(states.TABLE):
            one = GuestWatch().open(app)
            screen = one.watch.stack.top
            one.called()
            one.guard.state = state
            one.runner.enter = lambda screen: None
            for answer in _everything(screen):
                answer()
                cells += 1
                called = [name for name, _ in CALLS]
                del CALLS[:]
                assert state == states.FOREIGN or not called, (app, state, called)
    print("NOTE foreign: %d answers of screens in %d states, foreign code in one" % (cells, len(states.TABLE)))


def _everything(screen):
    canvas = Canvas()
    canvas.window(0, 0, 16, 16)
    return (
        lambda: screen.tick(1000),
        lambda: screen.press(10, 110),
        screen.release,
        lambda: screen.tap(10, 110),
        lambda: screen.tap(200, 10),
        lambda: screen.hold(200, 10) if screen.name != "face" else None,
        lambda: screen.finger(True, 5, 5),
        lambda: screen.swipe("up") if screen.name != "face" else None,
        screen.texts,
        lambda: screen.dim(True),
        lambda: screen.draw(canvas),
        screen.end,
    )


def test_private_apps_of_third_parties_open_on_an_open_watch_only():
    one = GuestWatch(permissions=("calendar",), unlocked=False).open()
    assert one.screen == "passcode" and not one.called()
    asyncio.run(one.enter())
    assert one.screen == "app-guest" and one.guard.state == states.FOREIGN
    one.called()


def test_the_vault_key_cannot_be_had_meanwhile():
    one = GuestWatch().open()
    refused(LockedError, one.guard.vault_key)
    one.watch.navigator.button("single")
    with one.guard.vault_key() as key:
        assert any(key)
