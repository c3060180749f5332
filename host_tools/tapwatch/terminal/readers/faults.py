"""Faults on purpose, wrapped around the real thing: a field that goes, frames and commands repeated or swapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.readers.port import CardInfo, CardLost, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.terminal.readers.antenna import Antenna


class FieldDrop:
    """An antenna whose field goes off after `after` frames, counted in both directions together.

    An odd number drops the field when the card has a frame and its answer is not heard; an even one after an answer.
    The field comes back with the next `send` after `field_off`, as when the card is presented again, and stays on.
    """

    def __init__(self, antenna: Antenna, after: int) -> None:
        self._antenna = antenna
        self._left = after
        self._gone = False
        self.frames = 0
        """Frames seen so far, both directions."""

    def send(self, frame: bytes) -> None:
        """Send, unless the field is gone."""
        if self._gone:
            raise CardLost("the field went off")
        self._antenna.send(frame)
        self._count()

    def receive(self, timeout_s: float) -> bytes | None:
        """Receive; a card without a field is silent."""
        if self._gone:
            raise CardLost("the field went off")
        frame = self._antenna.receive(timeout_s)
        if frame is not None:
            self._count()
        return frame

    def field_off(self) -> None:
        """Switch the field off; the next one stays on."""
        self._gone = False
        self._antenna.field_off()

    def _count(self) -> None:
        self.frames += 1
        if self.frames == self._left:
            self._antenna.field_off()
            self._gone = True


class FrameRepeat:
    """An antenna that sends its `which`-th frame (from 1) twice; the first answer is not heard."""

    def __init__(self, antenna: Antenna, which: int, wait_s: float = 0.05) -> None:
        self._antenna = antenna
        self._which = which
        self._wait_s = wait_s
        self._sent = 0

    def send(self, frame: bytes) -> None:
        """Send once or twice."""
        self._sent += 1
        self._antenna.send(frame)
        if self._sent == self._which:
            self._antenna.receive(self._wait_s)
            self._antenna.send(frame)

    def receive(self, timeout_s: float) -> bytes | None:
        """Receive."""
        return self._antenna.receive(timeout_s)

    def field_off(self) -> None:
        """Switch the field off."""
        self._antenna.field_off()


class FrameLoss:
    """An antenna that loses answers: `lost(n)` says whether the n-th answer (from 1) is not heard."""

    def __init__(self, antenna: Antenna, lost: Callable[[int], bool]) -> None:
        self._antenna = antenna
        self._lost = lost
        self._received = 0

    def send(self, frame: bytes) -> None:
        """Send."""
        self._antenna.send(frame)

    def receive(self, timeout_s: float) -> bytes | None:
        """Receive, or lose."""
        frame = self._antenna.receive(timeout_s)
        if frame is None:
            return None
        self._received += 1
        return None if self._lost(self._received) else frame

    def field_off(self) -> None:
        """Switch the field off."""
        self._antenna.field_off()


class CommandFaults:
    """A reader that sends extra commands around the terminal's own.

    Args:
        reader: the real one.
        before: given the number of the command (from 1) and its bytes, the commands to send first; their answers are
            kept in `extra`. Repeating is sending the command itself first; reordering is sending a later one first.
    """

    def __init__(self, reader: Reader, before: Callable[[int, bytes], list[bytes]]) -> None:
        self.name = reader.name
        self._reader = reader
        self._before = before
        self._sent = 0
        self.extra: list[tuple[bytes, bytes]] = []
        """Extra commands and their answers."""

    def connect(self, timeout_s: float) -> CardInfo:
        """Connect; commands are counted from here."""
        self._sent = 0
        return self._reader.connect(timeout_s)

    def transmit(self, apdu: bytes) -> bytes:
        """Send the extra commands, then this one."""
        self._sent += 1
        for extra in self._before(self._sent, apdu):
            self.extra.append((extra, self._reader.transmit(extra)))
        return self._reader.transmit(apdu)

    def disconnect(self) -> None:
        """Switch the field off."""
        self._reader.disconnect()
