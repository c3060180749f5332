"""What is wired to what on the LilyGO T-Watch Ultra: chips, GPIOs, rails.

Sources: LilyGoLib docs/hardware and src/LilyGoWatchUltra.cpp; arduino-esp32 variants/lilygo_twatch_ultra.
"""

from micropython import const

from board.simulator.chips import axp2101, bhi260ap, co5300, cst9217, drv2605, pcf85063, xl9555
from board.simulator.chips.max98357a import Amplifier
from board.simulator.chips.pdm_mic import Microphone
from board.simulator.chips.st25r3916 import Chip as Nfc
from board.simulator.chips.st25r3916_air import Air
from board.simulator.esp32s3.net import OpenDrain
from board.simulator.wiring.socket import Silent, Socket
from board.simulator.wiring.wires import Unwired, Wires, silence

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


WIDTH, HEIGHT = const(410), const(502)
SDA, SCL = const(3), const(2)
PMU_INT, RTC_INT, TOUCH_INT = const(7), const(1), const(12)
PANEL_SELECT, PANEL_SCK, PANEL_D0, PANEL_RESET = const(41), const(40), const(38), const(37)
SHARED_SCK, SHARED_MOSI, SHARED_MISO = const(35), const(34), const(33)
SD_SELECT, NFC_SELECT, LORA_SELECT, NFC_INT = const(21), const(4), const(36), const(5)
BOOT = const(0)

LORA_RESET, LORA_BUSY = const(47), const(48)
MOTION_INT = const(8)
AMP_CLOCK, AMP_OUT = const(9), const(11)
PDM_CLOCK, PDM_DATA = const(17), const(18)

MOTOR_ENABLE, VCI_ENABLE, TOUCH_RESET, CARD_OUT = const(6), const(7), const(8), const(10)
"""Lines of the expander: P06, P07, P10, P12."""

_NFC_PER_MS = const(13_560)
_NFC_BAUD = const(10_000_000)
_PANEL_BAUD = const(50_000_000)


class Wiring(Wires):
    """All chips of one watch. `panel`, `touch`, `nfc` are sockets; the others always have power."""

    boot = BOOT

    def build(self) -> None:
        """Every chip, where it sits."""
        hardware = self.hardware
        self.air: "Air | None" = None
        """The reader's side of the NFC chip while that has power."""
        self._i2c_chips()
        self._panel()
        self._shared_bus()
        self.amplifier = Amplifier(hardware.misuse)
        self.microphone = Microphone(silence)
        hardware.i2s[(AMP_CLOCK, AMP_OUT)] = self.amplifier
        hardware.i2s[(PDM_CLOCK, PDM_DATA)] = self.microphone
        self.pmu.on_change = self._rail
        self.expander.on_change = self._expander_line
        self._supply()

    def _i2c_chips(self) -> None:
        hardware, nets, misuse = self.hardware, self.nets, self.hardware.misuse
        for gpio in (SDA, SCL):
            nets[gpio].resistor(1)
        for gpio in (PMU_INT, RTC_INT, TOUCH_INT):
            nets[gpio].pull(1)
        bus = hardware.i2c_bus(SCL, SDA)
        lines: "dict[int, Any]" = {gpio: OpenDrain(nets[gpio]) for gpio in (PMU_INT, RTC_INT)}
        self.pmu = axp2101.Chip(lines[PMU_INT], misuse)
        nobody: "Any" = Unwired()
        self.expander = xl9555.Chip(nobody, misuse)
        self.clock = pcf85063.Chip(lines[RTC_INT], misuse)
        self.motor = Socket(hardware, lambda: drv2605.Chip(misuse))
        self.motion = Socket(hardware, lambda: bhi260ap.Chip(nets[MOTION_INT], misuse), 1, nets[MOTION_INT])
        self.touch = Socket(hardware, self._make_touch, 1, nets[TOUCH_INT])
        attach: "Any" = bus.attach
        for address, chip in (
            (axp2101.ADDRESS, self.pmu),
            (xl9555.ADDRESS, self.expander),
            (pcf85063.ADDRESS, self.clock),
            (cst9217.ADDRESS, self.touch),
            (drv2605.ADDRESS, self.motor),
            (bhi260ap.ADDRESS, self.motion),
        ):
            attach(address, chip)
        for chip in (self.pmu, self.clock):
            hardware.time.join(chip.time, 1)

    def _make_touch(self) -> cst9217.Chip:
        line: "Any" = OpenDrain(self.nets[TOUCH_INT])
        return cst9217.Chip(line, WIDTH, HEIGHT, self.hardware.misuse)

    def _panel(self) -> None:
        wires = self.hardware.spi_bus(PANEL_SCK, PANEL_D0, None)
        self.panel = Socket(self.hardware, self._make_panel, 1, None, (0, 0), _PANEL_BAUD)
        wires.attach(self.nets[PANEL_SELECT], self.panel)
        self.nets[PANEL_RESET].listeners.append(self.panel.reset)

    def _make_panel(self) -> co5300.Chip:
        show, light, dark = self.glass
        chip = co5300.Chip(self.hardware.misuse, show, light)
        chip.on_dark = dark
        return chip

    def _shared_bus(self) -> None:
        wires = self.hardware.spi_bus(SHARED_SCK, SHARED_MOSI, SHARED_MISO)
        self.nfc = Socket(self.hardware, self._make_nfc, _NFC_PER_MS, self.nets[NFC_INT], (0, 1), _NFC_BAUD)
        wires.attach(self.nets[NFC_SELECT], self.nfc)
        self.radio = self.lora(SHARED_SCK, SHARED_MOSI, SHARED_MISO, LORA_SELECT, LORA_RESET, LORA_BUSY)
        self.expander.put(CARD_OUT, 0 if self.card else 1)
        if self.card:
            wires.attach_neighbour(self.nets[SD_SELECT], self.card)
        else:
            wires.attach(self.nets[SD_SELECT], Silent("SD", self.hardware.misuse))

    def _make_nfc(self) -> Nfc:
        chip = Nfc(self.nets[NFC_INT], self.hardware.misuse)
        self.air = Air(chip)
        return chip

    def _rail(self, name: str, millivolts: int) -> None:
        self._supply()

    def _expander_line(self, number: int, level: int) -> None:
        self._supply()
        if number == TOUCH_RESET:
            self.touch.reset(level)

    def _supply(self) -> None:
        """Who has power: display and touch hang on ALDO2, the display behind a switch of the expander too."""
        screen = self.pmu.output_mv("ALDO2") > 0
        self.touch.power(screen)
        self.panel.power(screen and bool(self.expander.level(VCI_ENABLE)))
        self.motor.power(bool(self.expander.level(MOTOR_ENABLE)))
        self.nfc.power(self.pmu.output_mv("DLDO1") > 0)
        self.motion.power(self.pmu.output_mv("ALDO4") > 0)
        self.amplifier.supply(1 if self.pmu.output_mv("BLDO2") else 0)
        if self.nfc.chip is None:
            self.air = None
