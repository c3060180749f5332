"""Bytes as printed lines that show whether they have come whole.

A block is `=`, its length, its CRC-32 in hexadecimal and its bytes in base64. Behind the last one comes `.` and how
many there were. Everything else on the line (what an interrupted program printed) is no block.
"""

from binascii import b2a_base64, crc32

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable


class Blocks:
    """Counts what it prints."""

    def __init__(self, say: "Callable[[str], object]" = print) -> None:
        """`say` prints a line."""
        self._say = say
        self._count = 0

    def put(self, data: "bytes | bytearray | memoryview") -> None:
        """One block."""
        text = str(b2a_base64(data), "ascii").strip()
        self._say("= %d %08x %s" % (len(data), crc32(data), text))
        self._count += 1

    def end(self) -> None:
        """No more blocks."""
        self._say(". %d" % self._count)


def put_all(data: bytes, say: "Callable[[str], object]" = print) -> None:
    """One block, and the end."""
    blocks = Blocks(say)
    blocks.put(data)
    blocks.end()
