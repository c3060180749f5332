"""AXP2101 power chip: registers, rails, events and their line, key, battery, charger.

What the datasheet forbids, and any touch on DC1, which feeds the processor, is written down in `misuse`. Time is in
milliseconds.
"""

from micropython import const

from board.simulator.chips import axp2101_map as names
from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x34)

WARNING_1 = const(6)
WARNING_2 = const(7)
KEY_RISES = const(8)
KEY_FALLS = const(9)
KEY_LONG = const(10)
KEY_SHORT = const(11)
BATTERY_GOES = const(12)
BATTERY_COMES = const(13)
VBUS_GOES = const(14)
VBUS_COMES = const(15)
CHARGE_BEGINS = const(19)
CHARGE_ENDS = const(20)
"""Bits of the event registers, counted through all three."""

_LONG_MS = (1000, 1500, 2000, 2500)
_OFF_MS = (4000, 6000, 8000, 10000)
_ON_MS = (128, 512, 1000, 2000)

_ON_BY_KEY = const(0x01)
_ON_BY_VBUS = const(0x04)
_OFF_BY_KEY = const(0x01)
_OFF_BY_SOFTWARE = const(0x02)
_STEP_MV = const(500)
"""The most by which a rail that feeds something may jump."""
_STOPPED = const(5)
_DONE = const(4)
_CURRENT = const(2)
_VBUS_MV = const(5000)
_FULL = const(100)


class Chip:
    """One chip with a key, a battery and a socket."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]", thermistor: bool = False) -> None:
        """`line` is high while there is nothing to say. `thermistor`: one sits at the TS pin, at room temperature."""
        self.time = Timeline()
        self.misuse = misuse
        self.line = line
        self.on_change: "Callable[[str, int], None]" = _nothing
        """Called with name and millivolts of a rail that changes, 0 when it goes off."""
        self.on_power: "Callable[[bool], None]" = _no_power
        """Called when the chip switches the watch off or on."""
        self.late_ms = 0
        """How much later than its cause an event is set."""
        self.ramp_ms = 1
        """From a switch to the voltage of its rail. X-Powers gives none: an estimate, as other regulators have it."""
        self.measuring_ms = 10
        """From a converter that is switched on to its first measurement, 0 before; an estimate too."""
        self.off_ms = 0
        """From the order to switch off until it does."""
        self.rise_ms = 0
        """How long the line takes to rise once all is cleared."""
        self.plain_switch = False
        """True in a chip that was made with DLDO1 as a switch of DC1's voltage, without a voltage of its own."""
        self.registers = bytearray(256)
        self.on = True
        self.vbus = False
        self.battery = True
        self.percent = 80
        self.battery_mv = 3900
        self._thermistor = thermistor
        self._at = 0
        self._pressed_ms = -1
        self._presses = 0
        self._charging = False
        self._measured_ms = 0
        self._up_ms: "dict[str, int]" = {}
        """Rails that rise, and when they are up."""
        self._power_up(_ON_BY_KEY)

    # The bus.

    def answers(self) -> bool:
        """True if the chip acknowledges its address now: the bus has no power while the watch is off."""
        return self.on

    def take(self, data: bytes) -> None:
        """A register, and what to write from there on."""
        self._at = data[0]
        for value in data[1:]:
            self._write(self._at, value)
            self._at = (self._at + 1) & 0xFF

    def give(self, into: "bytearray | memoryview") -> None:
        """Registers from the address on."""
        for index in range(len(into)):
            into[index] = self._read((self._at + index) & 0xFF)

    def _read(self, register: int) -> int:
        if register == 0x00:
            return self.vbus << 5 | self.battery << 3
        if register == 0x01:
            return self._charge_state()
        if register == names.GAUGE:
            return self.percent if self.registers[names.MODULES] & 8 and self.battery else 0
        if 0x34 <= register <= 0x3B:
            return self._measured(register)
        if self.plain_switch and register == names.RAILS["DLDO1"][2]:
            return 0
        return self.registers[register]

    def _write(self, register: int, value: int) -> None:
        if register not in names.WRITABLE:
            self.misuse.append("pmu: write to %02x, which is %s" % (register, _kind(register)))
            return
        if register in names.FEEDS_PROCESSOR or (register == names.CONVERTERS and not value & 1):
            self.misuse.append("pmu: DC1 touched: %02x = %02x" % (register, value))
        if names.STATUS <= register < names.STATUS + 3:
            self.registers[register] &= ~value
            self.time.at(self.rise_ms, self._drive)
            self._settle(self.rise_ms)
        elif 0x80 <= register <= 0x9A:
            self._supply(register, value)
        else:
            self._setting(register, value)

    def _setting(self, register: int, value: int) -> None:
        self.registers[register] = value
        if register == names.CHARGE_VOLTAGE and value & 7 not in names.CHARGE_VOLTAGES:
            self.misuse.append("pmu: reserved end of charge")
        elif register == names.CHARGE_CURRENT and value & 0x1F > names.MOST_CHARGE_CURRENT:
            self.misuse.append("pmu: reserved charge current")
        elif register == names.COMMON and value & 3:
            self._order(bool(value & 2))
        elif register == names.ADC:
            self._measured_ms = self.time.now + self.measuring_ms
        self._weigh()
        self._drive()

    def _order(self, again: bool) -> None:
        """The processor has switched the chip off, or off and on."""

        def obey() -> None:
            self._off(_OFF_BY_SOFTWARE)
            if again:
                self._power_up(0)

        if self.off_ms:
            self.time.at(self.off_ms, obey)
        else:
            obey()

    # Rails.

    def output_mv(self, name: str) -> int:
        """What a rail feeds its load: 0 until it has risen. Raises KeyError for one that there is not."""
        return 0 if self.time.now < self._up_ms.get(name, 0) else self.rail_mv(name)

    def rail_mv(self, name: str) -> int:
        """Voltage that a rail is set to, 0 while it is off. Raises KeyError for one that there is not."""
        switch, bit, voltage, values = names.RAILS[name]
        if not self.on or not self.registers[switch] >> bit & 1:
            return 0
        if self.plain_switch and name == "DLDO1":
            return self.rail_mv("DC1")
        value = self.registers[voltage] & (0x1F if voltage == 0x82 or voltage >= 0x86 else 0x7F)
        return values[value] if value < len(values) else 0

    def _supply(self, register: int, value: int) -> None:
        before = {name: self.rail_mv(name) for name in names.RAILS}
        self.registers[register] = value
        for name, was in before.items():
            now = self.rail_mv(name)
            if now != was:
                if was and now and abs(now - was) > _STEP_MV:
                    self.misuse.append("pmu: %s jumps from %d to %d mV while on" % (name, was, now))
                self._rise(name, was, now)
            if not now and self.registers[names.RAILS[name][0]] >> names.RAILS[name][1] & 1:
                self.misuse.append("pmu: %s has a reserved voltage" % name)

    def _rise(self, name: str, was: int, now: int) -> None:
        if was or not now or not self.ramp_ms:
            self._up_ms.pop(name, None)
            self.on_change(name, now)
            return
        self._up_ms[name] = self.time.now + self.ramp_ms
        self.time.at(self.ramp_ms, lambda: self.on_change(name, self.output_mv(name)))

    # Events.

    def event(self, bit: int) -> None:
        """Something happened: its bit is set, whether it may pull the line or not."""
        self.time.at(self.late_ms, lambda: self._set(bit))
        self._settle(self.late_ms)

    def _settle(self, after_ms: int) -> None:
        if not after_ms:
            self.time.advance(0)

    def _set(self, bit: int) -> None:
        if self.on:
            self.registers[names.STATUS + bit // 8] |= 1 << bit % 8
            self._drive()

    def _drive(self) -> None:
        low = 0
        for index in range(3):
            low |= self.registers[names.STATUS + index] & self.registers[names.ENABLE + index]
        self.line.drive(0 if low and self.on else 1)

    # The key.

    def key(self, down: bool) -> None:
        """The wearer's finger on the key of the chip."""
        if not down:
            self._released()
            return
        self._pressed_ms = self.time.now
        self._presses += 1
        press, timing = self._presses, self.registers[names.KEY]
        if not self.on:
            self.time.at(_ON_MS[timing & 3], lambda: self._held(press, lambda: self._power_up(_ON_BY_KEY)))
            return
        self.event(KEY_FALLS)
        self.time.at(_LONG_MS[timing >> 4 & 3], lambda: self._held(press, lambda: self.event(KEY_LONG)))
        self.time.at(_OFF_MS[timing >> 2 & 3], lambda: self._held(press, self._held_long))

    def _released(self) -> None:
        if self._pressed_ms < 0:
            return
        held_ms, self._pressed_ms = self.time.now - self._pressed_ms, -1
        if self.on:
            self.event(KEY_RISES)
            if held_ms < _LONG_MS[self.registers[names.KEY] >> 4 & 3]:
                self.event(KEY_SHORT)

    def _held(self, press: int, action: "Callable[[], object]") -> None:
        if self._pressed_ms >= 0 and self._presses == press:
            action()

    def _held_long(self) -> None:
        how = self.registers[names.OFF_BY]
        if how & 2:
            self._off(_OFF_BY_KEY)
            if how & 1:
                self._power_up(_ON_BY_KEY)

    # Battery, charger, power.

    def plug(self, there: bool) -> None:
        """A charger comes or goes. It switches the watch on."""
        if there == self.vbus:
            return
        self.vbus = there
        if self.on:
            self.event(VBUS_COMES if there else VBUS_GOES)
        elif there:
            self._power_up(_ON_BY_VBUS)
        if not there and not self.battery:
            self._off(0)
        self._weigh()

    def insert(self, there: bool) -> None:
        """The battery comes or goes. Without one and without a charger the watch is off, and forgets all."""
        self.battery = there
        self.event(BATTERY_COMES if there else BATTERY_GOES)
        if not there and not self.vbus:
            self._off(0)
            for register in names.KEPT:
                self.registers[register] = 0
        self._weigh()

    def charge(self, percent: int) -> None:
        """Set what the gauge says. Going down through a warning level is an event."""
        was, self.percent = self.percent, percent
        levels = self.registers[names.WARNINGS]
        for bit, level in ((WARNING_1, (levels >> 4) + 5), (WARNING_2, levels & 0x0F)):
            if percent <= level < was:
                self.event(bit)
        self._weigh()

    def _weigh(self) -> None:
        """Begin or end charging as battery, charger and settings say."""
        warm = self._thermistor or self.registers[names.TS_PIN] & 0x10
        wanted = self.vbus and self.battery and self.on and warm and self.registers[names.MODULES] & 2
        charging = bool(wanted) and self.percent < _FULL
        if charging and not self._charging:
            self.event(CHARGE_BEGINS)
        elif self._charging and not charging and wanted:
            self.event(CHARGE_ENDS)
        self._charging = charging

    def _charge_state(self) -> int:
        if self._charging:
            return 0x20 | 0x10 | _CURRENT
        state = _DONE if self.vbus and self.battery and self.percent >= _FULL else _STOPPED
        return (0 if self.vbus else 0x40) | 0x10 | state

    def _measured(self, register: int) -> int:
        channel, value = ((0, self.battery_mv), (1, 0), (2, _VBUS_MV * self.vbus), (3, 3700))[(register - 0x34) // 2]
        if not self.registers[names.ADC] >> channel & 1 or self.time.now < self._measured_ms:
            value = 0
        return value & 0xFF if register & 1 else value >> 8

    def _power_up(self, source: int) -> None:
        kept = [self.registers[register] for register in names.KEPT]
        off_source = self.registers[names.OFF_SOURCE]
        for register in range(len(self.registers)):
            self.registers[register] = names.AFTER_POWER.get(register, 0)
        for register, value in zip(names.KEPT, kept):
            self.registers[register] = value
        self.registers[names.ON_SOURCE] = source
        self.registers[names.OFF_SOURCE] = off_source
        self.on = True
        self._tell_rails()
        self.on_power(True)
        self._drive()

    def _off(self, source: int) -> None:
        if not self.on:
            return
        self.registers[names.OFF_SOURCE] = source
        self.on = False
        self._tell_rails()
        self._charging = False
        self._drive()
        self.on_power(False)

    def _tell_rails(self) -> None:
        for name in names.RAILS:
            self.on_change(name, self.rail_mv(name))


def _kind(register: int) -> str:
    return "read only" if register in names.READ_ONLY else "reserved"


def _nothing(name: str, millivolts: int) -> None:
    """Nobody is fed by the rails."""


def _no_power(on: bool) -> None:
    """Nobody is switched off."""
