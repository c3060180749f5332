"""A call and the way in a whole watch: they come to the front, wait for a payment, and are answered."""

from support import scrubbing
from support.worn import Worn

from tests.firmware.system.terminal_kit import Bench
from watch.services.offers import Update

scrubbing.leave_out()
SHARE = "system"
CALL = {"t": "call", "cmd": "incoming", "name": "Ada", "number": "123"}


def rung():
    """A watch on which somebody calls."""
    one = Worn()
    one.watch.phone.receive(CALL)
    one.wait(1)
    return one


def press(one, name):
    """Touch a key of the screen in front."""
    target = next(row for row in one.watch.stack.top.targets() if row[0] == name)
    one.watch.stack.top.tap(target[1] + 5, target[2] + 5)


def test_a_call_is_answered_and_goes_with_the_caller():
    for key, word, screen in (
        ("accept", "ACCEPT", "talk"),
        ("reject", "REJECT", "face"),
        ("silence", "IGNORE", "face"),
    ):
        one = rung()
        assert one.screen == "call" and "Ada" in one.texts() and one.felt
        one.wait(1)
        press(one, key)
        one.step()
        assert one.screen == screen
        assert one.watch.services.outbox.take() == {"t": "call", "n": word}
    one = rung()
    one.watch.phone.receive({"t": "call", "cmd": "end"})
    one.wait(1)
    assert one.screen == "face"
    one = rung()
    one.wait(61)
    assert one.screen == "face"


def test_a_call_that_goes_on():
    one = rung()
    one.watch.phone.receive({"t": "call", "cmd": "start", "name": "Ada", "number": "123"})
    one.wait(1)
    one.wait(64)
    one.watch.light.wake("button")
    one.step()
    assert one.screen == "talk" and "1:05" in one.texts() and "Ada" in one.texts(), one.texts()
    press(one, "end")
    one.step()
    assert one.screen == "face" and one.watch.services.outbox.take() == {"t": "call", "n": "END"}
    for cmd, title in (("outgoing", "Calling"), ("start", "On the phone")):
        one.watch.phone.receive({"t": "call", "cmd": cmd, "name": "Eve", "number": "5"})
        one.wait(1)
        assert one.screen == "talk" and title in one.texts() and "Eve" in one.texts(), one.texts()
    one.watch.stack.top.button("single")
    one.wait(2)
    assert one.screen == "face", "put away it stays away"
    one.watch.phone.receive({"t": "call", "cmd": "end"})
    one.wait(1)
    assert one.screen == "face" and not one.watch.services.companion.calls.end()


def test_what_the_wearer_wants_to_be_seen_of_a_call():
    shown = {"content": ("Ada", "123"), "sender": ("Ada",), "off": ("Somebody is calling",)}
    for wanted in shown:
        for unlocked in (True, False):
            one = Worn(unlocked, notifications=wanted)
            one.watch.phone.receive(CALL)
            one.wait(1)
            texts = [text for text in one.texts() if text != "Incoming call"]
            assert one.screen == "call" and texts == list(shown[wanted]), (wanted, texts)


def covers(one):
    """What is in front once somebody calls, and once nothing is in the way any more."""
    before = one.screen
    one.watch.phone.receive(CALL)
    one.wait(2)
    assert one.screen == before, (before, one.screen)
    return before


def test_a_call_never_covers_an_armed_card():
    one = Worn(dark=False)
    one.watch.navigator.button("double")
    one.step()
    assert covers(one) == "armed"
    one.watch.stack.top.button("single")
    one.wait(1)
    assert one.screen == "call", one.screen
    one = rung()
    one.watch.navigator.button("double")
    one.wait(2)
    assert one.screen == "armed", "whoever pays pays"
    one.watch.stack.top.button("single")
    one.wait(1)
    assert one.screen == "call"


def test_a_call_waits_for_tap_and_outcome():
    one = Worn(dark=False)
    one.watch.navigator.button("double")
    one.step()
    guard = one.watch.services.guard
    card = one.watch.services.wallet.armed[0]
    one.watch.phone.receive(CALL)
    guard.select()
    one.wait(2)
    assert guard.state == "tapping" and one.screen == "armed"
    guard.deselect()
    outcome = card.outcome
    outcome.result, outcome.amount, outcome.currency = "sent", 1234, 156
    one.watch.navigator.paying.tap_sent(card, outcome)
    one.watch.services.wallet.disarm()
    one.wait(1)
    assert one.screen == "sent", one.screen
    one.wait(3)
    assert one.screen == "call"


def test_a_call_waits_for_questions_and_passcodes():
    one = Worn(dark=False)
    one.watch.services.offers.put(Update(1, print, "9", "8", 1, False))
    one.wait(1)
    assert covers(one) == "update"
    one.watch.services.offers.take_back(1)
    one.wait(1)
    one.wait(4)
    assert one.screen == "call", one.screen
    one = Worn(False, False)
    one.watch.navigator.button("double")
    one.step()
    assert covers(one) == "passcode"
    one.watch.stack.top.button("single")
    one.wait(1)
    assert one.screen == "call", one.screen


def test_the_way():
    one = Worn()
    one.watch.phone.receive({"t": "nav", "instr": "Turn left", "distance": "120 m", "action": "left"})
    one.wait(1)
    assert one.screen == "way" and "120 m" in one.texts()
    one.watch.phone.receive({"t": "nav"})
    one.wait(1)
    assert one.screen == "face"


def test_a_call_waits_for_the_question_of_a_terminal():
    one = Bench().armed()
    assert one.ask() is None and one.question is not None
    sheet = one.screen
    one.services.phone.receive(CALL)
    one.wait(2)
    assert one.screen is sheet and one.question is not None
    one.press("single")
    assert one.finish() == (b"", 0x6985)
    one.wait(5)
    assert one.screen.name == "call", one.screen.name
