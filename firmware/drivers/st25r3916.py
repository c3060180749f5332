"""ST25R3916 and ST25R3916B as an NFC-A listener: `ports.Nfc` on SPI. This half receives and sends frames.

The chip answers REQA, anticollision and SELECT by itself. After SELECT it must be told at once that frames are ours:
a reader may send RATS 0.5 ms later. Interrupts only call back; whoever is called comes to `receive`, which polls the
interrupt line. Register names and bits: DS12484 section 4.5, DS13658.
"""

import micropython
from micropython import const

from drivers import st25r3916_setup as chip
from drivers.st25r3916_bus import ERROR, FIFO_COUNT, FIFO_STATE, FRAME_BYTES, MAIN, TARGET, TIMER
from drivers.st25r3916_listener import Listener

_TICKS = const(0x3FFF_FFFF)
"""Ticks are compared modulo 2^30, where those of the board wrap."""

_CRC_BYTES = const(2)
_LONGEST = const(254)
"""Data bytes of the longest frame."""

# Interrupts: MAIN, TIMER, ERROR, TARGET.
_RXS = const(0x20)
_RXE = const(0x10)
_TXE = const(0x08)
_EON = const(0x10)
_EOF = const(0x08)
_DAMAGE = const(0xF0)  # crc, par, err2, err1

_PART = const(0x3E)  # FIFO underflow, overflow, bits of a last byte that is not whole
_COUNT_HIGH = const(0xC0)

_STUCK_US = const(50_000)
"""A frame that has begun and not ended by then never will: the longest takes 22 ms."""
_SENDING_US = const(30_000)
"""The longest answer takes 22 ms."""


class St25r3916(Listener):
    """One reader chip in listen mode, and the frames after SELECT."""

    def look(self, pin: object = None) -> None:
        """The processor has slept, which hears no edges, and the line is high: as if it had just risen.

        In low power the chip's clock starts at once, before whoever is called comes to `receive`.
        """
        self._attend()
        self._interrupt(pin)

    @micropython.native  # as bytecode its frame would come from the heap
    def receive(self, frame: bytearray, timeout_us: int) -> int:
        """Wait for one frame after SELECT. Returns its length without CRC; 0 at the timeout; -1 without a field.

        A frame that has begun is waited for up to 50 ms longer. Raises ValueError if `frame` is shorter than 254 bytes.
        Allocates nothing.
        """
        if len(frame) < _LONGEST:
            raise ValueError("nfc: buffer shorter than a frame")
        self._serving = True
        try:
            return self._wait(frame, timeout_us)
        finally:
            self._serving = False
            if self._callback and (self._ready or self._line()):
                self._callback()  # it came after the last look, and its edge called nobody

    def transmit(self, frame: bytearray, length: int) -> None:
        """Send `length` bytes, 1 to 254; the chip appends the CRC. Allocates nothing. Raises ValueError.

        Nothing is sent if the field has gone or the reader speaks again; it will ask anew.
        """
        if not 0 < length <= _LONGEST or length > len(frame):
            raise ValueError("nfc: frame of 1 to 254 bytes")
        if self._line():
            self._attend()
        if self._lost or self._receiving or self._ready or not self._field:
            return
        bus = self._bus
        bus.command(chip.CLEAR_FIFO)  # not "stop", which would lose the timing of the answer
        bus.write_pair(chip.TRANSMIT_LENGTH, length >> 5, length << 3 & 0xFF)
        bus.load_fifo(frame, length)
        bus.command(chip.TRANSMIT)
        self._sending = True

    def halt(self) -> None:
        """Go to the HALT state once what is being sent is out: only WUPA wakes the card again."""
        self._finish_sending()
        if self._lost or not self._field:
            return  # a chip without a field is in no state to halt
        self._bus.write(chip.PASSIVE_TARGET, chip.PASSIVE_ANTICOLLISION)
        self._bus.command(chip.SLEEP)

    def _finish_sending(self) -> None:
        start = self._ticks_us()
        while self._sending and self._since(start) < _SENDING_US:
            if self._line():
                self._attend()
        self._sending = False

    def _since(self, start_us: int) -> int:
        return (self._ticks_us() - start_us) & _TICKS

    def _wait(self, frame: bytearray, timeout_us: int) -> int:
        start = self._ticks_us()
        while True:
            if self._line():
                self._attend()
            if self._lost or not self._field:
                self._lost = False
                return -1
            if self._ready:
                length = self._take(frame)
                if length:
                    return length
            waited = self._since(start)
            if waited >= timeout_us and not self._receiving:
                return 0
            if self._receiving and self._since(self._started_us) >= _STUCK_US:
                self._drop()
            if waited >= timeout_us + _STUCK_US:
                return 0  # nothing but beginnings: noise

    def _attend(self) -> None:
        """Read why the chip called, and note it."""
        bus = self._bus
        bus.read_status()
        status = self._status
        timer = status[TIMER]
        if timer & _EOF:
            self._end_field()
            return
        if status[TARGET] or timer & _EON:
            self._follow(status[TARGET], timer)
        main = status[MAIN]
        if main & _TXE:
            self._sending = False
        if main & _RXS:
            self._receiving = True
            self._started_us = self._ticks_us()
            self._errors = 0
        self._errors |= status[ERROR]
        if main & _RXE:
            self._ready = True
            self._receiving = False

    def _take(self, frame: bytearray) -> int:
        """Read the frame from the FIFO; its length, or 0 if it was none."""
        status = self._status
        count = status[FIFO_COUNT] | (status[FIFO_STATE] & _COUNT_HIGH) << 2
        whole = _CRC_BYTES < count <= FRAME_BYTES and not status[FIFO_STATE] & _PART
        # The CRC is checked here as well: the chip does not always (bit-rate detection), nor does it know of leftovers.
        if not whole or self._errors & _DAMAGE or not self._bus.read_fifo(frame, count):
            self._drop()
            return 0
        self._clear()
        return count - _CRC_BYTES
