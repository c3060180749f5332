"""The drivers of real panels into a bus that only counts: what goes to the panel is counted with its commands."""

import micropython
from micropython import const

from drivers.co5300 import Co5300
from drivers.st7789 import St7789

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Panel = Union[Co5300, St7789]

_BRIGHTEST = const(255)
_LINE = bool
"""A pin that leads nowhere: a call into C that does next to nothing, as setting a real one is."""


class Bus:
    """SPI, backlight and time of a panel that is always ready."""

    def __init__(self) -> None:
        self.bytes = 0

    @micropython.native  # the bus of a board is C: what it costs is none of the driver's
    def write(self, buf: "bytes | bytearray | memoryview") -> None:
        """Count bytes."""
        self.bytes += len(buf)

    def duty_u16(self, duty: int) -> None:
        """A backlight that nobody sees."""

    def wait_ms(self, delay_ms: int) -> None:
        """No time passes."""

    def ticks_ms(self) -> int:
        """Always the same."""
        return 0


class Display:
    """`ports.Display`: a real panel's driver, on and bright, with its counters at 0."""

    def __init__(self, size: str) -> None:
        """Raises ValueError for a size there is not."""
        if size not in SIZES:
            raise ValueError("unknown panel size")
        self._bus = Bus()
        self._panel = panel = SIZES[size](self._bus)
        self.width = panel.width
        self.height = panel.height
        self.corner_px = panel.corner_px
        self.align = panel.align
        self.windows = 0
        self.level = 0
        panel.start()
        self.brightness(_BRIGHTEST)
        self._bus.bytes = 0

    @property
    def bytes(self) -> int:
        """What was sent: pixels, and the commands around them."""
        return self._bus.bytes

    @property
    def asleep(self) -> bool:
        """True while the panel sleeps."""
        return self._panel.asleep

    @micropython.native  # as bytecode its frame would come from the heap
    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Count one window. Allocates nothing. Raises ValueError for what the panel would not take."""
        self._panel.write(x, y, w, h, pixels)
        self.windows += 1

    def brightness(self, level: int) -> None:
        """Remember the light. Raises ValueError."""
        self._panel.brightness(level)
        self.level = level

    def sleep(self, on: bool) -> None:
        """Remember the sleep."""
        self._panel.sleep(on)


def _amoled(bus: Bus) -> "Panel":
    return Co5300(bus, _LINE, None, bus.wait_ms, bus.ticks_ms)


def _ips(bus: Bus) -> "Panel":
    return St7789(bus, _LINE, _LINE, bus, None, bus.wait_ms, bus.ticks_ms)


SIZES = {"410x502": _amoled, "240x240": _ips}
"""The panels we know, by size."""
