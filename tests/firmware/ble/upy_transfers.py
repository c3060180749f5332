"""Messages in fragments: the state machine, against a model of docs/bluetooth.md and under anything."""

import random

from tests.fuzz.campaign import Campaign, in_use
from watch.ble.transfers import MAX_BYTES, SEND, SILENCE, STATE_BYTES, TELL, WORK, Transfer, Transfers

PHONE, OTHER, THIRD = 3, 4, 5


def fragment(number, length, offset, data=b""):
    head = number.to_bytes(4, "big") + length.to_bytes(2, "big") + offset.to_bytes(2, "big")
    return memoryview(head + data)


def fields(state):
    """(phase, transfer, held, answer) of a state."""
    assert len(state) == STATE_BYTES and state[0] == 1
    return (state[1], int.from_bytes(state[2:6], "big"), state[6] << 8 | state[7], state[8] << 8 | state[9])


def held():
    transfer = Transfer()
    transfer.give(PHONE)
    return transfer


def sent(transfer, most=20):
    """All fragments of the answer that are left, joined; each is looked at."""
    into, found = bytearray(512), b""
    start = transfer.send_from
    while True:
        count = transfer.put(into, most)
        if not count:
            return found
        assert count <= most and into[6] << 8 | into[7] == start + len(found)
        found += bytes(into[8:count])
        transfer.sent(count)


def test_a_message_in_pieces():
    transfer = held()
    assert fields(transfer.state) == (0, 0, 0, 0)
    assert transfer.take(fragment(0xFEDCBA98, 5, 0, b"he")) == SILENCE
    assert fields(transfer.state) == (1, 0xFEDCBA98, 2, 0)
    assert transfer.take(fragment(0xFEDCBA98, 5, 2, b"llo")) == WORK
    assert fields(transfer.state) == (2, 0xFEDCBA98, 5, 0)
    assert bytes(transfer.message()) == b"hello"
    transfer.answer(bytes(range(50)))
    assert fields(transfer.state) == (3, 0xFEDCBA98, 5, 50)
    assert sent(transfer) == bytes(range(50))
    assert transfer.take(fragment(0xFEDCBA98, 0, 47)) == SEND
    assert sent(transfer) == b"\x2f\x30\x31"
    assert transfer.take(fragment(0xFEDCBA98, 0, 50)) == TELL and sent(transfer) == b""


def test_what_makes_no_sense_drops_the_transfer():
    for bad in (
        memoryview(b""),
        memoryview(bytes(7)),
        fragment(1, MAX_BYTES + 1, 0, b"x"),
        fragment(1, 0xFFFF, 0xFFFF),
        fragment(1, 11, 2, b"x"),
        fragment(1, 10, 2, bytes(9)),
        fragment(1, 10, 0xFFFF),
        fragment(1, 0, 0, b"x"),
    ):
        transfer = held()
        transfer.take(fragment(1, 10, 0, b"ab"))
        assert transfer.take(bad) == TELL and fields(transfer.state) == (0, 0, 0, 0), bytes(bad)


def test_other_places_change_nothing():
    transfer = held()
    transfer.take(fragment(1, 10, 0, b"abc"))
    for at, data in ((0, b"abc"), (2, b"c"), (4, b"e"), (9, b"j"), (3, b"")):
        assert transfer.take(fragment(1, 10, at, data)) == TELL
        assert fields(transfer.state) == (1, 1, 3, 0)
    assert transfer.take(fragment(1, 0, 0)) == TELL and fields(transfer.state) == (1, 1, 3, 0)
    assert transfer.take(fragment(1, 10, 3, b"defghij")) == WORK and bytes(transfer.message()) == b"abcdefghij"


def test_a_number_that_was_worked_on_does_not_begin_anew():
    transfer = held()
    assert transfer.take(fragment(7, 2, 0, b"ab")) == WORK
    transfer.message()
    transfer.answer(b"done")
    assert transfer.take(fragment(7, 0, 9)) == TELL and fields(transfer.state)[0] == 0
    assert transfer.take(fragment(7, 2, 0, b"ab")) == TELL and fields(transfer.state)[0] == 0
    assert transfer.take(fragment(8, 3, 0, b"a")) == SILENCE
    assert transfer.take(fragment(7, 2, 0, b"ab")) == TELL and fields(transfer.state) == (1, 8, 1, 0)


def test_a_question_about_another_number_changes_nothing():
    transfer = held()
    transfer.take(fragment(1, 10, 0, b"abc"))
    assert transfer.take(fragment(2, 0, 4)) == TELL and fields(transfer.state) == (1, 1, 3, 0)


def test_two_bonds_and_a_third():
    now = [0]
    transfers = Transfers(lambda: now[0])
    assert transfers.take(PHONE, fragment(1, 4, 0, b"ab")) == SILENCE
    assert transfers.take(OTHER, fragment(1, 4, 0, b"x")) == SILENCE
    assert fields(transfers.state(PHONE)) == (1, 1, 2, 0) and fields(transfers.state(OTHER)) == (1, 1, 1, 0)
    now[0] = 9_000
    assert transfers.take(OTHER, fragment(1, 4, 1, b"y")) == SILENCE
    assert transfers.take(THIRD, fragment(9, 4, 0, b"z")) == TELL, "both are busy"
    assert fields(transfers.state(THIRD)) == (0, 0, 0, 0)
    now[0] = 10_000
    assert transfers.take(THIRD, fragment(9, 4, 0, b"z")) == SILENCE, "the one that was quiet gives way"
    assert fields(transfers.state(PHONE)) == (0, 0, 0, 0) and fields(transfers.state(OTHER)) == (1, 1, 2, 0)
    transfers.forget(THIRD)
    assert transfers.of(THIRD) is None
    transfers.clear()
    assert transfers.of(OTHER) is None and not any(bytes(slot._buffer).strip(b"\0") for slot in transfers._slots)


class Model:
    """docs/bluetooth.md once more, with whole messages as Python bytes. `worked` counts every message worked on."""

    def __init__(self):
        self.number, self.length, self.data, self.reply, self.done = 0, 0, b"", None, set()

    def state(self):
        if not self.length:
            return (0, 0, 0, 0)
        phase = 1 if len(self.data) < self.length else 2 if self.reply is None else 3
        return (phase, self.number, len(self.data), len(self.reply or b""))

    def take(self, data):
        """What the fragment asks for."""
        if len(data) < 8:
            return self.drop()
        number, length, at, rest = (
            int.from_bytes(data[:4], "big"),
            data[4] << 8 | data[5],
            data[6] << 8 | data[7],
            data[8:],
        )
        if not self.length or number != self.number:
            if length == 0 or number in self.done:
                return TELL
            self.number, self.length, self.data, self.reply = number, length, b"", None
        if length == 0:
            return self.drop() if rest else self.go_on(at)
        if length != self.length or length > 4096 or at + len(rest) > length:
            return self.drop()
        if len(self.data) == self.length or at != len(self.data) or not rest:
            return TELL
        self.data += bytes(rest)
        return WORK if len(self.data) == self.length else SILENCE

    def go_on(self, at):
        if self.reply is None:
            return TELL
        if at > len(self.reply):
            return self.drop()
        return SEND if at < len(self.reply) else TELL

    def drop(self):
        self.number, self.length, self.data, self.reply = 0, 0, b"", None
        return TELL

    def work(self):
        """Answer with the message backwards."""
        self.done = {self.number}
        self.reply = bytes(reversed(self.data))


class Desk:
    """The watch's side and the model, given the same fragments."""

    def __init__(self):
        self.transfer, self.model = held(), Model()
        self.number, self.at, self.length = 1, 0, 10
        self.worked = 0

    def make(self):
        """Mostly what a sender says next; sometimes anything else."""
        chance = random.randrange(20)
        if chance == 0:
            return bytes(random.getrandbits(8) for _ in range(random.randrange(12)))
        if chance == 1:
            self.number, self.at = random.randrange(1, 4), 0
            self.length = random.choice((1, 2, 10, 300, MAX_BYTES, MAX_BYTES + 1))
        at = self.model.state()[2] if chance < 17 else random.choice((0, 1, self.length, 0xFFFF))
        length = self.length if chance < 15 else random.choice((0, 0, 0, self.length + 1))
        data = bytes(random.randrange(1, 500)) if length else b""
        if chance < 16:
            data = data[: max(0, self.length - at)]
        return bytes(fragment(self.number, length, at if length else random.randrange(12), data))

    def both(self, data):
        wanted = self.transfer.take(memoryview(data))
        assert wanted == self.model.take(data), (wanted, data[:8])
        assert fields(self.transfer.state) == self.model.state(), data[:8]
        if wanted == WORK:
            assert bytes(self.transfer.message()) == self.model.data
            self.model.work()
            self.transfer.answer(self.model.reply)
            self.worked += 1
        elif wanted == SEND:
            start = data[6] << 8 | data[7]
            assert sent(self.transfer, 100) == self.model.reply[start:]
        assert fields(self.transfer.state) == self.model.state()


def test_against_the_model():
    random.seed(20261122)
    desk = Desk()
    Campaign("transfer fragments", desk.both, ()).run(desk.make, 2_500)
    assert desk.worked > 30, desk.worked
    print(f"NOTE ble: transfers equal the model, {desk.worked} messages worked on")


def test_the_model_notices():
    """An offset that is off by one is seen."""
    desk = Desk()
    desk.both(bytes(fragment(1, 10, 0, b"abc")))
    desk.transfer._held -= 1
    try:
        desk.both(bytes(fragment(1, 10, 3, b"d")))
    except AssertionError:
        return
    raise AssertionError("the difference was not seen")


def test_a_thousand_transfers_keep_nothing():
    transfers = Transfers(lambda: 0)

    def once(number):
        bond = (PHONE, OTHER)[number & 1]
        assert transfers.take(bond, fragment(number, 300, 0, bytes(200))) == SILENCE
        assert transfers.take(bond, fragment(number, 300, 200, bytes(100))) == WORK
        transfer = transfers.of(bond)
        transfer.message()
        transfer.answer(bytes(100))
        assert sent(transfer) == bytes(100)

    once(1)
    once(2)
    before = in_use()
    for number in range(3, 1003):
        once(number)
    grown = in_use() - before
    print(f"NOTE ble: heap after 1000 transfers {grown:+d} bytes")
    assert grown <= 0, grown
