"""How the watch feels: ends of lists, the way back, the other wrist, no motion; and that waking opens nothing."""

from support import scrubbing
from support.worn import Worn

from watch.system.view import ATTENTION, TICK

scrubbing.leave_out()
SHARE = "system"


def _settle(one, name, value):
    """Choose a setting as its screen does."""
    one.watch.services.settings.set(name, value)
    one.watch.navigator._setting_changed(name)
    one.step()


def test_the_end_of_a_list_is_felt():
    one = Worn(dark=False)
    front = one.watch.stack
    front.top.swipe("down")
    assert one.screen == "quick"
    front.top.swipe("right")
    assert one.felt == [TICK], "before the first page"
    front.top.swipe("left")
    assert one.felt == [TICK], "a page that turns is seen"
    one.watch.navigator.button("single")
    front.top.swipe("up")
    for _ in range(9):
        front.top.swipe("left")
    assert one.screen == "launcher" and one.felt[-1] == TICK and len(one.felt) > 1
    felt = len(one.felt)
    one.watch.navigator.button("single")
    front.top.swipe("right")
    assert one.screen == "history" and one.watch.stack.top.swipe("down") is None and len(one.felt) == felt + 1


def test_a_stroke_from_the_edge_leads_back_from_everywhere():
    one = Worn(dark=False)
    for way in ("left", "right", "up", "down"):
        one.watch.stack.top.swipe(way)
        name = one.screen
        assert name != "face"
        one.stroke(2, 250, 200, 250)
        assert one.screen == "face", (way, name, one.screen)
    one.watch.navigator.apps.open("timer")
    assert one.screen == "app-timer"
    one.stroke(2, 250, 200, 250)
    assert one.screen == "face"
    one.watch.navigator.paying.pay()
    one.stroke(2, 250, 200, 250)
    assert one.screen == "face" and not one.watch.services.wallet.armed


def test_on_the_other_wrist_picture_and_fingers_are_turned():
    one = Worn(dark=False)
    sent = []
    write = one.board.display.write
    one.board.display.write = lambda x, y, w, h, pixels: sent.append((x, y, w, h)) or write(x, y, w, h, pixels)
    _settle(one, "wrist", "right")
    assert sum(w * h for _, _, w, h in sent) >= 410 * 502, "everything is drawn again"
    assert sent[0][1] > sent[-1][1], "from below"
    one.watch.stack.top.swipe("down")
    one.step()
    x, y, w, h = next(target[1:] for target in one.watch.stack.top.targets() if target[0] == "notes")
    assert [target for target in one.watch.describe()["targets"] if target[0] == "notes"] == [
        ["notes", 410 - x - w, 502 - y - h, w, h]
    ]
    one.touch(409 - x - w // 2, 501 - y - h // 2)
    assert one.screen == "notes"
    one.stroke(407, 250, 200, 250)
    assert one.screen == "face"


def test_with_reduced_motion_an_armed_card_is_a_picture():
    for still, moves in ((True, False), (False, True)):
        one = Worn(dark=False)
        _settle(one, "reduced_motion", still)
        one.watch.navigator.paying.pay()
        one.wait(1)
        before = one.board.display.windows
        one.wait(10)
        assert one.screen == "armed" and (one.board.display.windows != before) == moves


def _raise(one):
    one.board.motion.raised = lambda: True
    one.step()
    one.board.motion.raised = lambda: False


def _charger(one):
    one.board.power.charging = lambda: True
    one.step()
    one.board.power.charging = lambda: False


def _timer(one):
    one.watch.services.timers.start(1)
    one.wait(2)


def test_whatever_wakes_a_locked_watch_opens_nothing():
    ways = {
        "raise": (_raise, "face", "face"),
        "touch": (lambda one: one.touch(), "face", "passcode"),
        "charger": (_charger, "charging", "face"),
        "notification": (lambda one: one.post(), "news", "passcode"),
        "timer": (_timer, "ringing", "ringing"),
    }
    for name, (wake, woken, touched) in ways.items():
        one = Worn(unlocked=False)
        wake(one)
        assert one.watch.light.state == "full" and one.screen == woken, (name, one.screen)
        assert not one.watch.services.guard.unlocked()
        one.touch()
        assert one.screen == touched and not one.watch.services.guard.unlocked(), (name, one.screen)


def test_a_long_press_is_felt():
    one = Worn()
    one.post()
    assert one.felt == [ATTENTION]
    one.watch.navigator.button("long")
    assert one.felt == [ATTENTION, TICK], "a long press is felt"
