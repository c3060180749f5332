"""Messages to a watch on a serial port: docs/formats.md, "Messages between a carrier and the watch"."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

import serial

from tapwatch.errors import UserError
from tapwatch.flashing import ports
from tapwatch.simulator.messages import MAX_MESSAGE, encode, taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.signing.cbor import Value

    Ask = Callable[[int, object], object]
    """`ask(kind, body)` sends a message and returns the body of the answer; raises UserError."""

HELLO = 1
START_S = 30.0
"""A watch that has just been reset is up after about five seconds; its port goes away and comes back."""
ANSWER_S = 20.0
"""The slowest message, a certificate that is checked on the board, takes about two seconds there."""
_BAUD = 115_200
_POLL_S = 0.02
_READ_BYTES = 256
_QUIET_S = 0.05
_TRY_S = 2.0
_LENGTH_BYTES = 2
_ANSWER_BEGINS = 0x84
"""An array of four: kind, sequence, status, body."""
_FILLER = b"\xff" * (MAX_MESSAGE + _LENGTH_BYTES)
"""Ends a message that was cut off, whatever its length, and is none itself: its length is too large."""
_SEQUENCES = 1 << 16
_HINT = "is the cable in, has no other program opened the port, and does the watch show its face?"
_PATIENT_S = 3.0
"""A wait that is longer is announced: it would look like a program that hangs."""


class SerialWatch:
    """One watch. What it prints between its answers is skipped. Use it as a context manager."""

    def __init__(
        self, find_port: Callable[[], str], start_s: float = START_S, say: Callable[[str], None] = lambda line: None
    ) -> None:
        """`find_port()` names the port now; `start_s`: how long a watch that starts is waited for.

        `say` gets lines for people; without it nobody does.
        """
        self._find_port = find_port
        self._start_s = start_s
        self._say = say
        self._stream: serial.SerialBase | None = None
        self._pending = bytearray()
        self._sequence = int(time.monotonic() * 1000) % _SEQUENCES  # answers to an earlier program must not fit

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the port go."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def ask(self, kind: int, body: object) -> Value:
        """Send a message; returns the body of the answer. Raises WatchRefused, LinkError, ValueError, UserError."""
        if self._stream is None:
            self._connect()
        try:
            answer = self._exchange(kind, body, ANSWER_S)
        except (OSError, serial.SerialException) as problem:
            self.close()
            raise UserError("the watch went away in the middle of a message", _HINT) from problem
        if answer is None:
            raise UserError(f"the watch does not answer message {kind}", _HINT)
        return taken(answer, kind)

    def _connect(self) -> None:
        """Open the port and wait until the watch says hello. Raises UserError."""
        begun, try_s = time.monotonic(), _TRY_S
        reason: Exception | None = None
        where, told = "the port", self._start_s <= _PATIENT_S
        while True:
            try:
                reason = None
                where = self._find_port()
                self._stream = _open(where)
                if self._exchange(HELLO, None, try_s) is not None:
                    return
                try_s = min(2 * try_s, ANSWER_S)  # a busy watch would never come to the latest of many questions
                self._stream.write(_FILLER)
                time.sleep(_QUIET_S)
            except (OSError, serial.SerialException, UserError) as problem:
                reason = problem
                time.sleep(_POLL_S)
            self.close()
            waited_s = time.monotonic() - begun
            if waited_s > self._start_s:
                raise _silent(where, reason)
            if not told and waited_s > _TRY_S / 2:
                told = True
                self._say(f"No watch answers yet on {where}; waiting {self._start_s:.0f} s for one that starts")

    def _exchange(self, kind: int, body: object, wait_s: float) -> bytes | None:
        """Send a message; returns the answer to it, or None if none comes in time."""
        self._sequence = (self._sequence + 1) % _SEQUENCES
        message = encode(kind, self._sequence, body)
        self._pending.clear()
        stream = self._stream
        if stream is None:
            return None
        stream.write(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
        until = time.monotonic() + wait_s
        begins = encode(kind, self._sequence, None)[1:-1]
        while time.monotonic() < until:
            self._pending += stream.read(_READ_BYTES)
            answer = find_answer(self._pending, begins)
            if answer is not None:
                return answer
        return None


def _silent(where: str, reason: Exception | None) -> UserError:
    """Nobody answered: the port is what is wrong, if it could not be used."""
    if isinstance(reason, UserError):
        return reason
    problem = UserError(f"no watch answers on {where}", _HINT)
    problem.__cause__ = reason
    return problem


def _open(port: str) -> serial.SerialBase:
    try:
        return _opened(port)
    except (OSError, serial.SerialException):
        why = ports.cannot_open(port)
        raise why from why.__cause__


def find_answer(data: bytearray, begins: bytes) -> bytes | None:
    """The answer in a stream that may hold lines of text as well; None if it is not there, or not all of it.

    `begins`: kind and sequence, as they follow the head of the array.
    """
    at = data.find(bytes((_ANSWER_BEGINS,)) + begins, _LENGTH_BYTES)
    if at < 0:
        return None
    size = int.from_bytes(data[at - _LENGTH_BYTES : at], "big")
    whole = bytes(data[at : at + size])
    return whole if len(whole) == size else None


def _opened(port: str) -> serial.SerialBase:
    stream = serial.serial_for_url(port, baudrate=_BAUD, timeout=_POLL_S, write_timeout=ANSWER_S, do_not_open=True)
    stream.dtr = stream.rts = False  # they are wired to reset and BOOT
    stream.open()
    return stream
