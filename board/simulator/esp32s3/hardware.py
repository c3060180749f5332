"""The ESP32-S3 of a board and what is wired to it: what the stand-ins `machine` and `esp32` are about.

GPIO numbers are the contract. A bus exists between the pins where a wiring (board/simulator/wiring/) puts it; a board
that names other pins finds no chip. What a datasheet forbids is written down in `misuse`.
"""

from micropython import const

from board.simulator.chips.i2c import I2c
from board.simulator.chips.spi import SelectPin, SpiBus
from board.simulator.chips.timeline import Timeline
from board.simulator.esp32s3.net import Net
from board.simulator.esp32s3.registers import Registers
from board.simulator.esp32s3.shared_time import SharedTime
from board.simulator.esp32s3.sleep import Sleep

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from board.simulator.chips.spi import Chip, Neighbour
    from board.simulator.esp32s3.flash import FlashChip

GPIOS = tuple(range(22)) + tuple(range(33, 49))
_UART_0_SENDS = const(43)
"""A stock image has a console there as well, which rests at 1: ports/esp32/boards/ESP32_GENERIC_S3/mpconfigboard.h."""
"""Those of the chip that no flash hangs on. 22 to 25 are not there; 26 to 32 are flash and PSRAM. TRM section 6."""
_US_PER_MS = const(1000)

PWRON_RESET = const(1)
"""`machine.PWRON_RESET`."""


class Restart(SystemExit):
    """The processor starts anew; `machine.reset`, deep sleep and a watchdog raise it. Nothing catches it."""


class SpiWires:
    """One SPI bus: its chips, and the nets that select them."""

    def __init__(self, misuse: "list[str]") -> None:
        self.bus = SpiBus(misuse)
        self.selects: "list[Net]" = []
        self._misuse = misuse

    def attach(self, net: Net, chip: "Chip") -> None:
        """Put a chip on the bus, selected by `net` when that is low."""
        self._join(net, self.bus.attach(chip))

    def attach_neighbour(self, net: Net, chip: "Neighbour") -> None:
        """Put a chip on the bus that may disturb others, selected by `net` when that is low."""
        self._join(net, self.bus.attach_neighbour(chip))

    def _join(self, net: Net, pin: SelectPin) -> None:
        net.pull(1)
        net.listeners.append(pin)
        self.selects.append(net)

    def check(self) -> None:
        """Before a transfer: every chip of the bus knows whether it is meant."""
        for net in self.selects:
            if not net.driven:
                self._misuse.append("SPI: nobody drives GPIO %d, which selects a chip" % net.gpio)


class Hardware:
    """One processor with everything around it."""

    def __init__(self, flash: "FlashChip | None" = None, misuse: "list[str] | None" = None) -> None:
        """`flash`: what is in the flash chip; `misuse`: where misuse is written down."""
        self.misuse: "list[str]" = [] if misuse is None else misuse
        self.time = SharedTime()
        self.timers = Timeline()
        """What happens around the processor, in microseconds."""
        self.counters = Timeline()
        """Its own timers, in microseconds; they stand while it sleeps."""
        self.time.join(self.timers, _US_PER_MS)
        self.time.join(self.counters, _US_PER_MS)
        self.flash = flash
        self.nets = {gpio: Net(gpio, self.misuse) for gpio in GPIOS}
        self.nets[_UART_0_SENDS].output(1)
        self.registers = Registers()
        self.i2c: "dict[tuple[int, int], I2c]" = {}
        """Bus at (SCL, SDA)."""
        self.spi: "dict[tuple[int, int, int | None], SpiWires]" = {}
        """Bus at (SCK, MOSI, MISO)."""
        self.i2s: "dict[tuple[int, int], object]" = {}
        """What listens or speaks at (SCK, SD)."""
        self.adc_uv: "dict[int, Callable[[], int]]" = {}
        """Microvolts at a GPIO, where a wiring has something to measure."""
        self.on_pwm: "dict[int, Callable[[int], object]]" = {}
        """Called with the duty cycle, 0 to 65535, of a square wave at this GPIO."""
        self.objects: "dict[tuple, Any]" = {}
        """Peripherals that exist once, by kind and number."""
        self.before_transfer: "Callable[[], object]" = _nothing
        """Called at each transfer on I2C and SPI; tests let it raise OSError."""
        self.rtc_memory = b""
        self.reset_cause = PWRON_RESET
        self.sleep = Sleep(self)
        self.unique_id = b"\xf4\x12\xfa\x00\x00\x01"
        self.frequency_hz = 160_000_000
        self.end_us: "int | None" = None
        """When the program is ended as Ctrl-C would; None: never."""
        self.random_noise = False
        """True while the receiver of the radio feeds the generator of random numbers."""

    def i2c_bus(self, scl: int, sda: int) -> I2c:
        """The bus that a wiring puts there; a new one at first."""
        return self.i2c.setdefault((scl, sda), I2c())

    def spi_bus(self, sck: int, mosi: int, miso: "int | None") -> SpiWires:
        """The bus that a wiring puts there; a new one at first."""
        wires = self.spi.get((sck, mosi, miso))
        if wires is None:
            wires = self.spi[(sck, mosi, miso)] = SpiWires(self.misuse)
        return wires

    @property
    def over(self) -> bool:
        """True once the time that was given to the program has passed."""
        return self.end_us is not None and self.time.now_us >= self.end_us

    def wait_us(self, us: int) -> None:
        """The program waits. Raises KeyboardInterrupt when its time is over."""
        self.time.advance_us(us)
        if self.over:
            raise KeyboardInterrupt

    def transfer(self, us: int) -> None:
        """A transfer on a bus takes so long. Raises OSError where a test wants it."""
        self.time.advance_us(us)
        self.before_transfer()

    def restart(self, cause: int) -> None:
        """Raises Restart."""
        self.reset_cause = cause
        raise Restart()


_current: "list[Hardware]" = []


def install(hardware: "Hardware | None") -> None:
    """The hardware that `machine` is about from now on; None for none."""
    _current.clear()
    if hardware is not None:
        _current.append(hardware)


def current() -> Hardware:
    """The hardware there is. Raises RuntimeError: a program used `machine` where there is no board."""
    if not _current:
        raise RuntimeError("no hardware is installed")
    return _current[0]


def _nothing() -> None:
    """No fault."""
