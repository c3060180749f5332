"""A call and the way in a whole watch: they come to the front, wait for a payment, and are answered."""

from support import scrubbing
from support.worn import Worn

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
    for key, word in (("accept", "ACCEPT"), ("reject", "REJECT"), ("silence", "IGNORE")):
        one = rung()
        assert one.screen == "call" and "Ada" in one.texts() and one.felt
        one.wait(1)
        press(one, key)
        assert one.screen == "face"
        assert one.watch.services.outbox.take() == {"t": "call", "n": word}
    one = rung()
    one.watch.phone.receive({"t": "call", "cmd": "end"})
    one.wait(1)
    assert one.screen == "face"
    one = rung()
    one.wait(61)
    assert one.screen == "face"


def test_the_way():
    one = Worn()
    one.watch.phone.receive({"t": "nav", "instr": "Turn left", "distance": "120 m", "action": "left"})
    one.wait(1)
    assert one.screen == "way" and "120 m" in one.texts()
    one.watch.phone.receive({"t": "nav"})
    one.wait(1)
    assert one.screen == "face"
