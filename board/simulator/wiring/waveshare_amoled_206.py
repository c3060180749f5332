"""What is wired to what on the Waveshare ESP32-S3-Touch-AMOLED-2.06: chips, GPIOs, rails.

Sources: the circuit diagram and `pin_config.h` of waveshareteam/ESP32-S3-Touch-AMOLED-2.06. What leads where the
maker's papers do not say, as the interrupt line of the power chip, leads nowhere here.
"""

from micropython import const

from board.simulator.chips import axp2101, co5300, ft6336u, pcf85063, qmi8658
from board.simulator.wiring.socket import Socket
from board.simulator.wiring.wires import Unwired, Wires

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


WIDTH, HEIGHT = const(410), const(502)
SDA, SCL = const(15), const(14)
TOUCH_RESET, TOUCH_INT, RTC_INT, MOTION_INT = const(9), const(38), const(39), const(21)
PANEL_SELECT, PANEL_SCK, PANEL_D0, PANEL_RESET = const(12), const(11), const(4), const(8)
MOTOR = const(18)
BOOT, POWER_KEY = const(0), const(10)

_PANEL_BAUD = const(50_000_000)


class Wiring(Wires):
    """All chips of one watch. `panel` and `touch` are sockets; the others always have power."""

    boot = BOOT
    second = POWER_KEY

    def build(self) -> None:
        """Every chip, where it sits."""
        hardware = self.hardware
        misuse = hardware.misuse
        nowhere: "Any" = Unwired()
        self.pmu = self.steady(axp2101.Chip(nowhere, misuse))
        self.clock = self.steady(pcf85063.Chip(self.line(RTC_INT), misuse))
        self.motion = self.steady(qmi8658.Chip(self.nets[MOTION_INT], misuse))
        self.touch = Socket(hardware, self._make_touch, 1, self.nets[TOUCH_INT])
        chips = (
            (axp2101.ADDRESS, self.pmu),
            (pcf85063.ADDRESS, self.clock),
            (qmi8658.ADDRESS, self.motion),
            (ft6336u.ADDRESS, self.touch),
        )
        self.bus(SCL, SDA, *chips)
        self.nets[TOUCH_RESET].listeners.append(self.touch.reset)
        wires = hardware.spi_bus(PANEL_SCK, PANEL_D0, None)
        self.panel = Socket(hardware, self._make_panel, 1, None, (0, 0), _PANEL_BAUD)
        wires.attach(self.nets[PANEL_SELECT], self.panel)
        self.nets[PANEL_RESET].listeners.append(self.panel.reset)
        self.pmu.on_change = self._rail
        self._supply()

    def _make_touch(self) -> ft6336u.Chip:
        return ft6336u.Chip(self.line(TOUCH_INT), self.hardware.misuse, ft6336u.FT3168)

    def _make_panel(self) -> co5300.Chip:
        show, light, dark = self.glass
        chip = co5300.Chip(self.hardware.misuse, show, light)
        chip.on_dark = dark
        return chip

    def _rail(self, name: str, millivolts: int) -> None:
        self._supply()

    def _supply(self) -> None:
        """Display and touch hang on ALDO2."""
        screen = self.pmu.output_mv("ALDO2") > 0
        self.panel.power(screen)
        self.touch.power(screen)
