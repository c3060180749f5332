"""Power-up of the ST25R3916, and the registers of an NFC-A listener. Register values: DS12484 section 4.5.

There are two ways to listen. Always on: clock and receiver run from arming on, and a reader is answered at once. Low
power: only the field detector runs; a field starts the clock, and the first frame in it tells the bit rate.
"""

import errno

from micropython import const

from drivers.st25r3916_bus import TIMER

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.st25r3916_antenna import Antenna
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
MEASURE_AMPLITUDE = const(0xD3)

# Registers of space A.
_IO_1 = const(0x00)
_IO_2 = const(0x01)
OPERATION = const(0x02)
MODE = const(0x03)
BIT_RATE = const(0x04)
PASSIVE_TARGET = const(0x08)
_AUXILIARY = const(0x0A)
_RECEIVER = const(0x0B)
_MASK_RECEIVE_TIMER = const(0x0F)
_TIMER_STEPS = const(0x12)
IRQ_MASKS = const(0x16)
TRANSMIT_LENGTH = const(0x22)
DETECTED_BIT_RATE = const(0x24)
AD_RESULT = const(0x25)
_TUNING = const(0x26)
_DRIVER = const(0x28)
_LOAD_MODULATION = const(0x29)
FIELD_ON_THRESHOLD = const(0x2A)
FIELD_OFF_THRESHOLD = const(0x2B)
_REGULATOR = const(0x2C)
DISPLAY = const(0x31)
_IDENTITY = const(0x3F)

# Registers of space B.
_EMD = const(0x05)
_CORRELATOR_1 = const(0x0C)
_CORRELATOR_2 = const(0x0D)
_MODULATION_SOURCE = const(0x28)
_RESISTIVE_MODULATION = const(0x2A)
_SHAPING, _SHAPING_END = const(0x30), const(0x34)  # over- and undershoot protection, two registers each

_TEST_OVERHEAT, _LATER = const(0x04), const(0x10)
"""DS12484 section 4.1: to be sent after each power-up and set default, else the overheat protection trips too early."""

OPERATION_FIELD_DETECTOR = const(0x03)  # all off but the field detector
OPERATION_READY = const(0x83)  # en, field detector
OPERATION_LISTEN = const(0xC3)  # en, rx_en, field detector
_OPERATION_CLOCK = const(0x80)  # en
MODE_FIXED = const(0x88)  # NFC-A target
MODE_DETECT = const(0xC8)  # NFC-A target that finds out the bit rate
BIT_RATE_106 = const(0x00)
DETECTED = const(0x30)  # the rate in DETECTED_BIT_RATE; 0 is 106 kbit/s
PASSIVE_ANTICOLLISION = const(0x5C)  # delay of answers 5; NFC-A anticollision by the chip, no other technology
PASSIVE_FRAMES = const(0x5D)  # the same without anticollision: frames go to the FIFO
FIELD_PRESENT = const(0x40)  # efd_o
_OSCILLATOR_OK = const(0x10)
_DCT = const(0x80)  # a direct command has ended

NO_IRQ = b"\xff\xff\xff\xff"
_COMMAND_IRQ = b"\xff\x7f\xff\xff"
"""Unmasked: dct alone."""
_LISTEN_IRQ = b"\xc7\xe7\x0f\xfc"
"""Unmasked: rxs, rxe, txe; eon, eof; crc, par, err2, err1; wu_a, wu_a_x. The water level is of no use: frames of up to
256 bytes fit, longer ones are dropped."""
_LISTEN_IRQ_LOW_POWER = b"\xc7\xe7\x0f\xec"
"""The same and rxe_pta: the chip itself has understood a frame, so the bit rate is known."""
FIELD_IRQ = b"\xff\xef\xff\xff"
"""Unmasked: eon alone."""

_PLAIN = const(5)
KINDS = {_PLAIN: "ST25R3916", 6: "ST25R3916B"}
"""By the type in the identity register. What only the second one has (shaping of its own carrier) is left as it is."""
_AD_STEP_100UV = const(234)
"""One step of the supply measurement: 23.4 mV."""
_LOW_SUPPLY_MV = const(3600)
"""Below 3.6 V the chip must be told that it has a 3.3 V supply."""
_IO_2_DRIVE = const(0x04)
_IO_2_3V = const(0x80)
_IO_2_TUNING = const(0x20)  # aat_en
_STEP_512 = const(0x08)  # the mask receive timer counts 512/fc: a field that has just come is deaf for 76 us
_POLL_US = const(100)
_POLLS = const(100)
"""10 ms: the oscillator needs about 1 ms, the longest command (adjusting the regulators) 6 ms."""


def power_up(bus: "Bus", antenna: "Antenna", delay_us: "Callable[[int], object]", line: "Callable[[], int]") -> str:
    """Bring the chip to power-down with its field detector on. Returns which chip it is.

    `line` reads its interrupt line. Raises OSError: ENODEV if another one or none answers, ETIMEDOUT if it does not
    start, or if that line does not move.
    """
    bus.command(SET_DEFAULT)
    bus.write(_IO_2, _IO_2_DRIVE)
    code = bus.read(_IDENTITY) >> 3
    kind = KINDS.get(code)
    if kind is None:
        raise OSError(errno.ENODEV)
    if code == _PLAIN:  # the other one has test registers of its own
        bus.write_test(_TEST_OVERHEAT, _LATER)
    bus.read_status()
    bus.write_all(IRQ_MASKS, NO_IRQ)
    bus.write(OPERATION, _OPERATION_CLOCK)
    wait_oscillator(bus, delay_us)
    low = supply_mv(bus, delay_us) < _LOW_SUPPLY_MV
    bus.write(_IO_2, _IO_2_DRIVE | (_IO_2_3V if low else 0) | (_IO_2_TUNING if antenna.tuning else 0))
    _set_analogue(bus, antenna)
    bus.write(OPERATION, OPERATION_READY)
    bus.write(_REGULATOR, 0x80)
    bus.write(_REGULATOR, 0x00)
    _adjust(bus, delay_us, line)
    bus.write(OPERATION, OPERATION_FIELD_DETECTOR)
    return kind


def _adjust(bus: "Bus", delay_us: "Callable[[int], object]", line: "Callable[[], int]") -> None:
    """Adjust the regulators, and let the interrupt line tell the end: while armed all that is heard comes by it."""
    bus.read_status()
    bus.write_all(IRQ_MASKS, _COMMAND_IRQ)
    bus.command(ADJUST_REGULATORS)
    polls = _POLLS
    while polls and not line():
        delay_us(_POLL_US)
        polls -= 1
    bus.read_status()
    bus.write_all(IRQ_MASKS, NO_IRQ)
    if not polls or not bus.status[TIMER] & _DCT or line():
        raise OSError(errno.ETIMEDOUT)


def wait_oscillator(bus: "Bus", delay_us: "Callable[[int], object]") -> None:
    """Wait until the chip's clock runs. Raises OSError(ETIMEDOUT)."""
    if not oscillator_runs(bus, delay_us):
        raise OSError(errno.ETIMEDOUT)


def oscillator_runs(bus: "Bus", delay_us: "Callable[[int], object]") -> bool:
    """Wait until the chip's clock runs; False if it does not. Allocates nothing."""
    for _ in range(_POLLS):
        if bus.read(DISPLAY) & _OSCILLATOR_OK:
            return True
        delay_us(_POLL_US)
    return False


def listen(bus: "Bus", memory: bytes, low_power: bool, delay_us: "Callable[[int], object]") -> None:
    """Answer readers with `memory` (15 bytes). The receiver is on. Raises OSError(ETIMEDOUT)."""
    bus.write(OPERATION, OPERATION_LISTEN)
    wait_oscillator(bus, delay_us)
    bus.write(_AUXILIARY, 0x00)  # UID of 4 bytes; CRC checked
    bus.load_identity(memory)
    bus.write_pair(MODE, MODE_DETECT if low_power else MODE_FIXED, BIT_RATE_106)
    bus.write(PASSIVE_TARGET, PASSIVE_ANTICOLLISION)
    bus.write(_MASK_RECEIVE_TIMER, 0x02)
    bus.write(_TIMER_STEPS, _STEP_512 if low_power else 0x00)
    bus.command(STOP)
    bus.write_all(_RECEIVER, b"\x08\x2d\x00\x00")
    bus.write_space_b(_CORRELATOR_1, 0x51)
    bus.write_space_b(_CORRELATOR_2, 0x00)
    bus.command(CLEAR_FIFO)
    bus.command(UNMASK_RECEIVE)
    bus.read_status()
    bus.write_all(IRQ_MASKS, _LISTEN_IRQ_LOW_POWER if low_power else _LISTEN_IRQ)
    bus.command(SENSE)


def supply_mv(bus: "Bus", delay_us: "Callable[[int], object]") -> int:
    """Supply voltage of the chip, whose clock runs, in steps of 23.4 mV. Raises OSError(ETIMEDOUT)."""
    run(bus, MEASURE_SUPPLY, delay_us)
    return bus.read(AD_RESULT) * _AD_STEP_100UV // 10


def _set_analogue(bus: "Bus", antenna: "Antenna") -> None:
    bus.write(_IO_1, 0x07)  # clock output off
    bus.write(_DRIVER, 0x00)
    bus.write_space_b(_RESISTIVE_MODULATION, 0x80)
    bus.write(FIELD_ON_THRESHOLD, antenna.field_on)
    bus.write(FIELD_OFF_THRESHOLD, antenna.field_off)
    if antenna.tuning:
        bus.write_pair(_TUNING, antenna.tuning[0], antenna.tuning[1])
    bus.write_space_b(_MODULATION_SOURCE, antenna.source)
    bus.write(PASSIVE_TARGET, PASSIVE_ANTICOLLISION)
    bus.write(_LOAD_MODULATION, antenna.modulation)
    bus.write_space_b(_EMD, 0x40)  # rx_start_emv
    for register in range(_SHAPING, _SHAPING_END):
        bus.write_space_b(register, 0x00)  # for a reader's own carrier; off in a listener of the maker's library


def run(bus: "Bus", command: int, delay_us: "Callable[[int], object]") -> None:
    """A command that takes time; the clock runs. Raises OSError(ETIMEDOUT)."""
    bus.command(command)
    for _ in range(_POLLS):
        bus.read_status()
        if bus.status[TIMER] & _DCT:
            return
        delay_us(_POLL_US)
    raise OSError(errno.ETIMEDOUT)
