"""ST7789V3 with glass of 240 x 240 in a memory of 320 rows, its data line and its backlight. See dcs.py."""

from micropython import const

from board.simulator.chips.dcs import ACCESS, Panel

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.dcs import Show

_FLOATING = const(0xFF)
_MIRRORED = const(0xC0)
_ROWS_BEYOND = const(80)
_INVERTED = const(0x21)
_OWN = {
    0x20: 0,
    _INVERTED: 0,
    0xB2: 5,
    0xB7: 1,
    0xBB: 1,
    0xC0: 1,
    0xC2: 1,
    0xC3: 1,
    0xC4: 1,
    0xC6: 1,
    0xD0: 2,
    0xD6: 1,
    0xE0: 14,
    0xE1: 14,
    0xE4: 3,
}


class Chip(Panel):
    """The chip and its glass. `mode` and `most_baud` are what it needs of its bus."""

    mode: "tuple[int, int]" = (0, 0)
    most_baud = 62_500_000

    def __init__(self, misuse: "list[str]", show: "Show") -> None:
        super().__init__(240, 240, misuse, show)
        self.parameters.update(_OWN)
        self._is_data = 0

    @property
    def row_gap(self) -> int:
        """Rows of the memory before the first one of the glass."""
        return _ROWS_BEYOND if self.registers[ACCESS] & _MIRRORED == _MIRRORED else 0

    def data_line(self, level: int) -> None:
        """The line that tells data (1) from commands."""
        self._is_data = level

    def select(self, level: int) -> None:
        """The select line."""
        if level:
            self.end()

    def take(self, buf: "bytes | bytearray | memoryview") -> None:
        """Bytes in."""
        if self._is_data:
            self.data(buf)
            return
        for code in buf:
            self.begin(code)

    def exchange(self, byte: int) -> int:
        """Nothing can be read: MISO is not connected."""
        self.misuse.append("panel: read")
        return _FLOATING


class Backlight:
    """`machine.PWM` with light-emitting diodes behind it."""

    def __init__(self, on_light: "Callable[[int], None]") -> None:
        """`on_light(level)`, 0 to 255, is called when the light changes."""
        self._on_light = on_light
        self._level = 0

    def duty_u16(self, duty: int) -> None:
        """Set the duty cycle, 0 to 65535."""
        level = duty >> 8
        if level != self._level:
            self._level = level
            self._on_light(level)
