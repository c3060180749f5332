"""What a board says on the panel by itself, when the watch cannot start: plain letters of the port, no fonts needed."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Display

_LINE_PX = const(16)
_GLYPH_PX = const(8)
_BYTES_PER_PX = const(2)
_WHITE = const(0xFFFF)
"""The same in both byte orders."""
_LIGHT = const(200)
_READING_MS = const(60_000)


def tell(display: "Display", lines: "tuple[str, ...]", say: "Callable[[str], object]") -> None:
    """White on black in the middle of the panel, and on the serial line. Takes 14 KB at most. Raises OSError."""
    for line in lines:
        say(line)
    import framebuf  # only here: a watch that starts has fonts of its own

    top = (display.height - len(lines) * _LINE_PX) // 2 // display.align * display.align
    strip = bytearray(display.width * _LINE_PX * _BYTES_PER_PX)
    canvas = framebuf.FrameBuffer(strip, display.width, _LINE_PX, framebuf.RGB565)
    for index, line in enumerate(lines):
        canvas.fill(0)
        canvas.text(line, (display.width - len(line) * _GLYPH_PX) // 2, _GLYPH_PX // 2, _WHITE)
        display.write(0, top + index * _LINE_PX, display.width, _LINE_PX, memoryview(strip))
    display.brightness(_LIGHT)


def tell_for_a_while(
    display: "Display",
    lines: "tuple[str, ...]",
    say: "Callable[[str], object]",
    delay_ms: "Callable[[int], object]",
) -> None:
    """As `tell`, for a minute: the watch is about to start anew, and the words must be read before. Raises OSError."""
    tell(display, lines, say)
    delay_ms(_READING_MS)
