"""AXP2101 power management: rails, key, sleep, switching off. Events and battery are objects of their own.

It never touches DC1, the rail of the processor: see axp2101_registers.py.
"""

import errno

from micropython import const

from drivers import axp2101_rails as rails
from drivers.axp2101_battery import Battery
from drivers.axp2101_events import ALL, Events
from drivers.axp2101_registers import (
    ADDRESS,
    BATTERY_DETECT,
    COMMON,
    CUT_OFF,
    ID,
    INPUT_VOLTAGE,
    KEY,
    LED,
    MODULES,
    OFF_BY,
    OFF_SOURCE,
    ON_SOURCE,
    SCRATCH,
    SLEEP,
    THERMISTOR,
    Registers,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.axp2101_registers import I2c

_ID = const(0x4A)
SCRATCH_BYTES = const(4)

BY_KEY = const(0x01)
BY_INTERRUPT = const(0x02)
BY_VBUS = const(0x04)
BY_CHARGE = const(0x08)
BY_BATTERY = const(0x10)
"""Bits of `on_source`: what switched the chip on. Source: XPowersLib, xpower_power_on_source_t."""

_SETUP = (
    (MODULES, 0x09, 0x08),  # gauge on, watchdog off
    (INPUT_VOLTAGE, 0x0F, 0x06),  # draw less when the input falls to 4.36 V
    (OFF_BY, 0x07, 0x06),  # a very long press and heat switch off
    (BATTERY_DETECT, 0x01, 0x01),
    (LED, 0x37, 0x05),  # charge light: by hand, off
    (SLEEP, 0x03, 0x00),  # not asleep, and no wake-up waits to be started
)
_THERMISTOR = const(0x1F)
_NO_THERMISTOR = const(0x10)
"""The TS pin does not stop the charger. UNSURE-THERMISTOR: whether one is fitted is known of no board."""

_CUT_OFF_LEAST_MV = const(2600)
_CUT_OFF_MOST_MV = const(3300)
_CUT_OFF_STEP_MV = const(100)

_LONG_MS = (1000, 1500, 2000, 2500)
_OFF_MS = (4000, 6000, 8000, 10000)
_ON_MS = (128, 512, 1000, 2000)

_WAKE = const(0x1F)
_WAKE_BY_LINE = const(0x10)
_WAKE_KEEPS_RAILS = const(0x04)
_ENTER_SLEEP = const(0x01)
_OFF = const(0x01)
_RESTART = const(0x02)


class Axp2101:
    """One chip."""

    def __init__(
        self,
        i2c: "I2c",
        delay_ms: "Callable[[int], object]",
        line: "Optional[Callable[[], int]]" = None,
        thermistor: bool = False,
        address: int = ADDRESS,
    ) -> None:
        """`line` reads the interrupt line, None where it is not connected.

        `thermistor` says whether one is fitted at the TS pin; without one that pin would keep the charger off.
        """
        self._registers = Registers(i2c, address)
        self._thermistor = thermistor
        self.events = Events(self._registers, delay_ms, line)
        self.battery = Battery(self._registers, thermistor)

    def start(self, cut_off_mv: int = 3000) -> None:
        """Set up what does not depend on the board's rails; no event pulls the line afterwards.

        The chip switches everything off when the system voltage falls below `cut_off_mv`, 2600 to 3300; makers choose
        2600 or 3000 (UNSURE-CUT-OFF).
        Raises OSError, ENODEV if it is another chip; ValueError for a voltage off its grid.
        """
        if not _CUT_OFF_LEAST_MV <= cut_off_mv <= _CUT_OFF_MOST_MV or cut_off_mv % _CUT_OFF_STEP_MV:
            raise ValueError("cut-off")
        if self._registers.read(ID) != _ID:
            raise OSError(errno.ENODEV)
        for register, mask, bits in _SETUP:
            self._registers.change(register, mask, bits)
        self._registers.change(THERMISTOR, _THERMISTOR, 0 if self._thermistor else _NO_THERMISTOR)
        self._registers.change(CUT_OFF, 0x07, (cut_off_mv - _CUT_OFF_LEAST_MV) // _CUT_OFF_STEP_MV)
        self.key_timing()
        self.battery.measure(True)
        self.events.enable(0)
        self.events.take()

    def rail(self, name: str, millivolts: "Optional[int]") -> None:
        """Set a rail's voltage, then switch it on; None switches it off. Both are read back, but for PLAIN_SWITCH.

        Raises OSError, EIO if the chip did not take it; ValueError for a rail or voltage that there is not.
        """
        if millivolts is None:
            self.switch(name, False)
            return
        value = rails.code(name, millivolts)
        voltage, mask = rails.row(name)[2:4]
        if voltage is not None:
            self._registers.change(voltage, mask, value, name != rails.PLAIN_SWITCH)
        self.switch(name, True)

    def switch(self, name: str, on: bool) -> None:
        """Switch a rail on at the voltage it has, or off. Raises OSError, ValueError."""
        register, bit = rails.row(name)[:2]
        self._registers.change(register, bit, bit if on else 0)

    def rail_mv(self, name: str) -> int:
        """What a rail is set to, 0 while it is off or nobody knows. Raises OSError, ValueError."""
        register, bit, voltage, mask, _ = rails.row(name)
        if voltage is None or not self._registers.read(register) & bit:
            return 0
        return rails.millivolts(name, self._registers.read(voltage) & mask)

    def key_timing(self, long_ms: int = 1000, off_ms: int = 4000, on_ms: int = 128) -> None:
        """When a press is a long one, when it switches off, when it switches on. Raises OSError, ValueError."""
        value = 0
        for times, wanted in ((_LONG_MS, long_ms), (_OFF_MS, off_ms), (_ON_MS, on_ms)):
            if wanted not in times:
                raise ValueError("key: %d ms" % wanted)
            value = value << 2 | times.index(wanted)
        self._registers.change(KEY, 0x3F, value)

    def on_source(self) -> int:
        """Why the chip is on: BY_KEY and so on, a sum. Raises OSError."""
        return self._registers.read(ON_SOURCE)

    def off_source(self) -> int:
        """Why it was off last: bits of register 21h. Raises OSError."""
        return self._registers.read(OFF_SOURCE)

    def sleep(self, wake: int) -> int:
        """Prepare for the processor's sleep: only the events of `wake` pull the line. Returns those that waited.

        Events are cleared last, since a line that is low already would wake at once or never. The chip itself stays
        awake: one that slept over a reset was seen to answer nobody until its battery was taken out (RNode_Firmware,
        Documentation/T-Watch-Ultra-Notes.md). Raises OSError; sleeping is safe then, but may end early.
        """
        self.battery.measure(False)
        self.events.enable(wake)
        self._registers.change(SLEEP, _WAKE, _WAKE_BY_LINE | _WAKE_KEEPS_RAILS)
        return self.events.take()

    def wake(self, events: int) -> None:
        """After sleep: measure again, and let these events pull the line. Raises OSError."""
        self._registers.change(SLEEP, _ENTER_SLEEP, 0)
        self.battery.measure(True)
        self.events.enable(events & ALL)

    def read_scratch(self, into: bytearray) -> None:
        """Fill four bytes with what was kept while the chip had power. Raises OSError, ValueError."""
        if len(into) != SCRATCH_BYTES:
            raise ValueError("scratch")
        self._registers.read_into(SCRATCH, into)

    def write_scratch(self, data: "bytes | bytearray") -> None:
        """Keep four bytes. Raises OSError, ValueError."""
        if len(data) != SCRATCH_BYTES:
            raise ValueError("scratch")
        for index in range(SCRATCH_BYTES):
            self._registers.write(SCRATCH + index, data[index])

    def power_off(self) -> None:
        """Switch every rail off, the processor's too. Returns, shortly before. Raises OSError."""
        self._registers.write(COMMON, self._registers.read(COMMON) | _OFF)

    def restart(self) -> None:
        """Switch every rail off and on again. Returns, shortly before. Raises OSError."""
        self._registers.write(COMMON, self._registers.read(COMMON) | _RESTART)
