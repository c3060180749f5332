"""Power-up of the ST25R3916, and the registers of an NFC-A listener. Register values: DS12484 section 4.5."""

import errno

from micropython import const

from drivers.st25r3916_bus import TIMER

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.st25r3916_bus import Bus

# Direct commands.
SET_DEFAULT = const(0xC1)
STOP = const(0xC2)
TRANSMIT = const(0xC4)
SENSE = const(0xCD)
SLEEP = const(0xCE)
UNMASK_RECEIVE = const(0xD1)
ADJUST_REGULATORS = const(0xD6)
CLEAR_FIFO = const(0xDB)
MEASURE_SUPPLY = const(0xDF)

# Registers of space A.
_IO_1 = const(0x00)
_IO_2 = const(0x01)
OPERATION = const(0x02)
_MODE = const(0x03)
PASSIVE_TARGET = const(0x08)
_AUXILIARY = const(0x0A)
_RECEIVER = const(0x0B)
_MASK_RECEIVE_TIMER = const(0x0F)
IRQ_MASKS = const(0x16)
TRANSMIT_LENGTH = const(0x22)
_AD_RESULT = const(0x25)
_DRIVER = const(0x28)
_LOAD_MODULATION = const(0x29)
_FIELD_ON_THRESHOLD = const(0x2A)
_FIELD_OFF_THRESHOLD = const(0x2B)
_REGULATOR = const(0x2C)
DISPLAY = const(0x31)
_IDENTITY = const(0x3F)

# Registers of space B.
_EMD = const(0x05)
_CORRELATOR_1 = const(0x0C)
_CORRELATOR_2 = const(0x0D)
_MODULATION_SOURCE = const(0x28)
_RESISTIVE_MODULATION = const(0x2A)

_TEST_OVERHEAT = const(0x04)

OPERATION_FIELD_DETECTOR = const(0x03)  # all off but the field detector
_OPERATION_READY = const(0x80)  # en
_OPERATION_LISTEN = const(0xC3)  # en, rx_en, field detector
PASSIVE_ANTICOLLISION = const(0x5C)  # delay of answers 5; NFC-A anticollision by the chip, no other technology
PASSIVE_FRAMES = const(0x5D)  # the same without anticollision: frames go to the FIFO
FIELD_PRESENT = const(0x40)  # efd_o
_OSCILLATOR_OK = const(0x10)
_DCT = const(0x80)  # a direct command has ended

NO_IRQ = b"\xff\xff\xff\xff"
_LISTEN_IRQ = b"\xc7\xe7\x0f\xfc"
"""Unmasked: rxs, rxe, txe; eon, eof; crc, par, err2, err1; wu_a, wu_a_x. The water level is of no use: frames of up to
256 bytes fit, longer ones are dropped."""

_KINDS = (5, 6)
"""ST25R3916 and ST25R3916B in the identity register."""
_AD_STEP_100UV = const(234)
"""One step of the supply measurement: 23.4 mV."""
_LOW_SUPPLY_100UV = const(36_000)
"""Below 3.6 V the chip must be told that it has a 3.3 V supply."""
_IO_2_DRIVE = const(0x04)
_IO_2_3V = const(0x80)
_POLL_US = const(100)
_POLLS = const(100)
"""10 ms: the oscillator needs about 1 ms, the longest command (adjusting the regulators) 6 ms."""


def power_up(bus: "Bus", delay_us: "Callable[[int], object]") -> None:
    """Bring the chip to power-down with its field detector on. Raises OSError if it is absent or does not start."""
    bus.command(SET_DEFAULT)
    bus.write(_IO_2, _IO_2_DRIVE)
    if bus.read(_IDENTITY) >> 3 not in _KINDS:
        raise OSError(errno.ENODEV)
    bus.read_status()
    bus.write_all(IRQ_MASKS, NO_IRQ)
    bus.write_test(_TEST_OVERHEAT, 0x10)  # overheat protection off, as the maker's own library does
    bus.write(OPERATION, _OPERATION_READY)
    wait_oscillator(bus, delay_us)
    _tell_supply(bus, delay_us)
    _set_analogue(bus)
    bus.write(OPERATION, _OPERATION_READY | OPERATION_FIELD_DETECTOR)
    bus.write(_REGULATOR, 0x80)
    bus.write(_REGULATOR, 0x00)
    _run(bus, ADJUST_REGULATORS, delay_us)
    bus.write(OPERATION, OPERATION_FIELD_DETECTOR)


def wait_oscillator(bus: "Bus", delay_us: "Callable[[int], object]") -> None:
    """Wait until the chip's clock runs. Raises OSError(ETIMEDOUT)."""
    for _ in range(_POLLS):
        if bus.read(DISPLAY) & _OSCILLATOR_OK:
            return
        delay_us(_POLL_US)
    raise OSError(errno.ETIMEDOUT)


def listen(bus: "Bus", memory: bytes, delay_us: "Callable[[int], object]") -> None:
    """Answer readers with `memory` (15 bytes), the receiver always on. Raises OSError(ETIMEDOUT)."""
    bus.write(OPERATION, _OPERATION_LISTEN)
    wait_oscillator(bus, delay_us)
    bus.write(_AUXILIARY, 0x00)  # UID of 4 bytes; CRC checked
    bus.load_identity(memory)
    bus.write_pair(_MODE, 0x88, 0x00)  # NFC-A target, fixed; 106 kbit/s both ways
    bus.write(PASSIVE_TARGET, PASSIVE_ANTICOLLISION)
    bus.write(_MASK_RECEIVE_TIMER, 0x02)
    bus.command(STOP)
    bus.write_all(_RECEIVER, b"\x08\x2d\x00\x00")
    bus.write_space_b(_CORRELATOR_1, 0x51)
    bus.write_space_b(_CORRELATOR_2, 0x00)
    bus.command(CLEAR_FIFO)
    bus.command(UNMASK_RECEIVE)
    bus.read_status()
    bus.write_all(IRQ_MASKS, _LISTEN_IRQ)
    bus.command(SENSE)


def _tell_supply(bus: "Bus", delay_us: "Callable[[int], object]") -> None:
    _run(bus, MEASURE_SUPPLY, delay_us)
    low = bus.read(_AD_RESULT) * _AD_STEP_100UV < _LOW_SUPPLY_100UV
    bus.write(_IO_2, _IO_2_DRIVE | (_IO_2_3V if low else 0))


def _set_analogue(bus: "Bus") -> None:
    bus.write(_IO_1, 0x07)  # clock output off
    bus.write(_DRIVER, 0x00)
    bus.write_space_b(_RESISTIVE_MODULATION, 0x80)
    bus.write(_FIELD_ON_THRESHOLD, 0x11)  # 105 mV
    bus.write(_FIELD_OFF_THRESHOLD, 0x00)  # 75 mV
    bus.write_space_b(_MODULATION_SOURCE, 0x10)  # by the driver: boards have no modulation network of their own
    bus.write(PASSIVE_TARGET, PASSIVE_ANTICOLLISION)
    bus.write(_LOAD_MODULATION, 0x5F)
    bus.write_space_b(_EMD, 0x40)  # rx_start_emv


def _run(bus: "Bus", command: int, delay_us: "Callable[[int], object]") -> None:
    """A command that takes time."""
    bus.command(command)
    for _ in range(_POLLS):
        bus.read_status()
        if bus.status[TIMER] & _DCT:
            return
        delay_us(_POLL_US)
    raise OSError(errno.ETIMEDOUT)
