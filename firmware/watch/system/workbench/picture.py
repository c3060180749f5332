"""The screen in front, drawn once more for a computer."""

import struct

from micropython import const

from watch.system.workbench.blocks import Blocks

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Board, Display
    from watch.system.main import Watch

_BYTES_PER_PIXEL = const(2)


class _Glass:
    """A display whose pixels are printed."""

    def __init__(self, like: "Display", blocks: Blocks) -> None:
        self.width, self.height, self.corner_px, self.align = like.width, like.height, like.corner_px, like.align
        self._blocks = blocks

    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Print a strip: where it is, then big-endian RGB565."""
        self._blocks.put(struct.pack(">4H", x, y, w, h) + pixels[: w * h * _BYTES_PER_PIXEL])

    def brightness(self, level: int) -> None:
        """A picture has no light."""

    def sleep(self, on: bool) -> None:
        """A picture does not sleep."""


def picture(watch: "Watch", board: "Board", say: "Callable[[str], object]" = print) -> None:
    """Print the measures of the screen in front in one block, then its strips. It is drawn as if the panel were lit."""
    blocks = Blocks(say)
    blocks.put(struct.pack(">2H", board.display.width, board.display.height))
    watch.stack.copy(_Glass(board.display, blocks))
    blocks.end()
