"""The phone's side of a transfer against the firmware's, over links that fail in every place."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import UserError
from tapwatch.phone import carrier, transfer
from tapwatch.phone.carrier import Carrier
from tapwatch.phone.transfer import LinkLost, Transfer
from tapwatch.simulator.frames import LinkError
from tests.interop.ble.firmware_end import FaultyPipe, FirmwareEnd

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE = bytes(range(200))


@pytest.fixture(scope="module")
def end() -> Iterator[FirmwareEnd]:
    with FirmwareEnd() as process:
        yield process


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "QUIET_S", 0.01)


async def carried(end: FirmwareEnd, message: bytes, *pipes: FaultyPipe) -> bytes:
    """The answer to a message that goes over these pipes, and then over good ones."""
    sending = Transfer(message)
    for pipe in pipes:
        try:
            return await sending.over(pipe)
        except LinkLost:
            continue
        finally:
            await pipe.close()
    return await sending.over(FaultyPipe(end))


@pytest.mark.parametrize("size", [1, 39, 40, 41, 2048, 4096])
@pytest.mark.parametrize("room", [20, 182, 512])
def test_every_size(end: FirmwareEnd, size: int, room: int) -> None:
    message = random.Random(size).randbytes(size)
    before = end.worked
    assert asyncio.run(carried(end, message, FaultyPipe(end, room=room))) == message[::-1]
    assert end.worked == before + 1


@pytest.mark.parametrize("fault", ["cut", "cut-after", "drop", "twice"])
def test_a_fault_at_every_event(end: FirmwareEnd, fault: str) -> None:
    """Each write and each notification in turn: the message is worked on once, and its answer is whole."""
    points = 0
    while True:
        before, hit = end.worked, []

        def once(number: int, what: str, at: int = points, hit: list = hit) -> str:
            if number == at:
                hit.append(what)
                return fault
            return ""

        assert asyncio.run(carried(end, MESSAGE, FaultyPipe(end, once))) == MESSAGE[::-1]
        assert end.worked == before + 1, (fault, points)
        if not hit:
            break
        points += 1
    assert points >= 10
    print(f"NOTE ble: phone and firmware, {fault} at each of {points} events: worked on once, answer whole")


def test_any_faults(end: FirmwareEnd) -> None:
    """Links that go wrong every few events; what is worked on twice is only what a restart of the watch forgot."""
    chance = random.Random(20261122)
    for _ in range(30):
        message = chance.randbytes(chance.randrange(1, 600))
        before = end.worked
        faulty = FaultyPipe(end, lambda n, what: chance.choice(("", "", "", "cut", "cut-after", "drop", "twice")))
        assert asyncio.run(carried(end, message, faulty)) == message[::-1]
        assert end.worked == before + 1


def test_a_restart_of_the_watch(end: FirmwareEnd) -> None:
    """The sender begins again, under another number."""
    sending, before = Transfer(MESSAGE), end.worked
    with pytest.raises(LinkLost):
        asyncio.run(sending.over(FaultyPipe(end, lambda n, what: "cut" if what == "notify" else "")))
    end.say("restart")
    assert asyncio.run(sending.over(FaultyPipe(end))) == MESSAGE[::-1]
    assert end.worked == before + 2


def test_the_carrier_connects_again(end: FirmwareEnd) -> None:
    """It gives up after the last pause, says what to do, and works again when the watch is back."""
    tries = []

    async def connect() -> FaultyPipe:
        tries.append(1)
        if len(tries) <= 3:
            raise LinkLost("not there")
        return FaultyPipe(end, lambda n, what: "cut" if n == 1 and len(tries) < 6 else "")

    async def run() -> None:
        asking = Carrier(connect, (0.0, 0.0))
        with pytest.raises(UserError, match="out of reach"):
            await asking.ask(1, None)
        # The firmware's end answers with the message backwards, which is no CBOR of an answer.
        with pytest.raises(LinkError):
            await asking.ask(1, None)
        await asking.close()

    asyncio.run(run())
    assert len(tries) > 4 and carrier.PAUSES_S[-1] <= 10


class _Scripted:
    """A pipe that says what it is told to."""

    def __init__(self, *news: tuple[bool, bytes]) -> None:
        self.room = 100
        self._news = list(news)
        self.number = b""

    async def write(self, fragment: bytes) -> None:
        self.number = fragment[:4]

    async def state(self) -> bytes:
        return b"\x01\x02" + self.number + bytes(4)

    async def hear(self) -> tuple[bool, bytes]:
        if self._news:
            is_answer, data = self._news.pop(0)
            return is_answer, data.replace(b"NNNN", self.number)
        await asyncio.sleep(1)
        raise LinkLost("over")


@pytest.mark.parametrize(
    ("news", "words"),
    [
        ((True, b""), "without bytes"),
        ((True, b"NNNN\x00\x05\x00\x00"), "without bytes"),
        ((True, b"NNNN\x00\x05\x00\x00abcdef"), "make no sense"),
        ((True, b"NNNN\x10\x01\x00\x00abc"), "make no sense"),
        ((False, b"\x02" + bytes(9)), "another version"),
        ((False, b""), "another version"),
    ],
)
def test_a_watch_that_makes_no_sense(news: tuple[bool, bytes], words: str) -> None:
    with pytest.raises(UserError, match=words):
        asyncio.run(Transfer(b"x").over(_Scripted(news)))


def test_a_watch_that_works_for_ever() -> None:
    with pytest.raises(UserError, match="does not answer"):
        asyncio.run(Transfer(b"x").over(_Scripted()))


def test_messages_that_cannot_be_sent() -> None:
    for size in (0, 4097):
        with pytest.raises(ValueError, match="4096"):
            Transfer(bytes(size))
