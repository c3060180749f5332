"""The AXP2101 of a board: rails and charger at the start, then battery, charger and key as ports."""

from time import sleep_ms

from machine import Pin, reset
from micropython import const

from board.parts.axp_events import AxpEvents
from board.parts.axp_key import AxpKey, TwoButtons
from board.parts.axp_power import AxpPower
from board.parts.axp_sleep import AxpSleep
from board.parts.esp32s3 import SUPPLY_MS, Esp32s3Board, ticks_ms
from board.parts.esp_sleep import EspSleep
from board.parts.esp_wires import calls_low
from board.parts.held_pins import HeldPins
from board.parts.light_sleep import LightSleep
from board.parts.sleep_order import SleepOrder
from drivers.axp2101 import BY_KEY, Axp2101

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.parts.i2c_bus import I2cBus
    from board.parts.wake_pin import WakePin
    from board.ports import Buttons

    Rails = tuple[tuple[str, Optional[int]], ...]
    """Each with its millivolts, None for off, in the order in which they are set."""

CLOCK_CELL_MV = const(3300)


class NoLine:
    """An interrupt line that leads nowhere: it is always free."""

    def __call__(self) -> int:
        """High."""
        return 1

    def irq(self, handler: "Callable[[object], None]", trigger: int) -> None:
        """It never calls."""


class AxpBoard(Esp32s3Board):
    """A board whose supplies come from an AXP2101."""

    def supply(
        self, i2c: "I2cBus", gpio: "Optional[int]", rails: "Rails", charger: "dict[str, int]", cell: bool
    ) -> None:
        """Set rails and charger; `gpio` is the chip's interrupt line, None where that leads nowhere.

        `charger`: what differs from the defaults of `drivers.axp2101_battery.Battery.charger`. `cell`: a small cell
        that keeps the clock is charged.
        """
        self._line = None if gpio is None else calls_low(gpio)
        self.pmu = Axp2101(i2c, sleep_ms, self._line)
        attempt = self.found.attempt
        self.powered = attempt("AXP2101", self.pmu.start)
        """True if the power chip answers."""
        self.by_key = False
        """True if it says that its key switched the watch on."""
        if not self.powered:
            return
        self._look_why()
        for name, millivolts in rails:
            attempt("AXP2101 " + name, self.pmu.rail, name, millivolts)
        attempt("AXP2101 charger", lambda: self.pmu.battery.charger(**charger))
        if cell:
            attempt("AXP2101 clock cell", self.pmu.battery.clock_cell, CLOCK_CELL_MV)
        sleep_ms(SUPPLY_MS)

    def battery(self, button: "Optional[Buttons]") -> None:
        """Battery and charger. The key of the chip is the second button, or the only one if `button` is None.

        Where its interrupt line leads nowhere, nobody hears of key and charger; the battery is looked at all the same.
        """
        self.buttons = button or self.buttons
        if not self.powered:
            return
        self.events = AxpEvents(self.pmu.events, self._line or NoLine(), ticks_ms)
        power = AxpPower(self.pmu, self.events, reset, ticks_ms)
        self.power = power
        self.busy += [power.charging, lambda: power.measuring]
        self.found.attempt("AXP2101 levels", power.start)
        if self._line:
            key = AxpKey(self.events, ticks_ms)
            self.buttons = TwoButtons(button, key) if button else key
            self.found.attempt("AXP2101 events", self.events.start)
        problem = power.finding()
        if problem:
            self.found.add("AXP2101", problem)
        self.found.attempt("AXP2101 battery", self.pmu.battery.present)  # a bus that has died meanwhile is said

    def sleeps(
        self,
        lines: "tuple[WakePin, ...]",
        gpios: "tuple[int, ...]",
        held: "tuple[int, ...]",
        high: "Optional[WakePin]" = None,
    ) -> None:
        """Light sleep, while the screen is dark, that these lines and that of the power chip end; comes last.

        `gpios` are those of all lines that call low, at most 21; `high` is one that calls high. `held` are outputs that
        keep their level. Without the power chip nobody knows of a computer at the USB port, which sleep would cut off:
        then there is none.
        """
        if not self.powered or self._line is None:
            return
        power_chip = AxpSleep(self.pmu, self.events, self._line)
        pins: "tuple[Any, ...]" = tuple([Pin(gpio) for gpio in held])
        pads = HeldPins(pins)
        steps = (("pads", pads.down, pads.up), ("AXP2101", power_chip.down, power_chip.up))
        order = SleepOrder(steps, lambda name, _: self.found.add_once(name, "does not go to sleep or wake up"))
        self.rest = LightSleep(lines + (self._line,), high, order, tuple(self.busy), EspSleep(gpios))

    def _look_why(self) -> None:
        try:
            self.by_key = bool(self.pmu.on_source() & BY_KEY)
        except OSError:
            return  # only the word for why the watch has started hangs on it
