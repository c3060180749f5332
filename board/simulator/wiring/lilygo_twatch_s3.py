"""What is wired to what on the LilyGO T-Watch S3: chips, GPIOs, rails.

Sources: arduino-esp32 variants/lilygo_twatch_s3; LilyGoLib src/LilyGoWatchS3.cpp and docs/hardware.
"""

from micropython import const

from board.simulator.chips import axp2101, bma423, drv2605, ft6336u, pcf8563
from board.simulator.chips.max98357a import Amplifier
from board.simulator.chips.pdm_mic import Microphone
from board.simulator.wiring.socket import Socket
from board.simulator.wiring.wires import Wires, silence

WIDTH, HEIGHT = const(240), const(240)
SDA, SCL = const(10), const(11)
TOUCH_SDA, TOUCH_SCL = const(39), const(40)
PMU_INT, TOUCH_INT, MOTION_INT, RTC_INT = const(21), const(16), const(14), const(17)
PANEL_MOSI, PANEL_SCK, PANEL_SELECT, PANEL_DATA, LIGHT = const(13), const(18), const(12), const(38), const(45)
LORA_SCK, LORA_MISO, LORA_MOSI = const(3), const(4), const(1)
LORA_SELECT, LORA_RESET, LORA_BUSY = const(5), const(8), const(7)
AMP_CLOCK, AMP_OUT = const(48), const(46)
PDM_CLOCK, PDM_DATA = const(44), const(47)
INFRARED = const(2)


class Wiring(Wires):
    """All chips of one watch. `panel`, `touch`, `motor` are sockets; the others always have power."""

    def build(self) -> None:
        """Every chip, where it sits."""
        hardware = self.hardware
        show, self._light, dark = self.glass
        self.glass = show, self._lit, dark
        misuse = hardware.misuse
        self.pmu = self.steady(axp2101.Chip(self.line(PMU_INT), misuse))
        self.clock = self.steady(pcf8563.Chip(self.line(RTC_INT), misuse))
        self.motion = self.steady(bma423.Chip(self.nets[MOTION_INT], misuse))
        self.motor = Socket(hardware, lambda: drv2605.Chip(misuse))
        self.touch = Socket(hardware, lambda: ft6336u.Chip(self.line(TOUCH_INT), misuse), 1, self.nets[TOUCH_INT])
        chips = (
            (axp2101.ADDRESS, self.pmu),
            (pcf8563.ADDRESS, self.clock),
            (bma423.ADDRESS, self.motion),
            (drv2605.ADDRESS, self.motor),
        )
        self.bus(SCL, SDA, *chips)
        self.bus(TOUCH_SCL, TOUCH_SDA, (ft6336u.ADDRESS, self.touch))
        self.panel = self.st7789(PANEL_SCK, PANEL_MOSI, PANEL_SELECT, PANEL_DATA, LIGHT)
        self.radio = self.lora(LORA_SCK, LORA_MOSI, LORA_MISO, LORA_SELECT, LORA_RESET, LORA_BUSY)
        self.amplifier = Amplifier(misuse)
        self.amplifier.supply(1)
        self.microphone = Microphone(silence)
        hardware.i2s[(AMP_CLOCK, AMP_OUT)] = self.amplifier
        hardware.i2s[(PDM_CLOCK, PDM_DATA)] = self.microphone
        self.pmu.on_change = self._rail
        self._supply()

    def _lit(self, level: int) -> None:
        """The diodes hang on ALDO2."""
        self._light(level if self.pmu.output_mv("ALDO2") else 0)

    def _rail(self, name: str, millivolts: int) -> None:
        self._supply()

    def _supply(self) -> None:
        """Who has power."""
        screen = self.pmu.output_mv("ALDO3") > 0
        self.panel.power(screen)
        self.touch.power(screen)
        self.motor.power(self.pmu.output_mv("BLDO2") > 0)
