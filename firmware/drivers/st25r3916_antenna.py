"""What of a ST25R3916 depends on the antenna of its board, and what the chip can measure of it.

Nothing here was tried on a board yet: each setting has its alternatives beside it. Register values: DS12484 section
4.5; alternatives: what the makers of other boards with this chip use.
"""

from micropython import const

from drivers import st25r3916_setup as chip

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.st25r3916_bus import Bus

FIELD_MV = (75, 105, 150, 205, 290, 400, 560, 800)
"""Peer thresholds of the field detector at the antenna pins, by their code."""
_CODE_SHIFT = const(4)
_SETTLE_US = const(1_000)
"""How long the detector is given to follow a new threshold (an assumption, with much to spare)."""
_AMPLITUDE_STEP_10UV = const(1302)
"""One step of the amplitude measurement: 13 mV peak to peak, after two readings told in ST's own forum."""


class Antenna:
    """Settings of one board: UNSURE-NFC-MODULATION, UNSURE-NFC-THRESHOLDS, UNSURE-NFC-TUNING."""

    def __init__(
        self,
        field_on: int = 0x11,
        field_off: int = 0x00,
        modulation: int = 0x5F,
        source: int = 0x10,
        tuning: "Optional[tuple[int, int]]" = None,
    ) -> None:
        """Values of registers.

        `field_on`, `field_off`: thresholds of the field detector, the peer's code in bits 6 to 4 (see FIELD_MV), that
        of collision avoidance below. 105 and 75 mV; where a watch believes in fields that are none, try 0x13 and 0x22.
        `modulation`: resistance of the driver while it modulates and while it does not; the alternative is 0x0F.
        `source`: who modulates: the driver (0x10); if readers hear nothing, its pins for an outer network as well
        (0x30). `tuning`: the two converters of a tunable antenna; None for one without. Raises ValueError.
        """
        for value in (field_on, field_off, modulation, source) + (tuning or ()):
            if not 0 <= value <= 0xFF:
                raise ValueError("nfc: a register holds 0 to 255")
        self.field_on = field_on
        self.field_off = field_off
        self.modulation = modulation
        self.source = source
        self.tuning = tuning


class Examination:
    """What the chip has measured."""

    def __init__(self, supply_mv: int, field_mv: int, antenna_mv: "Optional[int]") -> None:
        self.supply_mv = supply_mv
        """Its supply, in steps of 23.4 mV."""
        self.field_mv = field_mv
        """The highest threshold that the field at the antenna exceeds; 0 without a field, 800 and more are one."""
        self.antenna_mv = antenna_mv
        """Peak to peak, while the chip itself drives the antenna: almost nothing at one that is not connected. None if
        a reader's field was there, into which nobody should talk."""


def examine(bus: "Bus", antenna: Antenna, delay_us: "Callable[[int], object]") -> Examination:
    """Measure, and go back to the field detector alone. The chip answers nobody. Raises OSError(ETIMEDOUT)."""
    bus.write(chip.OPERATION, chip.OPERATION_READY)
    try:
        chip.wait_oscillator(bus, delay_us)
        supply_mv = chip.supply_mv(bus, delay_us)
        field_mv = _field_mv(bus, antenna, delay_us)
        antenna_mv = None
        if not bus.read(chip.DISPLAY) & chip.FIELD_PRESENT:
            chip.run(bus, chip.MEASURE_AMPLITUDE, delay_us)
            antenna_mv = bus.read(chip.AD_RESULT) * _AMPLITUDE_STEP_10UV // 100
    finally:
        bus.write(chip.OPERATION, chip.OPERATION_FIELD_DETECTOR)
    bus.read_status()  # what the thresholds made of the field is no news
    return Examination(supply_mv, field_mv, antenna_mv)


def _field_mv(bus: "Bus", antenna: Antenna, delay_us: "Callable[[int], object]") -> int:
    """Raise both thresholds until the field detector sees nothing any more."""
    strength_mv = 0
    try:
        for code, threshold_mv in enumerate(FIELD_MV):
            bus.write_pair(chip.FIELD_ON_THRESHOLD, code << _CODE_SHIFT, code << _CODE_SHIFT)
            delay_us(_SETTLE_US)
            if not bus.read(chip.DISPLAY) & chip.FIELD_PRESENT:
                break
            strength_mv = threshold_mv
    finally:
        bus.write_pair(chip.FIELD_ON_THRESHOLD, antenna.field_on, antenna.field_off)
    delay_us(_SETTLE_US)
    return strength_mv
