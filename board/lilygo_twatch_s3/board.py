"""LilyGO T-Watch S3 and S3 Plus: pins, rails, chips, and the order in which they start.

Sources: arduino-esp32 variants/lilygo_twatch_s3; LilyGoLib src/LilyGoWatchS3.cpp and docs/hardware. There is no NFC
radio. Not tried on a watch yet; what must be seen on the first one has its mark.
"""

from time import sleep_ms

from machine import PWM, SPI, Pin
from micropython import const

from board.parts.axp_board import AxpBoard
from board.parts.esp32s3 import ticks_ms
from board.parts.esp_sound import give_sound
from board.parts.esp_wires import calls_low, output, panel_spi, wait_for
from board.parts.motion_start import BMA423_PROGRAM
from drivers.bma423 import Bma423
from drivers.ft6336u import ADDRESS as TOUCH_ADDRESS
from drivers.ft6336u import Ft6336u
from drivers.pcf8563 import Pcf8563
from drivers.st7789 import St7789
from drivers.sx126x import Sx126x

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_SDA, _SCL = const(10), const(11)
_TOUCH_SDA, _TOUCH_SCL = const(39), const(40)
_PMU_INT, _TOUCH_INT, _MOTION_INT = const(21), const(16), const(14)
_PANEL_MOSI, _PANEL_SCK, _PANEL_SELECT, _PANEL_DATA = const(13), const(18), const(12), const(38)
_LIGHT = const(45)
_PANEL_HZ = const(40_000_000)
_LIGHT_HZ = const(20_000)
"""Above what one hears."""
_PANEL_MS = const(120)
"""From its supply to its first command: it has no reset line, so power is what resets it."""
_MIRRORED = True
"""UNSURE-S3-MIRROR: the glass is said to be mounted upside down, 80 rows from the start of the memory. A picture that
is 80 rows off or upside down says that it is not."""
_TOUCH_AXES = const(0)
"""UNSURE-S3-TOUCH: which way the touch controller is mounted, a sum of those in drivers/touch_panel.py."""
_TOUCH_MS = const(1000)
"""From its supply to its first answer, as the maker has seen it."""
_AXES = (2, 1, -3)
"""UNSURE-S3-AXES: how the motion sensor is mounted; so do programs of the maker, others leave its axes alone."""
_LORA_SCK, _LORA_MISO, _LORA_MOSI = const(3), const(4), const(1)
_LORA_SELECT, _LORA_RESET, _LORA_BUSY = const(5), const(8), const(7)
_LORA_HZ = const(4_000_000)
_AMP_CLOCK, _AMP_SELECT, _AMP_OUT = const(48), const(15), const(46)
_PDM_CLOCK, _PDM_DATA = const(44), const(47)
_INFRARED = const(2)
_HELD = (_LIGHT, _PANEL_SELECT, _LORA_SELECT, _LORA_RESET, _INFRARED)
"""What the sleeping processor goes on to drive."""

_RAILS = (
    ("ALDO2", 3300),  # backlight
    ("ALDO3", 3300),  # panel and touch
    ("ALDO4", 3300),  # LoRa, which sleeps with its supply on
    ("BLDO2", 3300),  # DRV2605
    ("DLDO1", 3300),  # amplifier of the S3 Plus; nothing on the S3 (UNSURE-S3-AMP)
    ("BLDO1", None),  # GPS of the S3 Plus, new revision
    ("DC3", None),  # GPS of the S3 Plus, old revision
    ("ALDO1", None),
    ("DC2", None),
    ("DC4", None),
    ("DC5", None),
    ("CPUSLDO", None),
    ("DLDO2", None),
)
"""What feeds what; the last ones feed nothing."""
_CHARGER = {"input_ma": 900}
"""4.2 V, though the maker's own code charges up to 4.35 V (UNSURE-S3-CELL)."""


class Board(AxpBoard):
    """`ports.Board`."""

    def __init__(self, facts: "Any", root: str) -> None:
        """Start every chip, in the order that their supplies and buses ask for."""
        super().__init__()
        output(_INFRARED, 0)
        i2c = self.bus(0, _SCL, _SDA)
        self.supply(i2c, _PMU_INT, _RAILS, _CHARGER, True)
        sleep_ms(_PANEL_MS)
        self.show("ST7789", _panel())
        touch_i2c, touch_line = self.bus(1, _TOUCH_SCL, _TOUCH_SDA), calls_low(_TOUCH_INT, True)
        wait_for(touch_i2c, TOUCH_ADDRESS, _TOUCH_MS)
        size = St7789.width, St7789.height
        self.feel("FT6336U", Ft6336u(touch_i2c, touch_line, None, sleep_ms, *size, _TOUCH_AXES))
        self.keep_time("PCF8563", Pcf8563(i2c))
        self.shake(i2c)
        sensor = Bma423(i2c, sleep_ms, _AXES)
        motion_line = self.sense("BMA423", sensor, _AXES, _MOTION_INT, root + BMA423_PROGRAM, 1)
        self.found.attempt("SX1262", _radio().sleep)
        give_sound(self, _AMP_CLOCK, _AMP_SELECT, _AMP_OUT, _PDM_CLOCK, _PDM_DATA)
        self.battery(None)
        self.processor(facts, root, self.by_key)
        self.sleeps((touch_line,), (_PMU_INT, _TOUCH_INT), _HELD, motion_line)


def build(facts: "Any", root: str = "") -> Board:
    """The watch. Arguments and errors as `Esp32s3Board.show` and `processor`."""
    return Board(facts, root)


def _panel() -> St7789:
    light: "Any" = PWM(Pin(_LIGHT), freq=_LIGHT_HZ, duty_u16=0)
    spi = panel_spi(_PANEL_HZ, _PANEL_SCK, _PANEL_MOSI)
    select, data = output(_PANEL_SELECT, 1), output(_PANEL_DATA, 1)
    return St7789(spi, select, data, light, None, sleep_ms, ticks_ms, _MIRRORED)


def _radio() -> Sx126x:
    sck, mosi, miso = Pin(_LORA_SCK), Pin(_LORA_MOSI), Pin(_LORA_MISO)
    spi: "Any" = SPI(1, _LORA_HZ, polarity=0, phase=0, sck=sck, mosi=mosi, miso=miso)
    busy: "Any" = Pin(_LORA_BUSY, Pin.IN)
    return Sx126x(spi, output(_LORA_SELECT, 1), output(_LORA_RESET, 1), busy, sleep_ms)
