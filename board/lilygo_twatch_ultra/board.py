"""LilyGO T-Watch Ultra: pins, rails, chips, and the order in which they start.

Sources: LilyGoLib docs/hardware and src/LilyGoWatchUltra.cpp; arduino-esp32 variants/lilygo_twatch_ultra. Not tried on
a watch yet: docs/first-contact.md says what to look at.
"""

from time import sleep_ms, sleep_us

from machine import SPI, Pin
from micropython import const

from board.parts.axp_board import AxpBoard
from board.parts.buttons import PinButtons
from board.parts.esp32s3 import SUPPLY_MS, ticks_ms, ticks_us
from board.parts.esp_sound import give_sound
from board.parts.esp_wires import calls_low, i2c_bus, output, panel_spi
from board.parts.i2c_probe import probe
from board.parts.motion_start import BHI260AP_FIRMWARE
from board.parts.wake_pin import WakePin
from drivers.axp2101_registers import ADDRESS as PMU_ADDRESS
from drivers.bhi260ap import Bhi260ap
from drivers.co5300 import Co5300
from drivers.cst9217 import Cst9217
from drivers.pcf85063 import Pcf85063
from drivers.sd_card import MOST_BAUD, SdCard
from drivers.st25r3916 import St25r3916
from drivers.sx126x import Sx126x
from drivers.xl9555 import Xl9555

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.parts.i2c_bus import I2cBus

_SDA, _SCL = const(3), const(2)
"""One older file of pins has them the other way round; if nobody answers, that is tried (UNSURE-I2C-ORDER)."""
_PMU_INT, _TOUCH_INT, _MOTION_INT = const(7), const(12), const(8)
"""The last is low for news here, as ext1 has one level for all; other programs let it be high (UNSURE-MOTION-LINE)."""
_PANEL_SELECT, _PANEL_SCK, _PANEL_D0 = const(41), const(40), const(38)
_PANEL_D1_TO_D3 = (39, 42, 45)
"""Held high while the panel is written on one line; whether they may float is UNSURE-PANEL-D1."""
_PANEL_RESET = const(37)
"""The newest code of the maker goes without; the circuit diagram has it (UNSURE-PANEL-RESET)."""
_PANEL_HZ = const(40_000_000)
"""UNSURE-PANEL-CLOCK: 20 MHz is the safe start, and the maker's own code has 80 on four lines."""
_SHARED_SCK, _SHARED_MOSI, _SHARED_MISO = const(35), const(34), const(33)
_NFC_SELECT, _NFC_INT = const(4), const(5)
_NFC_HZ = const(10_000_000)
_SD_SELECT, _LORA_SELECT, _LORA_RESET, _LORA_BUSY = const(21), const(36), const(47), const(48)
_HIGH_FIRST = (_SD_SELECT, _NFC_SELECT, _LORA_SELECT, _LORA_RESET)
"""On one bus nobody may hear by mistake. They are high before their chips have a supply, as in the maker's own code."""
_AMP_CLOCK, _AMP_SELECT, _AMP_OUT = const(9), const(10), const(11)
_PDM_CLOCK, _PDM_DATA = const(17), const(18)
_AXES = (1, 2, 3)
"""UNSURE-ULTRA-AXES: how the motion sensor is mounted. Two programs for this watch have measured it with gravity
(meshtastic/firmware, agrucza/uhrwerk-rs); the maker's own library turns it by 180 degrees."""
_BOOT = const(0)
_WAKE_LOW = (_BOOT, _PMU_INT, _TOUCH_INT)
_HELD = (_PANEL_SELECT, _PANEL_RESET, _PANEL_SCK, _PANEL_D0) + _PANEL_D1_TO_D3 + _HIGH_FIRST
"""What the sleeping processor goes on to drive."""
_LOW_POWER = True
"""A field has to wake the reader chip out of power-down (UNSURE-NFC-WAKE). False listens with its receiver on, which
takes milliamperes."""
_MOTOR, _VCI, _TOUCH_RESET, _CARD_OUT, _ANTENNA = const(6), const(7), const(8), const(10), const(11)
"""Lines of the expander: P06 enables the DRV2605, P07 switches the supply of the panel (UNSURE-VCI-LINE), P10 resets
the touch controller, P12 is high without a memory card, P13 chooses LoRa's antenna inside."""

_RAILS = (
    ("ALDO2", 3300),  # panel and touch
    ("ALDO1", None),  # SD card, unless there is one
    ("ALDO3", 3300),  # LoRa, which sleeps with its supply on (UNSURE-LORA-SUPPLY): without it would load the bus
    ("ALDO4", 1800),  # motion sensor
    ("BLDO1", None),  # GPS
    ("BLDO2", None),  # amplifier, on while it plays
    ("DLDO1", 3300),  # NFC
    ("DC2", None),
    ("DC3", None),
    ("DC4", None),
    ("DC5", None),
    ("CPUSLDO", None),
    ("DLDO2", None),
)
"""What feeds what; the last ones feed nothing."""
_AMP_MV, _SD_MV = const(3300), const(3300)


class Board(AxpBoard):
    """`ports.Board`."""

    def __init__(self, facts: "Any", root: str) -> None:
        """Start every chip, in the order that their supplies and buses ask for."""
        super().__init__()
        for gpio in _HIGH_FIRST:
            output(gpio, 1)
        i2c = self._wires()
        self.supply(i2c, _PMU_INT, _RAILS, {}, True)
        for gpio in _PANEL_D1_TO_D3:
            output(gpio, 1)
        touch_line, boot_line = calls_low(_TOUCH_INT, True), calls_low(_BOOT)
        self._expand(i2c)
        self.shake(i2c)
        self.show("CO5300", _panel())
        self.feel("CST9217", Cst9217(i2c, touch_line, self._touch_reset, sleep_ms, Co5300.width, Co5300.height))
        self.keep_time("PCF85063", Pcf85063(i2c))
        self._quiet_neighbours()
        reader_line = self._radio()
        hub = Bhi260ap(i2c, sleep_ms, _AXES, True)
        hub_line = self.sense("BHI260AP", hub, _AXES, _MOTION_INT, root + BHI260AP_FIRMWARE, 0)
        give_sound(self, _AMP_CLOCK, _AMP_SELECT, _AMP_OUT, _PDM_CLOCK, _PDM_DATA, self._amplify)
        self.battery(PinButtons((boot_line,), ticks_ms))
        self.processor(facts, root, self.by_key)
        low, gpios = (boot_line, touch_line), _WAKE_LOW
        if hub_line:
            low, gpios = low + (hub_line,), gpios + (_MOTION_INT,)
        self.sleeps(low, gpios, _HELD, reader_line)

    def _wires(self) -> "I2cBus":
        """The bus, whichever of its wires is which."""
        return probe(lambda scl, sda: i2c_bus(0, scl, sda), _SCL, _SDA, PMU_ADDRESS, self.found)

    def _expand(self, i2c: "I2cBus") -> None:
        """Outputs of the expander, high; then all that hangs on them has power."""
        self.expander = Xl9555(i2c)

        def begin() -> None:
            self.expander.start()
            for number in (_MOTOR, _VCI, _TOUCH_RESET, _ANTENNA):
                self.expander.line(number, 1)

        self.found.attempt("XL9555", begin)
        sleep_ms(SUPPLY_MS)

    def _touch_reset(self, level: int) -> None:
        self.expander.set(_TOUCH_RESET, level)

    def _amplify(self, on: int) -> None:
        self.pmu.rail("BLDO2", _AMP_MV if on else None)

    def _quiet_neighbours(self) -> None:
        """LoRa and a memory card share the bus of NFC: the one sleeps, the other is made deaf."""
        spi = _shared_spi(MOST_BAUD, 0)
        busy: "Any" = Pin(_LORA_BUSY, Pin.IN)
        radio = Sx126x(spi, output(_LORA_SELECT, 1), output(_LORA_RESET, 1), busy, sleep_ms)
        self.found.attempt("LoRa", radio.sleep)

        def hush() -> None:
            if self.expander.line(_CARD_OUT)():
                return
            self.pmu.rail("ALDO1", _SD_MV)
            sleep_ms(SUPPLY_MS)
            SdCard(spi, output(_SD_SELECT, 1)).hush()

        self.found.attempt("SD card", hush)

    def _radio(self) -> "WakePin | None":
        """Start NFC; its interrupt line, or None. The driver polls the pin itself."""
        self.vital["radio"] = "ST25R3916"
        spi = _shared_spi(_NFC_HZ, 1)
        line: "Any" = Pin(_NFC_INT, Pin.IN)
        radio = St25r3916(spi, output(_NFC_SELECT, 1), line, ticks_us, sleep_us, None, _LOW_POWER)
        if not self.found.attempt("ST25R3916", radio.start):
            return None
        self.nfc = radio
        return WakePin(line, 1, False, radio.look)


def build(facts: "Any", root: str = "") -> Board:
    """The watch. Arguments and errors as `Esp32s3Board.show` and `processor`."""
    return Board(facts, root)


def _panel() -> Co5300:
    spi = panel_spi(_PANEL_HZ, _PANEL_SCK, _PANEL_D0)
    return Co5300(spi, output(_PANEL_SELECT, 1), output(_PANEL_RESET, 1), sleep_ms, ticks_ms)


def _shared_spi(hz: int, phase: int) -> "Any":
    """The bus of NFC, LoRa and memory card. The last one to set it up has it from then on."""
    sck, mosi, miso = Pin(_SHARED_SCK), Pin(_SHARED_MOSI), Pin(_SHARED_MISO)
    return SPI(1, hz, polarity=0, phase=phase, sck=sck, mosi=mosi, miso=miso)
