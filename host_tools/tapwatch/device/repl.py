"""The REPL of a watch that runs a development image, by mpremote's transport: interrupt, ask, let it go on.

docs/updates.md, "Development images", has the interrupt. A release image knows no such bytes, so it is asked first what
it is. mpremote is under the MIT licence.
"""

from __future__ import annotations

import binascii
import io
import re
import secrets
import struct
import time
from contextlib import contextmanager, redirect_stdout, suppress
from typing import TYPE_CHECKING, Any, Self, TypeVar

import serial
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.flashing import ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

Found = TypeVar("Found")

_QUIETS_S = (0.7, 1.0, 2.0, 4.0, 6.0)
"""Silence before each try: the watch wants 500 ms, and may be busy with its start."""
_READ_S = 0.5
_ENTER_S, _BACK_S = 1, 10
"""For a try, of which there are more; and back from the REPL for people, where there is one."""
_SILENCE_S = 10.0
"""Longest time in which nothing comes while the watch works, and in which it takes none of what is sent."""
_READ_BYTES = 4096
_MARK_BYTES = 6
_CTRL_C, _END = b"\r\x03", b"\x04"
_END_S = 0.3
"""From Ctrl-C to the end of what runs: what is sent before that may be lost with it."""
_GO_ON = "import micropython\nmicropython.kbd_intr(-1)\nif not run(globals()): machine.reset()"
"""The end of `firmware/main.py` once more: `run` is its function, and finds the watch."""
_RESET = "import machine\nmachine.reset()"
_BLOCK = re.compile(rb"= (\d+) ([0-9a-f]{8}) ([A-Za-z0-9+/=]*)")
_LAST = re.compile(rb"\. (\d+)")
_GONE = (TransportError, OSError, serial.SerialException, struct.error)
"""What mpremote raises when the watch has gone or says no more; the last where two bytes that it wants never came."""
_AGAIN = "give the same command again; another cable may help"
_STUCK = "give another command in a minute, or reset the watch"
_STOPPED = 130
"""What shells report for Ctrl-C."""
_PULLED = "put the cable back in; the watch goes on by itself, or after a reset"


class WatchRaised(UserError):
    """Lines of Python raised on the watch."""

    def __init__(self, printed: bytes, traceback: str) -> None:
        super().__init__("the watch could not do it", "is its system of this version?", EXIT_FAILED)
        self.printed = printed
        """What they printed before."""
        self.traceback = traceback
        self.__cause__ = RuntimeError((traceback.strip().splitlines() or ["nothing"])[-1])


class Repl:
    """The raw REPL of one watch. Use it as a context manager: at its end the watch goes on where it was."""

    def __init__(self, port: str, log: Callable[[str], None] = lambda line: None) -> None:
        """`port`: a serial port. `log` gets lines about what is done, for people."""
        self._port = port
        self._log = log
        self._transport: SerialTransport | None = None
        self.has_watch = False
        """The watch that was interrupted is there; not so after a soft reset, or on stock MicroPython."""
        self.restart = False
        """At the end the watch starts anew instead."""

    def __enter__(self) -> Self:
        self._transport = transport = _opened(self._port)
        self._stream = transport.serial = _Stream(transport.serial)
        try:
            self._interrupt()
        except BaseException as reason:
            with suppress(*_GONE, UserError):  # what ended it is what the user wants to know
                if isinstance(reason, KeyboardInterrupt):
                    self._stop()
                    self._look()
                    self._leave()
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is KeyboardInterrupt:
                self._stop()
            self._leave()
        except _GONE as problem:
            if kind is KeyboardInterrupt:
                raise UserError("stopped, but the watch does not stop what it does", _STUCK, _STOPPED) from problem
            # A restart may take the port away before its answer is read; another error is what the user wants to know.
            if kind is None and not self.restart:
                raise pulled() from problem
        finally:
            self._close()

    @property
    def transport(self) -> SerialTransport:
        """That of mpremote, in its raw REPL."""
        if self._transport is None:
            raise UserError("the REPL is not open", exit_code=EXIT_FAILED)
        return self._transport

    def run(self, source: str, silence_s: float = _SILENCE_S) -> bytes:
        """Run lines of Python; returns what they printed. Raises UserError; WatchRaised for what they raised."""
        try:
            self._give(source)
            printed, raised = self._until_end(silence_s), self._until_end(silence_s)
        except _GONE as problem:
            raise pulled() from problem
        if raised:
            raise WatchRaised(printed, raised.decode("utf-8", "replace"))
        return printed

    def blocks(self, source: str) -> list[bytes]:
        """Run lines that print blocks (`watch.system.workbench.blocks`); returns them. Raises UserError."""
        return read_blocks(self.run(source))

    @contextmanager
    def friendly(self) -> Iterator[SerialTransport]:
        """The REPL for people meanwhile. Raises UserError."""
        transport = self.transport
        try:
            transport.exit_raw_repl()
            transport.serial = self._stream.serial
            yield transport
            transport.serial = self._stream
            with _silence():
                transport.enter_raw_repl(soft_reset=False, timeout_overall=_BACK_S)
        except _GONE as problem:
            raise pulled() from problem

    def _leave(self) -> None:
        """Restart the watch, let it go on, or leave a REPL without a watch to the next one."""
        if self._transport is not None:
            if self.restart or self.has_watch:
                self._give(_RESET if self.restart else _GO_ON)
            else:
                self._transport.exit_raw_repl()

    def _interrupt(self) -> None:
        """Into the raw REPL. Bytes that came just before hide the interrupt, so it is tried again."""
        problem: Exception | None = None
        for quiet_s in _QUIETS_S:
            try:
                self._hush(quiet_s)
                with _silence():
                    self.transport.enter_raw_repl(soft_reset=False, timeout_overall=_ENTER_S)
                self._meet()
            except TransportError as error:
                problem = error
                continue
            except (OSError, serial.SerialException) as error:
                raise pulled() from error
            self._look()
            return
        hint = "only a development image opens its REPL; is the port right, and free?"
        raise UserError(f"no REPL answers on {self._port}", hint) from problem

    def _hush(self, quiet_s: float) -> None:
        """Say nothing for so long, and until what is left of an answer that was cut off has come, if that ends."""
        began_s, heard = time.monotonic(), b""
        while (gone_s := time.monotonic() - began_s) < quiet_s or (heard and gone_s < quiet_s + _SILENCE_S):
            heard = self._stream.serial.read(_READ_BYTES)

    def _meet(self) -> None:
        """Skip what the watch says to earlier tries: what comes after this is an answer to what is sent after this."""
        mark = secrets.token_hex(_MARK_BYTES).encode()
        self._stream.write(b"print('" + mark + b"')" + _END)
        met = re.compile(b"OK" + mark + b"\r?\n" + _END + _END + b">")
        after = self._until(lambda data: data[at.end() :] if (at := met.search(data)) else None, _SILENCE_S)
        self._stream.give_back(b">" + bytes(after))

    def _look(self) -> None:
        self.has_watch = b"True" in self.run("print('watch' in globals() and 'run' in globals())")

    def _stop(self) -> None:
        """End what the watch does, or does not yet do, for somebody who will not wait for it."""
        transport = self.transport
        transport.serial = self._stream
        self._stream.write(_CTRL_C)
        time.sleep(_END_S)
        with _silence():
            transport.enter_raw_repl(soft_reset=False, timeout_overall=_ENTER_S)
        self._meet()

    def _give(self, source: str) -> None:
        """Send lines to run. mpremote takes a first silence for an old REPL that cannot; a busy watch is slower."""
        self._stream.patience_s = _SILENCE_S
        try:
            self.transport.exec_raw_no_follow(source)
        finally:
            self._stream.patience_s = 0.0

    def _until_end(self, silence_s: float) -> bytes:
        """What comes before the next 04h."""
        before, _, after = self._until(lambda data: data.partition(_END) if _END in data else None, silence_s)
        self._stream.give_back(bytes(after))
        return bytes(before)

    def _until(self, found: Callable[[bytearray], Found | None], silence_s: float) -> Found:
        """Read as it comes, and not byte by byte, until this is found in all of it. Raises TransportError."""
        stream, data, there = self._stream, bytearray(), None
        heard_s = time.monotonic()
        while there is None:
            more = stream.read(stream.inWaiting() or 1)
            if more:
                heard_s = time.monotonic()
            elif time.monotonic() - heard_s > silence_s:
                raise TransportError("nothing came any more")
            data += more
            there = found(data)
        return there

    def _close(self) -> None:
        if self._transport is not None:
            try:
                self._transport.serial = self._stream.serial
                self._transport.close()
            except (OSError, serial.SerialException) as problem:
                self._log(f"the port could not be closed in good order: {problem}")
            self._transport = None


class _Stream:
    """A serial port that bytes can be given back to, as far as mpremote uses one."""

    def __init__(self, port: Any) -> None:
        self.serial = port
        self.patience_s = 0.0
        """How long a read waits for all that it was asked for, if that is longer than half a second."""
        self._given = b""

    def inWaiting(self) -> int:  # noqa: N802 # so called by pyserial
        """Bytes that can be read at once."""
        return len(self._given) or self.serial.in_waiting

    def read(self, size: int = 1) -> bytes:
        """At most so many bytes; none after half a second without any."""
        until = time.monotonic() + self.patience_s
        taken, self._given = self._given[:size], self._given[size:]
        taken = taken or self.serial.read(size)
        while len(taken) < size and time.monotonic() < until:
            taken += self.serial.read(size - len(taken))
        return taken

    def write(self, data: bytes) -> int | None:
        """Send."""
        return self.serial.write(data)

    def give_back(self, data: bytes) -> None:
        """These bytes are read next."""
        self._given = data + self._given


def read_blocks(printed: bytes) -> list[bytes]:
    """The blocks among printed lines. Raises UserError if one has changed, or not all have come."""
    found: list[bytes] = []
    for line in printed.splitlines():
        if match := _BLOCK.fullmatch(line):
            found.append(_checked(int(match[1]), int(match[2], 16), match[3]))
        elif (match := _LAST.fullmatch(line)) and int(match[1]) == len(found):
            return found
    raise UserError("what the watch sent has not come whole", _AGAIN, EXIT_FAILED)


def _checked(length: int, crc: int, text: bytes) -> bytes:
    try:
        data = binascii.a2b_base64(text)
    except binascii.Error:
        data = b""
    if len(data) != length or binascii.crc32(data) != crc:
        raise UserError("what the watch sent has changed on the way", _AGAIN, EXIT_FAILED)
    return data


def _opened(port: str) -> SerialTransport:
    try:
        transport = SerialTransport(port, timeout=_READ_S)
        stream: Any = transport.serial
        stream.write_timeout = _SILENCE_S
        return transport
    except _GONE:
        why = ports.cannot_open(port)
        raise why from why.__cause__


def pulled() -> UserError:
    """The cable is out, or the watch has started anew."""
    return UserError("the watch went away in the middle of it", _PULLED)


def _silence() -> AbstractContextManager[object]:
    """Around a call of mpremote, which prints what it has heard before it raises."""
    return redirect_stdout(io.StringIO())
