"""Waveshare ESP32-S3-Touch-AMOLED-2.06: pins, rails, chips, and the order in which they start.

Sources: circuit diagram and `pin_config.h` of waveshareteam/ESP32-S3-Touch-AMOLED-2.06; rails and charger as in
78/xiaozhi-esp32, which is known to run on it. There is no NFC radio. Sound is left out: its two codecs want a master
clock that MicroPython's I2S does not give. Not tried on a watch yet; what must be seen on the first one has its mark.
"""

from time import sleep_ms

from micropython import const

from board.parts.axp_board import AxpBoard
from board.parts.buttons import PinButtons
from board.parts.esp32s3 import motor_timer, ticks_ms
from board.parts.esp_wires import calls_low, output, panel_spi
from board.parts.haptics import PinHaptics
from drivers.co5300 import Co5300
from drivers.ft6336u import FT3168, Ft6336u
from drivers.pcf85063 import Pcf85063
from drivers.qmi8658 import Qmi8658

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_SDA, _SCL = const(15), const(14)
_PMU_INT = None
"""UNSURE-WS206-PMU-INT: whether the interrupt line of the power chip leads to the processor."""
_TOUCH_RESET, _TOUCH_INT = const(9), const(38)
_MOTION_INT = const(21)
_PANEL_SELECT, _PANEL_SCK, _PANEL_D0, _PANEL_RESET = const(12), const(11), const(4), const(8)
_PANEL_D1_TO_D3 = (5, 6, 7)
"""Held high while the panel is written on one line (UNSURE-PANEL-D1)."""
_PANEL_HZ = const(40_000_000)
_MOTOR = const(18)
_AMPLIFIER, _SD_SELECT = const(46), const(17)
_BOOT, _POWER_KEY = const(0), const(10)
"""UNSURE-WS206-KEY: whether the second one is low while it is pressed: two programs say so, one says high, and one
takes it for what holds the supply."""
_TOUCH_AXES = const(0)
"""UNSURE-WS206-TOUCH: which way the touch controller is mounted."""
_AXES = (1, 2, 3)
"""UNSURE-WS206-AXES: how the motion sensor is mounted; nobody says."""

_RAILS = (
    ("ALDO1", 3300),  # codecs
    ("ALDO2", 3300),  # panel and touch
    ("ALDO3", None),
    ("ALDO4", None),
    ("BLDO1", None),
    ("BLDO2", None),
    ("CPUSLDO", None),
    ("DLDO1", None),
    ("DLDO2", None),
    ("DC2", None),
    ("DC3", None),
    ("DC4", None),
    ("DC5", None),
)
"""UNSURE-WS206-RAILS: the diagram has names at ALDO3, ALDO4 and BLDO2; the watch is known to run without them."""
_CHARGER = {"target_mv": 4100, "precharge_ma": 50, "fast_ma": 400}


class Board(AxpBoard):
    """`ports.Board`."""

    def __init__(self, facts: "Any", root: str) -> None:
        """Start every chip, in the order that their supplies and buses ask for."""
        super().__init__()
        output(_AMPLIFIER, 0)
        output(_SD_SELECT, 1)
        self.vibrate(PinHaptics(output(_MOTOR, 0), motor_timer()))
        i2c = self.bus(0, _SCL, _SDA)
        self.supply(i2c, _PMU_INT, _RAILS, _CHARGER, False)
        self.show("CO5300", _panel())
        reset = output(_TOUCH_RESET, 1)
        size = Co5300.width, Co5300.height
        self.feel("FT3168", Ft6336u(i2c, calls_low(_TOUCH_INT), reset, sleep_ms, *size, _TOUCH_AXES, FT3168))
        self.keep_time("PCF85063", Pcf85063(i2c))
        self.sense("QMI8658", Qmi8658(i2c, sleep_ms), _AXES, _MOTION_INT, None)
        self.battery(PinButtons((calls_low(_BOOT), calls_low(_POWER_KEY)), ticks_ms))
        self.processor(facts, root, self.by_key)


def build(facts: "Any", root: str = "") -> Board:
    """The watch. Arguments and errors as `Esp32s3Board.show` and `processor`."""
    return Board(facts, root)


def _panel() -> Co5300:
    for gpio in _PANEL_D1_TO_D3:
        output(gpio, 1)
    spi = panel_spi(_PANEL_HZ, _PANEL_SCK, _PANEL_D0)
    return Co5300(spi, output(_PANEL_SELECT, 1), output(_PANEL_RESET, 1), sleep_ms, ticks_ms)
