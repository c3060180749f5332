"""The watch asks the bank through a phone that carries HTTP: conversations, rests, failures, nonsense."""

import asyncio
import binascii
import random

from tests.fuzz.mutate import mutated
from watch.crypto import cbor
from watch.exchange.mailbox import Mailbox, _read
from watch.kernel.errors import InputError
from watch.kernel.loop import run
from watch.kernel.virtual import VirtualTime

URL = "https://bank.example"


def written(message, seconds, ticket):
    return binascii.b2a_base64(cbor.encode({1: message, 2: seconds, 3: ticket})).decode().strip()


class Bank:
    """A phone and a bank in one. `replies`: texts in their order, None for no answer, False if the phone cannot ask."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.polls = []

    def request(self, url, body, timeout_ms, told):
        assert url == URL + "/v1/mailbox" and timeout_ms == 30_000
        self.polls.append(cbor.decode(binascii.a2b_base64(body)))
        reply = self.replies.pop(0) if self.replies else written(None, 900, b"T" * 16)
        if reply is False:
            return False
        if reply != "silence":
            told(reply)
        return True


class Owner:
    def __init__(self):
        self.here, self.low, self.urls, self.worked = True, False, [URL], []

    def device_id(self):
        return b"device-1"

    def ready(self):
        return self.here

    def wants(self):
        return self.low

    def addresses(self):
        return self.urls

    def answer(self, message):
        self.worked.append(message)
        return b"re:" + message


class Desk:
    """A mailbox with its task, under virtual time."""

    def __init__(self, *replies):
        self.bank, self.owner, self.time = Bank(*replies), Owner(), VirtualTime()
        self.box = Mailbox(self.bank, self.owner, self.time.ticks_ms)

    def live(self, *steps):
        """Let seconds pass between steps: each is a function, or seconds."""

        async def main():
            task = asyncio.create_task(self.box.serve())
            await asyncio.sleep_ms(0)
            for step in steps:
                if callable(step):
                    step()
                    self.box.look()
                else:
                    await asyncio.sleep_ms(step * 1000)
            task.cancel()

        run(main(), self.time)
        return len(self.bank.polls)


def test_a_conversation():
    ticket = b"t" * 16
    desk = Desk(written(b"attest", 0, ticket), written(b"more", 0, ticket), written(None, 900, ticket))
    assert desk.live(1) == 3 and desk.owner.worked == [b"attest", b"more"]
    assert desk.bank.polls == [
        {1: b"device-1", 2: None, 3: None},
        {1: b"device-1", 2: b"re:attest", 3: ticket},
        {1: b"device-1", 2: b"re:more", 3: ticket},
    ]


def test_it_rests_as_long_as_the_bank_says():
    desk = Desk(written(None, 900, None))
    assert desk.live(1) == 1
    assert Desk(written(None, 900, None)).live(899) == 1 and Desk(written(None, 900, None)).live(901) == 2
    assert Desk(written(None, 0, None)).live(59) == 1, "never more often than once a minute"
    far = written(None, 1 << 40, None)
    assert Desk(far).live(86_399) == 1 and Desk(far).live(86_401) == 2, "at least once a day"


def test_a_card_that_runs_low_and_a_phone_that_comes():
    desk = Desk(written(None, 86_400, None))

    def low():
        desk.owner.low = True

    assert desk.live(10, low, 1) == 2
    away = Desk()
    away.owner.here = False

    def come():
        away.owner.here = True

    assert away.live(10, come, 1) == 1
    assert Desk(written(None, 900, None)).live(1, lambda: None, 1, lambda: None, 1) == 1, "a look alone asks nothing"


def test_a_phone_that_comes_is_seen_at_once():
    desk = Desk(None)

    def go():
        desk.owner.here = False

    def come():
        desk.owner.here = True

    assert desk.live(1, go, 120, come, 0) == 2, "the screen rests: nobody looks again"
    desk = Desk(None)
    assert desk.live(1, go, 10, come, 20) == 1, "but not before the pause is over"


def test_a_phone_that_goes_in_the_middle():
    """That is no failure of the bank: the next phone asks at once, and brings the answer that is kept."""
    ticket = b"t" * 16
    desk = Desk(written(b"once", 0, ticket), "silence")
    told = desk.bank.request

    def request(url, body, timeout_ms, tell):
        if len(desk.bank.polls) == 1:
            desk.owner.here = False
            desk.bank.polls.append(None)
            tell(None)
            return True
        return told(url, body, timeout_ms, tell)

    desk.bank.request = request

    def come():
        desk.owner.here = True
        desk.bank.replies.clear()

    assert desk.live(100, come, 0) == 3
    assert desk.bank.polls[2][2] == b"re:once"


def test_failures_wait_longer_each_time():
    for failure in (None, False, "silence", "no base64!", "AAAA", written(None, 0, b"x" * 17)):
        desk = Desk(*([failure] * 20))
        tries = desk.live(7200)
        assert 6 <= tries <= 9, (failure, tries)
        assert not desk.owner.worked


def test_an_answer_is_kept_until_the_bank_has_it():
    ticket = b"t" * 16
    desk = Desk(written(b"once", 0, ticket), None, "silence", written(None, 900, ticket))
    desk.live(400)
    assert desk.owner.worked == [b"once"]
    assert [poll[2] for poll in desk.bank.polls] == [None, b"re:once", b"re:once", b"re:once"]


def test_a_bank_that_never_ends_is_left():
    desk = Desk(*([written(b"again", 0, b"t" * 16)] * 1000))
    assert desk.live(1) == 64


def test_a_late_answer_finds_nobody():
    told = []
    desk = Desk()
    desk.bank.request = lambda url, body, timeout_ms, tell: told.append(tell) or True
    desk.live(40)
    told[0](written(b"late", 0, None))
    assert not desk.owner.worked


def test_two_banks_one_after_the_other():
    desk = Desk(written(None, 900, b"a" * 16), written(None, 900, b"b" * 16))
    desk.owner.urls = [URL, URL]
    assert desk.live(1) == 2


def test_anything_a_bank_may_say():
    random.seed(20261122)
    good, refused = written(b"message" * 30, 5, b"t" * 16).encode(), 0
    for _ in range(400):
        try:
            _read("".join(chr(byte & 0x7F) for byte in mutated(good)))
        except InputError:
            refused += 1
    for text in ("", "A" * 7000, written(7, 1, None), written(None, -1, None), written(None, "x", None)):
        try:
            _read(text)
            raise AssertionError(text)
        except InputError:
            refused += 1
    print(f"NOTE exchange: of 405 answers of a bank {refused} were refused, 0 raised anything else")
