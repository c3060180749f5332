"""A panel that has just started shows what its memory happens to hold: it is made black before it is lit."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Display

_STRIP_BYTES = const(16_384)
"""As the strips of the canvas."""
_BYTES_PER_PX = const(2)
_FULL = const(255)
"""What the watch takes for the light at its start."""


def light_up(display: "Display") -> None:
    """Black, then full light. Takes a strip of 16 KB for a moment. Raises OSError."""
    rows = _STRIP_BYTES // (display.width * _BYTES_PER_PX) // display.align * display.align
    black = memoryview(bytearray(rows * display.width * _BYTES_PER_PX))
    for y in range(0, display.height, rows):
        height = min(rows, display.height - y)
        display.write(0, y, display.width, height, black[: height * display.width * _BYTES_PER_PX])
    display.brightness(_FULL)
