"""ST25R3916 and ST25R3916B as an NFC-A listener: `ports.Nfc` on SPI. Receiver always on while armed.

The chip answers REQA, anticollision and SELECT by itself. After SELECT it must be told at once that frames are ours:
a reader may send RATS 0.5 ms later. Interrupts only call back; whoever is called comes to `receive`, which polls the
interrupt line. Register names and bits: DS12484 section 4.5, DS13658.
"""

import micropython
from micropython import const

from drivers import st25r3916_setup as chip
from drivers.st25r3916_bus import ERROR, FIFO_COUNT, FIFO_STATE, FRAME_BYTES, MAIN, STATE, TARGET, TIMER, Bus

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from drivers.st25r3916_bus import Select, Spi

    class InterruptPin(Protocol):
        """What the driver uses of `machine.Pin`."""

        def __call__(self) -> int:
            """The level."""
            ...

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...


_RISING = const(1)
"""`machine.Pin.IRQ_RISING` on the ESP32."""
_TICKS = const(0x3FFF_FFFF)
"""Ticks are compared modulo 2^30, where those of the board wrap."""

_CRC_BYTES = const(2)
_LONGEST = const(254)
"""Data bytes of the longest frame."""
_ATQA_BYTES = const(2)
_UID_BYTES = const(4)
_CASCADE = const(0x04)
"""SAK bit that says the UID goes on; never set for one of 4 bytes."""

# Interrupts: MAIN, TIMER, ERROR, TARGET.
_RXS = const(0x20)
_RXE = const(0x10)
_TXE = const(0x08)
_EON = const(0x10)
_EOF = const(0x08)
_DAMAGE = const(0xF0)  # crc, par, err2, err1
_SELECTED = const(0x03)  # wu_a from IDLE, wu_a_x from HALT

_STATE = const(0x07)
_READY = const(3)
"""Target states up to here are off, IDLE or HALT, READY: if SELECT was seen, the reader has gone on since."""

_PART = const(0x3E)  # FIFO underflow, overflow, bits of a last byte that is not whole
_COUNT_HIGH = const(0xC0)

_STUCK_US = const(50_000)
"""A frame that has begun and not ended by then never will: the longest takes 22 ms."""
_SENDING_US = const(30_000)
"""The longest answer takes 22 ms."""


class St25r3916:
    """One reader chip in listen mode."""

    def __init__(
        self,
        spi: "Spi",
        select: "Select",
        interrupt: "InterruptPin",
        ticks_us: "Callable[[], int]",
        delay_us: "Callable[[int], object]",
    ) -> None:
        """`spi` is in mode 1 at 10 MHz at most; `select` and `interrupt` are its chip select and interrupt pins.

        `ticks_us` wraps at 2^30 or a multiple of it.
        """
        self._bus = Bus(spi, select)
        self._status = self._bus.status
        self._line = interrupt
        self._ticks_us = ticks_us
        self._delay_us = delay_us
        self._callback: "Optional[Callable[[], None]]" = None
        self._serving = False  # somebody is in `receive`
        self._armed = False
        self._field = False
        self._lost = False  # the field went and nobody was told yet
        self._sending = False
        self._clear()

    def _clear(self) -> None:
        """Forget what was being received."""
        self._receiving = False
        self._started_us = 0
        self._ready = False  # a frame is in the FIFO
        self._errors = 0  # of the frame being received

    def start(self) -> None:
        """Power up. Raises OSError: ENODEV if another chip or none answers, ETIMEDOUT if it does not start."""
        chip.power_up(self._bus, self._delay_us)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when a field appears or a frame waits while nobody is in `receive`."""
        self._callback = callback
        self._line.irq(self._interrupt, _RISING)

    def _interrupt(self, pin: object) -> None:
        if not self._serving and self._callback:
            self._callback()

    def arm(self, uid: bytes, atqa: bytes, sak: int) -> None:
        """Answer readers with this UID (4 bytes), ATQA (2 bytes, low byte first) and SAK.

        Raises ValueError, and OSError(ETIMEDOUT) if the chip does not start.
        """
        if len(uid) != _UID_BYTES or len(atqa) != _ATQA_BYTES or not 0 <= sak <= 0xFF:
            raise ValueError("nfc: UID of 4 bytes, ATQA of 2, SAK of 1")
        memory = uid + bytes(6) + atqa + bytes((sak & ~_CASCADE,)) * 3
        if self._armed:
            self._bus.load_identity(memory)
            return
        chip.listen(self._bus, memory, self._delay_us)
        self._armed = True
        self._field = self.field()  # one that was there already raises no interrupt

    def disarm(self) -> None:
        """Answer no reader any more, and let the chip rest. A reader that was being served is lost."""
        bus = self._bus
        bus.write_all(chip.IRQ_MASKS, chip.NO_IRQ)
        bus.command(chip.STOP)
        bus.command(chip.SENSE)
        bus.write(chip.OPERATION, chip.OPERATION_FIELD_DETECTOR)
        self._clear()
        self._lost = self._lost or self._field
        self._armed = self._field = self._sending = False

    def field(self) -> bool:
        """True while a reader's field is on."""
        return bool(self._bus.read(chip.DISPLAY) & chip.FIELD_PRESENT)

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
        if status[TARGET] & _SELECTED and status[STATE] & _STATE > _READY:
            bus.write(chip.PASSIVE_TARGET, chip.PASSIVE_FRAMES)  # before all else: RATS may be on its way
            self._field = True
        elif timer & _EON:
            self._field = True
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

    def _end_field(self) -> None:
        """A clean start for the next reader, whatever the last one was doing."""
        bus = self._bus
        bus.write(chip.PASSIVE_TARGET, chip.PASSIVE_ANTICOLLISION)
        self._drop()
        bus.command(chip.SENSE)
        bus.read_status()  # what else came belongs to the old field
        self._field = self.field()
        self._lost = True
        self._sending = False

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

    def _drop(self) -> None:
        """Throw away what was received, and listen on."""
        self._clear()
        self._bus.command(chip.CLEAR_FIFO)
        self._bus.command(chip.UNMASK_RECEIVE)
