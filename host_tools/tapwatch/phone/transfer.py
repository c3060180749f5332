"""One message to the watch in fragments, and its answer; docs/bluetooth.md, "Token exchange service".

What this file needs of Bluetooth is a `Pipe`: the three characteristics over one link. A transfer outlives its links.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = 1
MAX_BYTES = 4096
NUMBER_BYTES = 4
NOTHING, RECEIVING, WORKING, ANSWERED = range(4)
"""Phases of a transfer on the watch."""
QUIET_S = 3.0
"""After this silence the sender reads the state. The slowest message, a token package, takes about a second."""
_QUIET_ROUNDS = 10
"""So often it does, before it gives up."""
_FRAGMENT = struct.Struct(">4sHH")
_STATE = struct.Struct(">BB4sHH")


class LinkLost(Exception):
    """The link to the watch has gone; over the next one the transfer goes on."""


class Pipe(Protocol):
    """The characteristics of the service over one link. Every method raises LinkLost."""

    @property
    def room(self) -> int:
        """Bytes that one write takes."""
        ...

    async def write(self, fragment: bytes) -> None:
        """Write to `in`; returns when the watch has it."""
        ...

    async def state(self) -> bytes:
        """Read `state`."""
        ...

    async def hear(self) -> tuple[bool, bytes]:
        """The next notification: True and a fragment from `out`, or False and a state."""
        ...


@dataclass(frozen=True)
class State:
    """What the watch says of the transfer of this bond."""

    phase: int
    number: bytes
    held: int
    answer_bytes: int

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Take a state apart. Raises UserError for one of another version."""
        if len(data) < _STATE.size or data[0] != VERSION:
            raise UserError("The watch speaks another version of the token exchange.", "Update Tapwatch.")
        return cls(*_STATE.unpack_from(data)[1:])


class Transfer:
    """A message on its way. `over` may be called again with another pipe after each LinkLost."""

    def __init__(self, message: bytes, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """`draw(count)` gives random bytes. Raises ValueError for a message that is too long."""
        if not 0 < len(message) <= MAX_BYTES:
            raise ValueError(f"a message has 1 to {MAX_BYTES} bytes, not {len(message)}")
        self._message = message
        self._draw = draw
        self._number = b""
        self._resent_from = -1
        self._answer = bytearray()
        self._answer_bytes = -1

    async def over(self, pipe: Pipe) -> bytes:
        """Send, or go on, over this link; returns the whole answer. Raises LinkLost, UserError."""
        if self._number:
            await self._go_on(State.read(await pipe.state()), pipe)
        else:
            await self._begin(pipe)
        for _ in range(_QUIET_ROUNDS):
            with contextlib.suppress(TimeoutError):
                while len(self._answer) != self._answer_bytes:
                    await self._hear(pipe)
                return bytes(self._answer)
            await self._go_on(State.read(await pipe.state()), pipe)
        raise UserError("The watch does not answer.", "Restart it, then try again.", EXIT_FAILED)

    async def _hear(self, pipe: Pipe) -> None:
        """Take one notification. Raises TimeoutError when none comes."""
        async with asyncio.timeout(QUIET_S):
            is_answer, data = await pipe.hear()
        if is_answer:
            await self._take(data, pipe)
            return
        State.read(data)
        state = State.read(await pipe.state())  # the one that was notified may be older than what was sent since
        if state.phase != RECEIVING or state.held > self._resent_from:  # each of many lost fragments is told
            await self._go_on(state, pipe)

    async def _begin(self, pipe: Pipe) -> None:
        """Send all of the message, under a new number."""
        self._number = self._draw(NUMBER_BYTES)
        self._resent_from = -1
        self._answer.clear()
        self._answer_bytes = -1
        await self._send(0, pipe)

    async def _go_on(self, state: State, pipe: Pipe) -> None:
        """Go on from where the watch is."""
        if state.phase == NOTHING or state.number != self._number:
            await self._begin(pipe)
        elif state.phase == RECEIVING:
            self._resent_from = state.held
            await self._send(state.held, pipe)
        elif state.phase == ANSWERED and len(self._answer) != self._answer_bytes:
            await pipe.write(_FRAGMENT.pack(self._number, 0, len(self._answer)))

    async def _send(self, at: int, pipe: Pipe) -> None:
        most = pipe.room - _FRAGMENT.size
        for start in range(at, len(self._message), most):
            head = _FRAGMENT.pack(self._number, len(self._message), start)
            await pipe.write(head + self._message[start : start + most])

    async def _take(self, fragment: bytes, pipe: Pipe) -> None:
        """Take a fragment of the answer; what came before is left out, and what is missing is asked for."""
        if len(fragment) <= _FRAGMENT.size:
            raise UserError("The watch sent a fragment without bytes.", "Is it a watch of this version?")
        number, length, offset = _FRAGMENT.unpack_from(fragment)
        data = fragment[_FRAGMENT.size :]
        if number != self._number or offset < len(self._answer):
            return
        if offset + len(data) > length or length > MAX_BYTES or self._answer_bytes not in (-1, length):
            raise UserError("The watch sent fragments that make no sense.", "Is it a watch of this version?")
        if offset > len(self._answer):
            await pipe.write(_FRAGMENT.pack(self._number, 0, len(self._answer)))
            return
        self._answer_bytes = length
        self._answer += data
