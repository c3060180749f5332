"""Battery, charger and buttons of the simulated watch: the power chip, and the hands that plug, press and charge it."""

import struct

from micropython import const

from board.parts.axp_events import AxpEvents
from board.parts.axp_key import AxpKey, TwoButtons
from board.parts.axp_power import AxpPower
from board.parts.buttons import PinButtons
from board.parts.quiet import QuietPower
from board.simulator import frames
from board.simulator.chips import axp2101
from board.simulator.chips.spi import InterruptPin
from board.simulator.chips.timeline import Timeline
from board.simulator.ring import Ring
from drivers.axp2101 import Axp2101

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.parts.findings import Findings
    from board.ports import Buttons, Power
    from board.simulator.desk import Desk

_CHANGES = const(16)
"""A triple press is six."""
_PRESS_MS = const(10)
"""No finger is faster; what comes sooner is the bounce of a switch."""
_CLOCK_CELL_MV = const(3300)


class PowerLine(InterruptPin):
    """The interrupt line of the power chip. The wearer's finger waits until it is free."""

    def __init__(self) -> None:
        super().__init__(1)
        self.on_free: "Callable[[], None]" = _nothing
        """Called when the chip has nothing to say any more."""

    def drive(self, level: int) -> None:
        """The chip's side of the wire."""
        super().drive(level)
        if level:
            self.on_free()


class PowerRoom:
    """The chip, its driver, and the ports over it: `power` and `buttons`."""

    def __init__(self, desk: "Desk", percent: int, charging: bool, boot_button: bool) -> None:
        """Start with `percent` charge, on the charger or not. `boot_button`: the first button is that of BOOT."""
        self._desk = desk
        self._line = PowerLine()
        self.chip = axp2101.Chip(self._line if desk.has("AXP2101") else InterruptPin(1), desk.misuse)
        self.chip.on_power = _switched
        self.chip.charge(percent)
        self.chip.plug(charging)
        desk.wire("AXP2101", axp2101.ADDRESS, self.chip)
        desk.link.handle(frames.POWER, self._on_power)
        self._boot = InterruptPin(1) if boot_button else None
        hands = Hands(desk, self._line, self._boot, self.chip)
        boot = PinButtons((self._boot,), hands.ticks_ms) if self._boot else None
        self.power, self.buttons = self._start(boot, desk.found)

    def _start(self, boot: "PinButtons | None", found: "Findings") -> "tuple[Power, Buttons]":
        """As a board does it."""
        desk = self._desk
        pmu = Axp2101(desk.i2c, self.chip.time.advance, self._line)
        if not found.attempt("AXP2101", pmu.start):
            return QuietPower(_restart), boot or PinButtons((), desk.ticks_ms)
        found.attempt("AXP2101 charger", pmu.battery.charger)
        found.attempt("AXP2101 clock cell", pmu.battery.clock_cell, _CLOCK_CELL_MV)
        events = AxpEvents(pmu.events, self._line, desk.ticks_ms)
        power = AxpPower(pmu, events, _restart, desk.ticks_ms)
        key = AxpKey(events, desk.ticks_ms)
        found.attempt("AXP2101 levels", power.start)
        found.attempt("AXP2101 events", events.start)
        problem = power.finding()
        if problem:
            found.add("AXP2101", problem)
        return power, TwoButtons(boot, key) if boot else key

    def _on_power(self, payload: memoryview) -> None:
        percent, charging = struct.unpack(">BB", payload)
        self._desk.time.follow()
        self.chip.charge(percent)
        self.chip.plug(bool(charging))


class Hands:
    """The wearer's finger on the buttons. It waits for the watch.

    The power chip tells edges without their number, and a busy watch would lose a double press.
    """

    def __init__(self, desk: "Desk", line: PowerLine, boot: "InterruptPin | None", chip: axp2101.Chip) -> None:
        """`boot`: the pin of the first button, None where the key of the chip is the first one."""
        self._desk = desk
        self._line = line
        self._boot = boot
        self._chip = chip
        self._key_bit = 1 if boot is None else 2
        self._changes = Ring(1, _CHANGES)
        self._next = [0]
        self._held = 0
        self._waits = False
        self._time = Timeline()
        desk.time.join(self._time)
        line.on_free = self._freed
        desk.link.handle(frames.BUTTONS, self._on_frame)

    def ticks_ms(self) -> int:
        """The time by which presses are told from bounces."""
        return self._time.now

    def _on_frame(self, payload: memoryview) -> None:
        (held,) = struct.unpack(">B", payload)
        self._changes.put(held)
        self._go_on()

    def _freed(self) -> None:
        if self._waits:
            self._waits = False
            self._desk.timers.after_ms(0, self._go_on)

    def _go_on(self) -> None:
        """Press and let go as the host says, as long as the chip can tell it."""
        while self._line.level and self._changes.take(self._next):
            self._press(self._next[0])
        self._waits = not self._line.level

    def _press(self, held: int) -> None:
        self._desk.time.follow()
        self._time.advance(_PRESS_MS)
        changed, self._held = held ^ self._held, held
        if self._boot and changed & 1:
            self._boot.drive(0 if held & 1 else 1)
        if changed & self._key_bit:
            self._chip.key(bool(held & self._key_bit))


def _restart() -> None:
    """The host sees the process end, and starts it again."""
    raise SystemExit


def _switched(on: bool) -> None:
    """The power chip has switched the watch off: as `_restart`, for nobody presses the button of one that is off."""
    if not on:
        raise SystemExit


def _nothing() -> None:
    """Nobody waits for the line."""
