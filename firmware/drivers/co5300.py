"""CO5300: AMOLED panel of 410 x 502 pixels, on one data line of its quad SPI. `ports.Display`.

Every command is a transfer of its own: 02 00, the command, 00, then parameters or pixels, all on D0. D1 to D3 are held
high by the board. SPI mode 0; 40 MHz is common, 50 MHz what the datasheet allows for writing. The four-line way needs
a peripheral that MicroPython does not offer. There is nothing to read back.
"""

import micropython
from micropython import const

from drivers.mipi_dcs import COLUMNS, MEMORY_WRITE, ROWS, Panel

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.mipi_dcs import Pin, Spi

_WRITE = const(0x02)
_CODE_AT = const(2)
"""Where the command stands in the four bytes of a header."""
_BRIGHTNESS = const(0x51)
_CONTROL, _CONTROL_ON = const(0x53), b"\x20"
_BRIGHTEST = const(255)
_COLUMN_GAP = const(22)
"""The glass begins at this column of the chip's memory; one public driver has 20 (UNSURE-PANEL-OFFSET)."""

_STEPS = (
    (0xFE, b"\x00"),  # the page of user commands
    (0xC4, b"\x80"),  # memory may be written by SPI
    (0x3A, b"\x55"),  # RGB565
    (0x35, b"\x00"),  # tearing line on
    (_CONTROL, _CONTROL_ON),  # brightness control on
    (0x63, b"\xff"),  # brightness in the mode for sunlight
    (0x36, b"\x00"),  # no mirroring
    (0x51, b"\x00"),  # dark until `brightness`
)
"""Settings of the makers of both boards that carry this panel (LilyGO T-Watch Ultra, Waveshare AMOLED 2.06)."""


class _OneLine:
    """Commands behind a header, between two edges of chip select."""

    def __init__(self, spi: "Spi", select: "Pin") -> None:
        self._spi = spi
        self._select = select
        self._header = bytearray((_WRITE, 0, 0, 0))

    @micropython.native  # as bytecode its frame would come from the heap
    def send(self, code: int, data: "bytes | bytearray | memoryview") -> None:
        """One command. Raises OSError."""
        self._header[_CODE_AT] = code
        self._select(0)
        try:
            self._spi.write(self._header)
            if data:
                self._spi.write(data)
        finally:
            self._select(1)

    @micropython.native
    def show(self, window: "tuple[bytearray, bytearray]", pixels: memoryview) -> None:
        """Three commands. Raises OSError."""
        spi, select, header = self._spi, self._select, self._header
        try:
            header[_CODE_AT] = COLUMNS
            select(0)
            spi.write(header)
            spi.write(window[0])
            select(1)
            header[_CODE_AT] = ROWS
            select(0)
            spi.write(header)
            spi.write(window[1])
            select(1)
            header[_CODE_AT] = MEMORY_WRITE
            select(0)
            spi.write(header)
            spi.write(pixels)
        finally:
            select(1)


class Co5300(Panel):
    """One panel. Windows begin at even pixels and have even sizes, else the chip garbles rows."""

    width = 410
    height = 502
    corner_px = 115
    """The glass is rounded by about this much."""
    align = 2

    def __init__(
        self,
        spi: "Spi",
        select: "Pin",
        reset: "Optional[Pin]",
        delay_ms: "Callable[[int], object]",
        ticks_ms: "Callable[[], int]",
    ) -> None:
        """`spi` is in mode 0 and `select` high; `reset` is None where the line is not connected."""
        super().__init__(_OneLine(spi, select), delay_ms, ticks_ms, _COLUMN_GAP, 0)
        self._reset = reset
        self._level = bytearray(1)

    def start(self) -> None:
        """Reset, set up and wake the panel; dark until `brightness`. Raises OSError."""
        self._level[0] = 0
        self.power_up(self._reset, _STEPS)

    def _arm_light(self) -> None:
        """Sleep out loads registers anew (7.5.12), and without its control the brightness does nothing (7.5.40)."""
        self._wire.send(_CONTROL, _CONTROL_ON)
        self._wire.send(_BRIGHTNESS, self._level)

    def brightness(self, level: int) -> None:
        """Set the light, 0 (dark) to 255. Raises ValueError, OSError."""
        if not 0 <= level <= _BRIGHTEST:
            raise ValueError("display: brightness of 0 to 255")
        self._level[0] = level
        self._wire.send(_BRIGHTNESS, self._level)
