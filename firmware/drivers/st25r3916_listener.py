"""ST25R3916 as an NFC-A listener, the half that follows the field: start, arming, rest, the way to SELECT and back.

While armed the receiver is always on; or, in low power, only the field detector is until a field comes. Register names
and bits: DS12484 section 4.5, DS13658.
"""

import errno

from micropython import const

from drivers import st25r3916_setup as chip
from drivers.st25r3916_antenna import Antenna, examine
from drivers.st25r3916_bus import STATE, Bus

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from drivers.st25r3916_antenna import Examination
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

_ATQA_BYTES = const(2)
_UID_BYTES = const(4)
_CASCADE = const(0x04)
"""SAK bit that says the UID goes on; never set for one of 4 bytes."""

# Interrupts: TIMER, TARGET.
_EON = const(0x10)
_SELECTED = const(0x03)  # wu_a from IDLE, wu_a_x from HALT
_UNDERSTOOD = const(0x13)  # these, and rxe_pta: the chip itself has understood a frame

_STATE = const(0x07)
_IDLE = const(1)
_READY = const(3)
"""Target states up to here are off, IDLE or HALT, READY: if SELECT was seen, the reader has gone on since."""


class Listener:
    """One reader chip in listen mode, but for its frames."""

    def __init__(
        self,
        spi: "Spi",
        select: "Select",
        interrupt: "InterruptPin",
        ticks_us: "Callable[[], int]",
        delay_us: "Callable[[int], object]",
        antenna: "Optional[Antenna]" = None,
        low_power: bool = False,
    ) -> None:
        """`spi` is in mode 1 at 10 MHz at most; `select` and `interrupt` are its chip select and interrupt pins.

        `ticks_us` wraps at 2^30 or a multiple of it. `antenna` is what this board has instead of the usual settings;
        `low_power` is how it rests at first, see `rest`.
        """
        self._bus = Bus(spi, select)
        self._status = self._bus.status
        self._line = interrupt
        self._ticks_us = ticks_us
        self._delay_us = delay_us
        self._antenna = antenna or Antenna()
        self._low_power = low_power
        self.kind = ""
        """The name of the chip, once started."""
        self._callback: "Optional[Callable[[], None]]" = None
        self._serving = False  # somebody is in `receive`
        self._lost = False  # the field went and nobody was told yet
        self._forget()

    def _forget(self) -> None:
        """The chip is in power-down and listens to nobody."""
        self._armed = False
        self._frugal = False  # armed in low power
        self._awake = False  # armed, and its clock runs
        self._detecting = False  # it has not been told the bit rate
        self._field = False
        self._sending = False
        self._clear()

    def _clear(self) -> None:
        """Forget what was being received."""
        self._receiving = False
        self._started_us = 0
        self._ready = False  # a frame is in the FIFO
        self._errors = 0  # of the frame being received

    def start(self) -> None:
        """Power up.

        Raises OSError: ENODEV if another chip or none answers, ETIMEDOUT if it does not start or its line is dead.
        """
        self._lost = self._lost or self._field
        self._forget()
        self._serving = True  # what the line says meanwhile is no news
        try:
            self.kind = chip.power_up(self._bus, self._antenna, self._delay_us, self._line)
        finally:
            self._serving = False

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
        if self._armed and (self._field or not (self._frugal or self._low_power)):
            self._bus.load_identity(memory)
            return
        self._frugal = self._low_power
        chip.listen(self._bus, memory, self._frugal, self._delay_us)
        self._armed, self._awake, self._detecting = True, True, self._frugal
        self._field = self.field()  # one that was there already raises no interrupt
        if self._frugal and not self._field:
            self._sleep()

    def rest(self, on: bool) -> None:
        """Choose how to wait for readers from the next arming without a field on.

        True: with little power; the first poll of a reader may go unanswered while the clock starts (about 1 ms).
        False: with the receiver on, which takes milliamperes and answers at once.
        """
        self._low_power = on

    def disarm(self) -> None:
        """Answer no reader any more, and let the chip rest. A reader that was being served is lost."""
        bus = self._bus
        bus.write_all(chip.IRQ_MASKS, chip.NO_IRQ)
        if self._awake:  # commands need the clock
            bus.command(chip.STOP)
            bus.command(chip.SENSE)
        bus.write(chip.OPERATION, chip.OPERATION_FIELD_DETECTOR)
        self._lost = self._lost or self._field
        self._forget()

    def prepare_deep_sleep(self) -> bool:
        """Disarm, and raise the interrupt line at nothing but a field, for a processor that sleeps on that line.

        Returns False if a field is there already, whose coming cannot be waited for. After the sleep: `start`, `arm`.
        """
        self.disarm()
        self._bus.read_status()
        self._bus.write_all(chip.IRQ_MASKS, chip.FIELD_IRQ)
        return not self.field()

    def examine(self) -> "Examination":
        """Measure supply, field and antenna.

        Raises OSError: EAGAIN while armed, ETIMEDOUT if the chip does not start.
        """
        if self._armed:
            raise OSError(errno.EAGAIN)
        return examine(self._bus, self._antenna, self._delay_us)

    def field(self) -> bool:
        """True while a reader's field is on."""
        return bool(self._bus.read(chip.DISPLAY) & chip.FIELD_PRESENT)

    def _follow(self, target: int, timer: int) -> None:
        """A field has come, or the chip has done its part with the reader."""
        bus = self._bus
        state = self._status[STATE] & _STATE
        if target & _SELECTED and state > _READY:
            bus.write(chip.PASSIVE_TARGET, chip.PASSIVE_FRAMES)  # before all else: RATS may be on its way
            self._field = True
        elif timer & _EON:
            self._field = self._armed
        if not self._awake:
            self._wake()
        elif self._detecting and target & _UNDERSTOOD and state > _IDLE:
            self._fix_bit_rate()

    def _fix_bit_rate(self) -> None:
        """Leave bit-rate detection, in which the chip checks no CRC; other rates than 106 kbit/s are none of ours."""
        bus = self._bus
        if bus.read(chip.DETECTED_BIT_RATE) & chip.DETECTED:
            return
        bus.write(chip.BIT_RATE, chip.BIT_RATE_106)  # before the mode, which uses it at once
        bus.write(chip.MODE, chip.MODE_FIXED)
        self._detecting = False

    def _wake(self) -> None:
        """Low power: the clock starts when there is a field. Without a clock there might as well be none."""
        bus = self._bus
        if not self._armed:
            return
        bus.write(chip.OPERATION, chip.OPERATION_LISTEN)
        self._awake = self._field = chip.oscillator_runs(bus, self._delay_us)
        if not self._awake:
            bus.write(chip.OPERATION, chip.OPERATION_FIELD_DETECTOR)
            return
        bus.command(chip.CLEAR_FIFO)
        bus.command(chip.UNMASK_RECEIVE)
        bus.command(chip.SENSE)  # a field that came and went meanwhile has reset the target

    def _sleep(self) -> None:
        """Low power: without a field only its detector runs. A field that comes now calls, and wakes."""
        self._bus.write(chip.OPERATION, chip.OPERATION_FIELD_DETECTOR)
        self._awake = False

    def _end_field(self) -> None:
        """A clean start for the next reader, whatever the last one was doing."""
        bus = self._bus
        if self._awake:
            bus.write(chip.PASSIVE_TARGET, chip.PASSIVE_ANTICOLLISION)
            self._drop()
            bus.command(chip.SENSE)
            if self._frugal:
                bus.write(chip.MODE, chip.MODE_DETECT)
                self._detecting = True
            bus.read_status()  # what else came belongs to the old field
        self._field = self.field()
        self._lost = True
        self._sending = False
        if self._field and not self._awake:
            self._wake()
        elif self._awake and self._frugal and not self._field:
            self._sleep()

    def _drop(self) -> None:
        """Throw away what was received, and listen on."""
        self._clear()
        self._bus.command(chip.CLEAR_FIFO)
        self._bus.command(chip.UNMASK_RECEIVE)
