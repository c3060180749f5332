"""What an honest phone sends over the link, fragment by fragment, and a phone that sends it again."""

from __future__ import annotations

import asyncio
import secrets
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.phone.ble.bumble_link import BumbleLink
from tapwatch.phone.ble.gatt import IN, OUT, SERVICE, STATE, ExchangePipe
from tapwatch.phone.transfer import ANSWERED, NUMBER_BYTES, WORKING, State, Transfer
from tapwatch.signing import cbor
from tapwatch.simulator.messages import encode, taken

if TYPE_CHECKING:
    from bumble.device import Connection

    from tapwatch.signing.cbor import Value

_HEAD = struct.Struct(">4sHH")
_SHORT_BYTES = 150
"""Of a fragment, so that a message has room for a stray one in its middle."""
_MOST_S = 10.0
_PATIENCE_S = 0.3
_LOOK_S = 0.002


@dataclass(frozen=True)
class Said:
    """One message as it was sent, and its answer."""

    kind: int
    fragments: tuple[bytes, ...]
    answer: bytes

    @property
    def number(self) -> bytes:
        """Of the transfer."""
        return self.fragments[0][:NUMBER_BYTES]

    @property
    def message(self) -> bytes:
        """The message in the fragments."""
        return b"".join(fragment[_HEAD.size :] for fragment in self.fragments)

    def under(self, number: bytes) -> tuple[bytes, ...]:
        """The same fragments under another number."""
        return tuple(number + one[NUMBER_BYTES:] for one in self.fragments)


class _TapedPipe:
    """A pipe that keeps what was written; before its write number `at` it lets a stray fragment go."""

    def __init__(self, pipe: ExchangePipe, stray: bytes, at: int) -> None:
        self._pipe, self._stray, self._at = pipe, stray, at
        self.written: list[bytes] = []
        self.state, self.hear = pipe.state, pipe.hear
        self.room = _SHORT_BYTES if stray else pipe.room

    async def write(self, fragment: bytes) -> None:
        """Write to `in`."""
        if self._stray and len(self.written) == self._at:
            await self._pipe.write(self._stray)
        self.written.append(fragment)
        await self._pipe.write(fragment)


class Tape:
    """An honest phone over one link; `ask` is what the relay needs."""

    def __init__(self, pipe: ExchangePipe) -> None:
        self._pipe = pipe
        self._sequence = 0
        self.said: list[Said] = []

    @classmethod
    async def over(cls, connection: Connection) -> Tape:
        """Use an encrypted connection."""
        link = BumbleLink(connection)
        await link.discover(SERVICE)
        return cls(await ExchangePipe.open(link))

    async def ask(self, kind: int, body: object) -> Value:
        """Send a message and keep its fragments. Raises WatchRefused."""
        return await self.ask_past(b"", 0, kind, body)

    async def ask_past(self, stray: bytes, at: int, kind: int, body: object) -> Value:
        """The same, with a stray fragment before the write number `at`."""
        self._sequence += 1
        pipe = _TapedPipe(self._pipe, stray, at)
        answer = await Transfer(encode(kind, self._sequence, body)).over(pipe)
        assert not stray or at < len(pipe.written), "the stray fragment was not sent"
        self.said.append(Said(kind, tuple(pipe.written), answer))
        return taken(answer, kind)

    def of(self, kind: int) -> list[Said]:
        """What was said of one kind."""
        return [one for one in self.said if one.kind == kind]

    async def close(self) -> None:
        """End the link."""
        await self._pipe.close()


class Parrot:
    """A phone that writes fragments which it did not make."""

    def __init__(self, link: BumbleLink) -> None:
        self._link = link
        self._heard: list[bytes] = []

    @classmethod
    async def over(cls, connection: Connection) -> Parrot:
        """Use an encrypted connection."""
        link = BumbleLink(connection)
        await link.discover(SERVICE)
        self = cls(link)
        await link.subscribe(OUT, self._heard.append)
        return self

    async def say(self, fragments: tuple[bytes, ...]) -> bytes:
        """Write fragments; the whole answer to their transfer.

        The number on which the watch worked last is asked for its answer: the fragments alone do not bring it again.
        """
        number, before = fragments[0][:NUMBER_BYTES], await self.state()
        self._heard.clear()
        await self._write(fragments)
        if before.phase == ANSWERED and before.number == number:
            assert self._answer(number) is None, "a fragment of what was answered brought the answer again"
            await self.question(number)
        end, patient = time.monotonic() + _MOST_S, time.monotonic() + _PATIENCE_S
        while (answer := self._answer(number)) is None:
            assert time.monotonic() < end, f"no answer: {await self.state()}"
            await asyncio.sleep(_LOOK_S)
            if time.monotonic() > patient:
                patient += _PATIENCE_S
                await self._go_on(number, fragments)
        return answer

    async def _go_on(self, number: bytes, fragments: tuple[bytes, ...]) -> None:
        """A watch that is busy drops fragments, and a sender goes on from where it is."""
        state = await self.state()
        if state.number != number:
            await self._write(fragments)
        elif state.phase == ANSWERED:
            await self.question(number)
        elif state.phase != WORKING:
            await self._write(tuple(one for one in fragments if _HEAD.unpack_from(one)[2] >= state.held))

    async def _write(self, fragments: tuple[bytes, ...]) -> None:
        for fragment in fragments:
            await self._link.write(IN, fragment)

    async def question(self, number: bytes, offset: int = 0) -> None:
        """Ask for the rest of an answer."""
        await self._link.write(IN, _HEAD.pack(number, 0, offset))

    async def state(self) -> State:
        """Of the transfer of this phone."""
        return State.read(await self._link.read(STATE))

    async def close(self) -> None:
        """End the link."""
        await self._link.close()

    def heard(self) -> int:
        """Fragments of answers since the last message."""
        return len(self._heard)

    def _answer(self, number: bytes) -> bytes | None:
        found = bytearray()
        for fragment in self._heard:
            of, length, offset = _HEAD.unpack_from(fragment)
            if of == number and offset == len(found):
                found += fragment[_HEAD.size :]
                if len(found) == length:
                    return bytes(found)
        return None


def new_number() -> bytes:
    """Of a transfer."""
    return secrets.token_bytes(NUMBER_BYTES)


def status(answer: bytes) -> str:
    """Of an answer."""
    fields = cbor.decode(answer)
    assert isinstance(fields, list)
    return str(fields[2])
