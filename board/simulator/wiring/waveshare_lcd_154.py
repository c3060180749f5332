"""What is wired to what on the Waveshare ESP32-S3-Touch-LCD-1.54: chips and GPIOs; there are no rails to switch.

Source: waveshareteam/ESP32-S3-Touch-LCD-1.54, its demos and their board support.
"""

from micropython import const

from board.simulator.chips import cst816s, qmi8658
from board.simulator.wiring.socket import Socket
from board.simulator.wiring.wires import Wires

WIDTH, HEIGHT = const(240), const(240)
LATCH, CELL, CHARGER = const(2), const(1), const(3)
SDA, SCL = const(42), const(41)
TOUCH_RESET, TOUCH_INT, MOTION_INT = const(47), const(48), const(6)
PANEL_MOSI, PANEL_SCK, PANEL_SELECT, PANEL_DATA = const(39), const(38), const(21), const(45)
PANEL_RESET, LIGHT = const(40), const(46)
BOOT, POWER_KEY = const(0), const(5)

_FULL_MV, _EMPTY_MV = const(4120), const(3520)
_DIVIDER = const(3)


class Wiring(Wires):
    """All chips of one watch; they always have power while the latch holds."""

    boot = BOOT
    second = POWER_KEY

    def build(self) -> None:
        """Every chip, where it sits."""
        hardware = self.hardware
        misuse = hardware.misuse
        self.off = False
        """True once the latch has let go without a charger."""
        self.cell_mv = 4000
        hardware.adc_uv[CELL] = lambda: self.cell_mv * 1000 // _DIVIDER
        self.motion = self.steady(qmi8658.Chip(self.nets[MOTION_INT], misuse))
        self.touch = Socket(hardware, lambda: cst816s.Chip(self.line(TOUCH_INT), misuse), 1, self.nets[TOUCH_INT])
        self.bus(SCL, SDA, (qmi8658.ADDRESS, self.motion), (cst816s.ADDRESS, self.touch))
        self.nets[TOUCH_RESET].listeners.append(self.touch.reset)
        self.nets[LATCH].listeners.append(self._latch)
        self.panel = self.st7789(PANEL_SCK, PANEL_MOSI, PANEL_SELECT, PANEL_DATA, LIGHT)
        self.nets[PANEL_RESET].listeners.append(self.panel.reset)
        self.touch.power(True)
        self.panel.power(True)

    def charge(self, percent: int, plugged: bool) -> None:
        """How full the cell is, and whether it is being charged."""
        self.cell_mv = _EMPTY_MV + (_FULL_MV - _EMPTY_MV) * percent // 100
        self.nets[CHARGER].drive(0 if plugged else None)

    def _latch(self, level: int) -> None:
        self.off = not level and bool(self.nets[CHARGER].level)
