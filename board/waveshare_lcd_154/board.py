"""Waveshare ESP32-S3-Touch-LCD-1.54: pins, chips, and the order in which they start.

Sources: waveshareteam/ESP32-S3-Touch-LCD-1.54, its demos and their board support; 78/xiaozhi-esp32. There is no NFC
radio and no power chip; the clock chip of the maker's list is in nobody's code (UNSURE-WS154-CLOCK), so that the time
is lost with every start. Sound is left out: its codecs want a master clock. Not tried on a board yet.
"""

from time import sleep_ms

from machine import ADC, PWM, Pin, reset
from micropython import const

from board.parts.buttons import PinButtons
from board.parts.cell_power import CellPower
from board.parts.esp32s3 import Esp32s3Board, ticks_ms
from board.parts.esp_wires import calls_low, output, panel_spi
from drivers.cst816s import Cst816s
from drivers.qmi8658 import Qmi8658
from drivers.st7789 import St7789

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_LATCH, _CELL, _CHARGER = const(2), const(1), const(3)
_DIVIDER = const(3)
_SDA, _SCL = const(42), const(41)
_TOUCH_RESET, _TOUCH_INT, _MOTION_INT = const(47), const(48), const(6)
_PANEL_MOSI, _PANEL_SCK, _PANEL_SELECT, _PANEL_DATA = const(39), const(38), const(21), const(45)
_PANEL_RESET, _LIGHT = const(40), const(46)
_PANEL_HZ, _LIGHT_HZ = const(40_000_000), const(20_000)
_AMPLIFIER = const(7)
_BOOT, _POWER_KEY = const(0), const(5)
_AXES = (1, 2, 3)
"""UNSURE-WS154-AXES: with the USB socket on top; a program that turns its screen by them finds x and y so."""


class Board(Esp32s3Board):
    """`ports.Board`."""

    def __init__(self, facts: "Any", root: str) -> None:
        """Start every chip. The latch comes first: until then a finger on the key is all that holds the supply."""
        super().__init__()
        latch = output(_LATCH, 1)
        output(_AMPLIFIER, 0)
        cell: "Any" = ADC(Pin(_CELL), atten=ADC.ATTN_11DB)
        i2c = self.bus(0, _SCL, _SDA)
        self.show("ST7789", _panel())
        touch_reset = output(_TOUCH_RESET, 1)
        size = St7789.width, St7789.height
        self.feel("CST816S", Cst816s(i2c, calls_low(_TOUCH_INT), touch_reset, sleep_ms, *size))
        self.sense("QMI8658", Qmi8658(i2c, sleep_ms), _AXES, _MOTION_INT, None)
        self.power = CellPower(lambda: cell.read_uv() * _DIVIDER // 1000, calls_low(_CHARGER), latch, reset, ticks_ms)
        self.buttons = PinButtons((calls_low(_BOOT), calls_low(_POWER_KEY)), ticks_ms)
        self.processor(facts, root, False)


def build(facts: "Any", root: str = "") -> Board:
    """The watch. Arguments and errors as `Esp32s3Board.show` and `processor`."""
    return Board(facts, root)


def _panel() -> St7789:
    light: "Any" = PWM(Pin(_LIGHT), freq=_LIGHT_HZ, duty_u16=0)
    spi = panel_spi(_PANEL_HZ, _PANEL_SCK, _PANEL_MOSI)
    select, data, reset_line = output(_PANEL_SELECT, 1), output(_PANEL_DATA, 1), output(_PANEL_RESET, 1)
    return St7789(spi, select, data, light, reset_line, sleep_ms, ticks_ms)
