"""Charger, gauge and measurements of the AXP2101."""

from micropython import const

from drivers.axp2101_registers import (
    ADC,
    BATTERY_MV,
    CHARGE_END,
    CHARGE_STATUS,
    CHARGE_VOLTAGE,
    CLOCK_CELL,
    FAST_CHARGE,
    INPUT_CURRENT,
    INPUT_MV,
    LOW_BATTERY,
    MODULES,
    PERCENT,
    PRECHARGE,
    STATUS,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from drivers.axp2101_registers import Registers

SAFE_MV = const(4200)
"""End of charge of an ordinary lithium cell; UNSURE-CHARGE-VOLTAGE: makers set up to 4350 mV on these boards."""

TRICKLE = const(0)
PRECHARGING = const(1)
CONSTANT_CURRENT = const(2)
CONSTANT_VOLTAGE = const(3)
FULL = const(4)
NOT_CHARGING = const(5)
_CHARGE_STATE = const(0x07)

_TARGETS_MV = (0, 4000, 4100, 4200, 4350, 4400)
_INPUTS_MA = (100, 500, 900, 1000, 1500, 2000)
_FINE_MA = const(25)
_FINE_MOST_MA = const(200)
_COARSE_MA = const(100)
_FAST_MOST_MA = const(1000)
_FINE_STEPS = const(8)

_CHARGE_ON = const(0x02)
_END_ON = const(0x10)
_CELL_ON = const(0x04)
_CELL_LEAST_MV = const(2600)
_CELL_MOST_MV = const(3300)
_CELL_STEP_MV = const(100)

_MEASURED = const(0x0D)
"""Battery, input, system voltage."""
_MEASURABLE = const(0x1F)
_THERMISTOR = const(0x02)
_INPUT_GOOD = const(0x20)
_BATTERY_THERE = const(0x08)
_WORD = const(0x3FFF)
_FULL_PERCENT = const(100)

_LOW_LEAST = const(5)
_LOW_MOST = const(20)
_EMPTY_MOST = const(15)


class Battery:
    """What is about the battery, its charger and the power that comes from outside."""

    def __init__(self, registers: "Registers", thermistor: bool) -> None:
        """`thermistor` says whether one sits at the TS pin; it is measured then."""
        self._registers = registers
        self._thermistor = _THERMISTOR if thermistor else 0
        self._two = bytearray(2)

    def charger(
        self,
        target_mv: int = SAFE_MV,
        precharge_ma: int = 125,
        fast_ma: int = 300,
        end_ma: int = 25,
        input_ma: int = 500,
        cell_mv: int = SAFE_MV,
    ) -> None:
        """Set the charger up and switch it on. It is off meanwhile, and stays off if this breaks off.

        Currents are multiples of 25 mA up to 200; `fast_ma` begins at 100 and has steps of 100 from 200 to 1000.
        XPowersLib replaces two bits of the precharge current only, so what was set before may stay in it; here it
        does not.
        Raises OSError; ValueError for a value that the chip does not have, or a target above what the cell stands.
        """
        if target_mv > cell_mv:
            raise ValueError("the cell stands %d mV" % cell_mv)
        target = _place(_TARGETS_MV, target_mv)
        limit = _place(_INPUTS_MA, input_ma)
        settings = (
            (MODULES, _CHARGE_ON, 0),
            (INPUT_CURRENT, 0x07, limit),
            (PRECHARGE, 0x0F, _fine(precharge_ma)),
            (FAST_CHARGE, 0x1F, _fast(fast_ma)),
            (CHARGE_END, 0x1F, _END_ON | _fine(end_ma)),
            (CHARGE_VOLTAGE, 0x07, target),
            (MODULES, _CHARGE_ON, _CHARGE_ON),
        )
        for register, mask, bits in settings:
            self._registers.change(register, mask, bits)

    def clock_cell(self, millivolts: "Optional[int]") -> None:
        """Charge the small cell of the clock up to this voltage, 2600 to 3300; None: not at all.

        Raises OSError, ValueError.
        """
        if millivolts is None:
            self._registers.change(MODULES, _CELL_ON, 0)
            return
        if not _CELL_LEAST_MV <= millivolts <= _CELL_MOST_MV or millivolts % _CELL_STEP_MV:
            raise ValueError("clock cell")
        self._registers.change(CLOCK_CELL, 0x07, (millivolts - _CELL_LEAST_MV) // _CELL_STEP_MV)
        self._registers.change(MODULES, _CELL_ON, _CELL_ON)

    def warn_at(self, low: int, empty: int) -> None:
        """Percentages of the events LOW, 5 to 20, and EMPTY, 0 to 15. Raises OSError, ValueError."""
        if not _LOW_LEAST <= low <= _LOW_MOST or not 0 <= empty <= _EMPTY_MOST or empty >= low:
            raise ValueError("battery levels")
        self._registers.change(LOW_BATTERY, 0xFF, (low - _LOW_LEAST) << 4 | empty)

    def measure(self, on: bool) -> None:
        """Switch the converter on, or off for sleep. Raises OSError."""
        self._registers.change(ADC, _MEASURABLE, _MEASURED | self._thermistor if on else 0)

    def present(self) -> bool:
        """True if there is a battery. Raises OSError."""
        return bool(self._registers.read(STATUS) & _BATTERY_THERE)

    def powered(self) -> bool:
        """True while good power comes from outside. Raises OSError."""
        return bool(self._registers.read(STATUS) & _INPUT_GOOD)

    def percent(self) -> "Optional[int]":
        """Charge left by the gauge, None without a battery or while the gauge says nonsense. Raises OSError."""
        if not self.present():
            return None
        percent = self._registers.read(PERCENT)
        return percent if percent <= _FULL_PERCENT else None

    def state(self) -> int:
        """What the charger does: TRICKLE to NOT_CHARGING. Raises OSError."""
        return min(self._registers.read(CHARGE_STATUS) & _CHARGE_STATE, NOT_CHARGING)

    def battery_mv(self) -> int:
        """Voltage of the battery, 0 without one. Raises OSError."""
        return self._word(BATTERY_MV) if self.present() else 0

    def input_mv(self) -> int:
        """Voltage from outside, 0 without. Raises OSError."""
        return self._word(INPUT_MV) if self.powered() else 0

    def _word(self, register: int) -> int:
        self._registers.read_into(register, self._two)
        return (self._two[0] << 8 | self._two[1]) & _WORD


def _place(values: "tuple[int, ...]", value: int) -> int:
    if not value or value not in values:
        raise ValueError("charger: %d" % value)
    return values.index(value)


def _fine(milliamperes: int) -> int:
    """Steps of 25 mA. Raises ValueError."""
    if not 0 < milliamperes <= _FINE_MOST_MA or milliamperes % _FINE_MA:
        raise ValueError("charger: %d mA" % milliamperes)
    return milliamperes // _FINE_MA


def _fast(milliamperes: int) -> int:
    """25 mA steps from 100 to 200, then of 100. Raises ValueError."""
    if milliamperes <= _FINE_MOST_MA:
        if milliamperes < _COARSE_MA:
            raise ValueError("charger: %d mA" % milliamperes)
        return _fine(milliamperes)
    if milliamperes > _FAST_MOST_MA or milliamperes % _COARSE_MA:
        raise ValueError("charger: %d mA" % milliamperes)
    return _FINE_STEPS + (milliamperes - _FINE_MOST_MA) // _COARSE_MA
