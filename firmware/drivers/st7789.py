"""ST7789V3 with an IPS panel of 240 x 240 pixels and a backlight on a PWM pin. `ports.Display`.

SPI mode 0, at most 62.5 MHz; a second line says whether a byte is a command (low) or data (high). The memory has 320
rows, 80 more than the glass: which end they are at depends on how the glass is mounted. Source: ST7789V 1.6.
"""

import micropython
from micropython import const

from drivers.mipi_dcs import COLUMNS, MEMORY_WRITE, ROWS, Panel

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from drivers.mipi_dcs import Pin, Spi

    class Pwm(Protocol):
        """What the driver uses of `machine.PWM`."""

        def duty_u16(self, duty: int) -> object:
            """Set the duty cycle, 0 to 65535."""
            ...


_ACCESS = const(0x36)
"""Memory access control, section 9.1.28."""
_MIRRORED = b"\xc0"
_PLAIN = b"\x00"
_ROWS_BEYOND = const(80)
"""Memory rows before the first one of the glass when both directions are mirrored."""
_BRIGHTEST = const(255)
_DUTY_STEP = const(257)
"""65535 / 255."""

_STEPS = (
    (0x3A, b"\x05"),  # 16 bits a pixel: RGB565
    (0xB2, b"\x1f\x1f\x00\x33\x33"),  # porches
    (0x35, b"\x00"),  # tearing line on
    (0xB7, b"\x00"),  # gate voltages
    (0xBB, b"\x36"),  # VCOM
    (0xC0, b"\x2c"),  # LCM
    (0xC2, b"\x01"),  # VDV and VRH by command
    (0xC3, b"\x13"),  # VRH
    (0xC4, b"\x20"),  # VDV
    (0xC6, b"\x13"),  # frame rate
    (0xD6, b"\xa1"),
    (0xD0, b"\xa4\xa1"),  # supplies
    (0xE0, b"\xf0\x08\x0e\x09\x08\x04\x2f\x33\x45\x36\x13\x12\x2a\x2d"),  # gamma, positive
    (0xE1, b"\xf0\x0e\x12\x0c\x0a\x15\x2e\x32\x44\x39\x17\x18\x2b\x2f"),  # gamma, negative
    (0xE4, b"\x1d\x00\x00"),  # gates
    (0x21, b""),  # inverted, as IPS glass needs it
)
"""Settings of the maker of the board that carries this panel (LilyGO T-Watch S3)."""


class _DataLine:
    """Commands with a line that tells them from data, between two edges of chip select."""

    def __init__(self, spi: "Spi", select: "Pin", data: "Pin") -> None:
        self._spi = spi
        self._select = select
        self._data = data
        self._code = bytearray(1)

    @micropython.native  # as bytecode its frame would come from the heap
    def send(self, code: int, data: "bytes | bytearray | memoryview") -> None:
        """One command. Raises OSError."""
        self._code[0] = code
        self._data(0)
        self._select(0)
        try:
            self._spi.write(self._code)
            if data:
                self._data(1)
                self._spi.write(data)
        finally:
            self._select(1)

    @micropython.native
    def show(self, window: "tuple[bytearray, bytearray]", pixels: memoryview) -> None:
        """Three commands in one transfer: the data line tells them apart. Raises OSError."""
        spi, is_data, code = self._spi, self._data, self._code
        is_data(0)
        self._select(0)
        try:
            code[0] = COLUMNS
            spi.write(code)
            is_data(1)
            spi.write(window[0])
            is_data(0)
            code[0] = ROWS
            spi.write(code)
            is_data(1)
            spi.write(window[1])
            is_data(0)
            code[0] = MEMORY_WRITE
            spi.write(code)
            is_data(1)
            spi.write(pixels)
        finally:
            self._select(1)


class St7789(Panel):
    """One panel with its backlight."""

    width = 240
    height = 240
    corner_px = 0
    align = 1

    def __init__(
        self,
        spi: "Spi",
        select: "Pin",
        data: "Pin",
        backlight: "Pwm",
        reset: "Optional[Pin]",
        delay_ms: "Callable[[int], object]",
        ticks_ms: "Callable[[], int]",
        mirrored: bool = False,
    ) -> None:
        """`spi` is in mode 0 and `select` high; `data` is low for commands; `reset` is None where it is not connected.

        `mirrored`: the glass is mounted upside down.
        """
        super().__init__(_DataLine(spi, select, data), delay_ms, ticks_ms, 0, _ROWS_BEYOND if mirrored else 0)
        self._reset = reset
        self._access = _MIRRORED if mirrored else _PLAIN
        self._backlight = backlight
        self._duty = 0

    def start(self) -> None:
        """Reset, set up and wake the panel; dark until `brightness`. Raises OSError."""
        self._backlight.duty_u16(0)
        self._duty = 0
        self.power_up(self._reset, ((_ACCESS, self._access),) + _STEPS)

    def brightness(self, level: int) -> None:
        """Set the light, 0 (dark) to 255; of a sleeping panel, the light it wakes with. Raises ValueError."""
        if not 0 <= level <= _BRIGHTEST:
            raise ValueError("display: brightness of 0 to 255")
        self._duty = level * _DUTY_STEP
        if not self.asleep:
            self._backlight.duty_u16(self._duty)

    def sleep(self, on: bool) -> None:
        """Put panel and light to sleep or wake them; see `Panel.sleep`. Raises OSError."""
        if on:
            self._backlight.duty_u16(0)
        super().sleep(on)
        if not on:
            self._backlight.duty_u16(self._duty)
