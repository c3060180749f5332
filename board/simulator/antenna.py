"""The simulated antenna: datagrams of nfcpy's `udp:` device on one side, the modelled radio chip on the other.

The watch binds the port; readers send text datagrams: `106A <hex>` is one frame without CRC, `RFOFF` the end of their
field. A datagram in another technology (`106B`, `212F` ...) is a field without anything for us. What the chip does in
hardware its model does, at once; everything else is up to the driver, which is the board's own.
"""

import asyncio
import asyncio.core
import binascii
import select
import socket
import time

from micropython import const

from board.simulator import frames
from board.simulator.chips.spi import InterruptPin, Spi, SpiBus
from board.simulator.chips.st25r3916 import Chip
from board.simulator.chips.st25r3916_air import REQA, WUPA, Air
from board.simulator.chips.st25r3916_names import US
from drivers.st25r3916 import St25r3916

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from board.simulator.chips.st25r3916 import Answer
    from board.simulator.link import Link

_ticks_us: "Callable[[], int]" = time.ticks_us  # type: ignore[assignment]

_TECHNOLOGY = b"106A"
_FIELD_OFF = b"RFOFF"
_DATAGRAM_BYTES = const(2048)
_PEEK = const(2)
"""`MSG_PEEK` of recv(2), on Linux and on macOS."""
_POLL_MS = const(2)
"""How long the driver's look at a quiet interrupt line takes here, so that its loop leaves the processor to others."""

_ANTICOLLISION = b"\x93\x20"
_SELECT = b"\x93\x70"
_SELECT_BYTES = const(7)


class _WaitingPin(InterruptPin):
    """An interrupt line that lets the air in when the driver, with nothing else to do, looks at it again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.look: "Callable[[], None]" = _nothing
        self.fallen = asyncio.Event()

    def __call__(self) -> int:
        """The level."""
        if not self.level:
            self.look()
        return self.level

    def drive(self, level: int) -> None:
        """The chip's side of the wire."""
        if not level:
            self.fallen.set()
        super().drive(level)


class Antenna:
    """One radio, one reader at a time. `radio` is the watch's driver, which needs `pump` to run."""

    def __init__(self, host: str, port: int, low_power: bool = False) -> None:
        """Bind `host:port`; `low_power` is how the radio rests. Raises OSError, for example EADDRINUSE."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(socket.getaddrinfo(host, port)[0][-1])
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._reader: "Any" = None
        self._transfers = 0
        self.on_field: "Callable[[bool], None]" = _unseen
        """Called when a reader's field comes or goes."""
        self.misuse: "list[str]" = []
        self._pin = _WaitingPin()
        self._pin.look = self._look
        bus = SpiBus(self.misuse)
        self.chip = Chip(self._pin, self.misuse)
        self.chip.on_transmit = self._answer
        self.air = Air(self.chip)
        select_line = bus.attach(self.chip)
        self.radio = St25r3916(Spi(bus), select_line, self._pin, _ticks_us, self._delay_us, low_power=low_power)
        self.radio.start()

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()

    async def pump(self) -> None:
        """The task that lets the air in while nobody is in `receive`.

        Raises RuntimeError if the driver has done what the chip forbids: a simulated watch must not hide that.
        """
        while True:
            await self._readable()
            if self.misuse:
                raise RuntimeError(self.misuse[0])
            while self._pin.level and self._pin.handler:  # the watch has been called and has not come yet
                self._pin.fallen.clear()
                await self._pin.fallen.wait()
            self.take(0)

    def take(self, timeout_ms: int) -> None:
        """Wait for one datagram at most, and let it reach the chip."""
        for _ in self._poll.ipoll(timeout_ms):
            datagram, reader = self._socket.recvfrom(_DATAGRAM_BYTES, _PEEK)  # type: ignore[call-arg] # stubs lack flags
            if self._ends_field(datagram, reader):
                self._field(False)
                return  # the datagram stays until the driver has seen the end of the field
            if datagram != _FIELD_OFF and not self.chip.efd:
                self._reader = reader
                self._field(True)
                return  # it stays as well: a reader polls 5 ms after its field came, when the watch has seen it
            self._socket.recvfrom(_DATAGRAM_BYTES)
            if datagram != _FIELD_OFF:
                self._reader = reader
                self.hear(datagram)
                self.chip.time.settle()

    def hear(self, datagram: bytes) -> None:
        """Give the frame in a datagram to the chip; answer at once what the chip answers by itself."""
        air, data = self.air, _frame(datagram)
        answer = None
        if _polls(data):
            answer = air.short(data[0])
        elif data == _ANTICOLLISION:
            answer = air.anticoll(1)
        elif data[:2] == _SELECT and len(data) == _SELECT_BYTES:
            answer = air.select(1, data[2:])
        elif data:
            air.frame(data)
        if answer is not None:
            self._send(answer)

    def _look(self) -> None:
        """The driver looks at a low line. After transfers it may only check; without any in between it waits."""
        if self.chip.transfers != self._transfers:
            self._transfers = self.chip.transfers
            self.chip.time.settle()
        else:
            self.take(_POLL_MS)

    def _field(self, on: bool) -> None:
        if on != self.chip.efd:
            self.air.field(on)
            self.on_field(on)

    def _ends_field(self, datagram: bytes, reader: "Any") -> bool:
        """True if a field is on and this says, or implies, that it went off.

        A reader that polls again has switched its field off, whether or not it said so, and so has one whose place
        another one takes.
        """
        if not self.chip.efd:
            return False
        if datagram == _FIELD_OFF:
            return reader == self._reader
        return reader != self._reader or (self.air.active and _polls(_frame(datagram)))

    def _readable(self) -> "Any":
        # How asyncio's own streams wait; they have no datagrams.
        yield asyncio.core._io_queue.queue_read(self._socket)

    def _delay_us(self, delay_us: int) -> None:
        self.chip.time.advance(int(delay_us * US))

    def _answer(self, answer: "Answer") -> None:
        if answer.aligned:
            self._send(answer.data)

    def _send(self, data: bytes) -> None:
        self._socket.sendto(_TECHNOLOGY + b" " + binascii.hexlify(data), self._reader)


def antenna_at(address: "str | None", link: "Link") -> "Antenna | None":
    """The air at `udp:HOST:PORT`, with the radio in it; None for a card link that needs no radio."""
    if not address or not address.startswith("udp:"):
        return None
    host, port = address[4:].rsplit(":", 1)
    antenna = Antenna(host, int(port))
    antenna.on_field = lambda on: link.send(frames.FIELD, b"\1" if on else b"\0")
    return antenna


def _nothing() -> None:
    """What a line that nobody watches lets in."""


def _unseen(on: bool) -> None:
    """A field that nobody is told of."""


def _polls(data: bytes) -> bool:
    """True for REQA and WUPA."""
    return len(data) == 1 and data[0] in (REQA, WUPA)


def _frame(datagram: bytes) -> bytes:
    """The frame in a datagram of type A at 106 kbit/s; empty for anything else."""
    parts = datagram.split()
    if len(parts) != 2 or parts[0] != _TECHNOLOGY:
        return b""
    try:
        return binascii.unhexlify(parts[1])
    except ValueError:  # noise on the air: a frame with errors is no frame
        return b""
