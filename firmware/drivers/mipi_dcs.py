"""What panels with the MIPI display command set share: start, windows, pixels, sleep. How bytes travel is the chip's.

A long write is not cut here: the SPI of the ESP32 port cuts it into DMA transfers of 4092 bytes, two of them queued,
and a slice of ours would come from the heap. Sources: MIPI DCS 1.3 sections 6.6 to 6.35; ST7789V 1.6 section 9.1.
"""

from array import array

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class Spi(Protocol):
        """What the drivers use of `machine.SPI`."""

        def write(self, buf: "bytes | bytearray | memoryview") -> object:
            """Send bytes."""
            ...

    class Wire(Protocol):
        """How a chip wants its commands."""

        def send(self, code: int, data: "bytes | bytearray | memoryview") -> None:
            """One command with its parameters, as one transfer. Raises OSError, the line being free again."""
            ...

        def show(self, window: "tuple[bytearray, bytearray]", pixels: memoryview) -> None:
            """Parameters of COLUMNS and of ROWS, and pixels for MEMORY_WRITE. Raises as `send`. Allocates nothing."""
            ...

    Pin = Callable[[int], object]
    """Sets an output, as `machine.Pin` does when called."""
    Step = tuple[int, bytes]
    """Command and parameters."""

_SOFTWARE_RESET = const(0x01)
_SLEEP_IN = const(0x10)
_SLEEP_OUT = const(0x11)
_DISPLAY_OFF = const(0x28)
_DISPLAY_ON = const(0x29)
COLUMNS = const(0x2A)
ROWS = const(0x2B)
MEMORY_WRITE = const(0x2C)
_NOTHING = b""

_RESET_MS = const(20)
"""The line is low for so long; makers' own code takes 10 to 20 ms."""
_STARTING_MS = const(120)
"""From the end of a reset to the first command."""
_WAKING_MS = const(120)
"""After sleep out: supplies settle; before that, neither sleep in nor, on some panels, anything else is heard."""
_FALLING_ASLEEP_MS = const(5)
"""After sleep in, before any command."""
_ASLEEP_MS = const(120)
"""From sleep in to the next sleep out."""
_TICKS = const(0x3FFF_FFFF)
"""Ticks are compared modulo 2^30, where those of the board wrap."""

_PIXEL_BYTES = const(2)
_SPAN_BYTES = const(4)
"""First and last column or row, big-endian."""


class Panel:
    """`ports.Display` without a light of its own. Sizes are in pixels and belong to the class of the chip."""

    width = 0
    height = 0
    corner_px = 0
    align = 1
    """Windows begin and end at multiples of this: a power of two."""

    def __init__(
        self,
        wire: "Wire",
        delay_ms: "Callable[[int], object]",
        ticks_ms: "Callable[[], int]",
        column_gap: int,
        row_gap: int,
    ) -> None:
        """The gaps are those between the first cell of the chip's memory and the first pixel of the glass.

        `ticks_ms` wraps at 2^30 or a multiple of it.
        """
        self._wire = wire
        self._delay_ms = delay_ms
        self._ticks_ms = ticks_ms
        self._limits = array("H", (self.width, self.height, self.align, column_gap, row_gap))
        self._columns, self._rows = self._window = bytearray(_SPAN_BYTES), bytearray(_SPAN_BYTES)
        self._slept_ms = 0
        self.asleep = True

    def power_up(self, reset: "Optional[Pin]", steps: "tuple[Step, ...]") -> None:
        """Reset by the line, or by command if there is none; send the steps; wake. Takes 260 ms. Raises OSError."""
        if reset:
            reset(0)
            self._delay_ms(_RESET_MS)
            reset(1)
        else:
            self._wire.send(_SOFTWARE_RESET, _NOTHING)
        self._delay_ms(_STARTING_MS)
        for code, parameters in steps:
            self._wire.send(code, parameters)
        self.asleep = True
        self._slept_ms = self._ticks_ms() - _ASLEEP_MS
        self._wake()

    @micropython.native  # as bytecode its frame would come from the heap
    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Show `w * h * 2` bytes of big-endian RGB565; a sleeping panel keeps them. Allocates nothing.

        Raises ValueError for a window off the panel or not aligned or for too few or too many bytes, and OSError.
        """
        if not _aim(self._columns, self._rows, self._limits, x, y, w, h):
            raise ValueError("display: window off the panel, or not aligned")
        if len(pixels) != w * h * _PIXEL_BYTES:
            raise ValueError("display: pixels do not fill the window")
        self._wire.show(self._window, pixels)

    def sleep(self, on: bool) -> None:
        """Put the panel to sleep or wake it, which takes 120 ms and 120 ms more right after it fell asleep.

        What it shows stays in its memory. Raises OSError; asking again is safe.
        """
        if on and not self.asleep:
            self._wire.send(_DISPLAY_OFF, _NOTHING)
            self._wire.send(_SLEEP_IN, _NOTHING)
            self._slept_ms = self._ticks_ms()
            self.asleep = True
            self._delay_ms(_FALLING_ASLEEP_MS)
        elif not on and self.asleep:
            self._wake()

    def _wake(self) -> None:
        slept_ms = (self._ticks_ms() - self._slept_ms) & _TICKS
        if slept_ms < _ASLEEP_MS:
            self._delay_ms(_ASLEEP_MS - slept_ms)
        self._wire.send(_SLEEP_OUT, _NOTHING)
        self._delay_ms(_WAKING_MS)
        self._arm_light()
        self._wire.send(_DISPLAY_ON, _NOTHING)
        self.asleep = False

    def _arm_light(self) -> None:
        """What a chip has to be told of its light after sleep out. Raises OSError."""


@micropython.viper
def _aim(columns: ptr8, rows: ptr8, limits: ptr16, x: int, y: int, w: int, h: int) -> bool:
    """Write the parameters of a window. False if the panel has no such window.

    `limits`: width, height, alignment, and the gaps to the first column and row.
    """
    if x < 0 or y < 0 or w <= 0 or h <= 0 or x + w > int(limits[0]) or y + h > int(limits[1]):
        return False
    if (x | y | w | h) & (int(limits[2]) - 1):
        return False
    x += int(limits[3])
    y += int(limits[4])
    w += x - 1
    h += y - 1
    columns[0] = x >> 8
    columns[1] = x
    columns[2] = w >> 8
    columns[3] = w
    rows[0] = y >> 8
    rows[1] = y
    rows[2] = h >> 8
    rows[3] = h
    return True
