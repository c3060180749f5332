"""What the wirings of boards have in common: the glass, buttons, battery, the HMAC unit, radios that only sleep."""

from micropython import const

from board.simulator.chips.esp32s3_hmac import BYTES as HMAC_BYTES
from board.simulator.chips.esp32s3_hmac import Hmac
from board.simulator.chips.st7789 import Backlight
from board.simulator.chips.st7789 import Chip as St7789
from board.simulator.chips.sx126x import Chip as Sx126x
from board.simulator.esp32s3.net import Net, OpenDrain
from board.simulator.wiring.socket import Socket

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from board.simulator.chips.dcs import Show
    from board.simulator.esp32s3.hardware import Hardware

    Keys = dict[int, tuple[bytes, int]]
    """eFuse blocks with a key and its purpose."""

NO_GPIO = const(-1)
_HMAC_AT = 0x6003_E000
_CLOCKS, _RESETS = 0x600C_001C, 0x600C_0024
_CLOCKED = const(0x34)
"""SHA, DS and HMAC; DS in reset would hold SHA."""
_LORA_PER_MS = const(1000)
_LORA_US = const(3501)
"""From the end of a reset until it is not busy."""


class Wires:
    """One watch around its processor. The module of each board has a class `Wiring` that adds the chips."""

    touch: "Socket"
    panel: "Socket"
    boot: int = NO_GPIO
    """GPIO of the button that a program reads first; NO_GPIO where that is the key of the power chip."""
    second: int = NO_GPIO
    """GPIO of the second one; NO_GPIO where that is the key of the power chip, or there is none."""

    def __init__(
        self,
        hardware: "Hardware",
        show: "Show",
        light: "Callable[[int], None]",
        dark: "Callable[[bool], None]",
        keys: "Keys | None" = None,
        card: "Any" = None,
    ) -> None:
        """`show`, `light` and `dark` get what the glass shows. `keys`: eFuse blocks with a key and its purpose.

        `card` is the model of a memory card in the slot, where a board has one.
        """
        self.hardware = hardware
        self.nets: "dict[int, Any]" = hardware.nets
        self.glass = show, light, dark
        self.card = card
        self.pmu: "Any" = None
        """The model of the AXP2101; None on a board without one."""
        for gpio in (self.boot, self.second):
            if gpio != NO_GPIO:
                self.nets[gpio].pull(1)
        registers = hardware.registers

        def clocked() -> bool:
            return registers[_CLOCKS] & _CLOCKED == _CLOCKED and not registers[_RESETS] & _CLOCKED

        registers.attach(_HMAC_AT, HMAC_BYTES, Hmac(keys or {}, clocked, hardware.misuse))
        self.build()

    def build(self) -> None:
        """Every chip, where it sits."""
        raise NotImplementedError

    def press(self, down: bool) -> None:
        """The first button, where it is at a GPIO."""
        self.nets[self.boot].drive(0 if down else None)

    def hold(self, held: int) -> None:
        """The buttons held down: bit 0 the first, bit 1 the second."""
        for bit, gpio in ((1, self.boot), (2, self.second)):
            if gpio != NO_GPIO:
                self.nets[gpio].drive(0 if held & bit else None)
        if self.pmu and NO_GPIO in (self.boot, self.second):
            self.pmu.key(bool(held & (1 if self.boot == NO_GPIO else 2)))

    def charge(self, percent: int, plugged: bool) -> None:
        """How full the battery is, and whether a charger is there."""
        if self.pmu:
            self.pmu.charge(percent)
            self.pmu.plug(plugged)

    def bus(self, scl: int, sda: int, *chips: "tuple[int, Any]") -> None:
        """An I2C bus with resistors, and who is on it: address, model or socket."""
        for gpio in (scl, sda):
            self.nets[gpio].resistor(1)
        bus = self.hardware.i2c_bus(scl, sda)
        for address, chip in chips:
            bus.attach(address, chip)

    def line(self, gpio: int) -> "Any":
        """The net of an interrupt line that chips only pull low."""
        return OpenDrain(self.nets[gpio])

    def steady(self, chip: "Any", per_ms: int = 1) -> "Any":
        """A model that always has power."""
        self.hardware.time.join(chip.time, per_ms)
        return chip

    def st7789(self, sck: int, mosi: int, select: int, data: int, backlight: int) -> Socket:
        """A panel of 240 x 240 on a bus of its own, with its light."""
        show, light, dark = self.glass

        def make() -> St7789:
            chip = St7789(self.hardware.misuse, show)
            chip.on_dark = dark
            chip.data_line(self.nets[data].level)
            return chip

        def data_line(level: int) -> None:
            if socket.chip:
                socket.chip.data_line(level)

        socket = Socket(self.hardware, make, 1, None, (0, 0), St7789.most_baud)
        self.hardware.spi_bus(sck, mosi, None).attach(self.nets[select], socket)
        self.nets[data].listeners.append(data_line)
        self.hardware.on_pwm[backlight] = Backlight(light).duty_u16
        return socket

    def lora(self, sck: int, mosi: int, miso: int, select: int, reset: int, busy: int) -> Sx126x:
        """A LoRa radio, on a bus of its own or not, whose busy line follows it."""
        chip = self.steady(Sx126x(self.hardware.misuse), _LORA_PER_MS)
        net: Net = self.nets[busy]

        def tell(_: int = 0) -> None:
            net.drive(chip.busy())

        def was_reset(level: int) -> None:
            chip.reset(level)
            tell()
            if level:
                chip.time.at(_LORA_US, tell)

        self.hardware.spi_bus(sck, mosi, miso).attach_neighbour(self.nets[select], chip)
        self.nets[select].listeners.append(tell)
        self.nets[reset].listeners.append(was_reset)
        chip.time.at(_LORA_US, tell)
        tell()
        return chip


class Unwired:
    """An output that leads nowhere."""

    level = 1

    def drive(self, level: "int | None") -> None:
        """Nobody sees it."""


def silence(sample: int) -> int:
    """What a microphone hears in a quiet room."""
    return 0
