"""What the drivers of motion sensors share: the events they tell, and the protocols of what is handed to them.

Each of them offers `start`, `acceleration`, `steps`, `events`, `rest` and the bits `abilities`. Axes are those that are
printed in the data sheet of the chip; the board knows how it is mounted.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class I2c(Protocol):
        """What the drivers use of `machine.I2C`."""

        def readfrom_mem_into(self, addr: int, memaddr: int, buf: "bytearray | memoryview") -> object:
            """Fill the buffer from a register on. Raises OSError."""
            ...

        def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray | memoryview") -> object:
            """Write registers. Raises OSError."""
            ...

    class Blob(Protocol):
        """What a chip has to be told at every start: an open file."""

        def readinto(self, buf: memoryview) -> "int | None":
            """Fill the buffer as far as there is something; how many bytes. Raises OSError."""
            ...


MOVED = const(1)
"""Event and ability: it began to move, or moves on."""
STILL = const(2)
"""Event and ability: it has not moved for some seconds."""
RAISED = const(4)
"""Event and ability: the wrist was turned to look at the watch."""
STEPS = const(8)
"""Ability: the chip counts steps by itself."""

UPRIGHT = (1, 2, 3)
"""Which axis of the chip points right, up and towards the wearer: 1, 2, 3 for x, y, z, negative if it points away."""

_SIGN = const(0x8000)


def signed16(data: "bytearray | memoryview", at: int) -> int:
    """The number of two bytes, low one first, from -32768 on. Allocates nothing."""
    return ((data[at] | data[at + 1] << 8) ^ _SIGN) - _SIGN


def fill_from(blob: "Blob", view: memoryview) -> None:
    """Fill `view` from a file. Raises OSError, and ValueError if the file ends before."""
    done = 0
    while done < len(view):
        got = blob.readinto(view[done:])
        if not got:
            raise ValueError("the file is too short")
        done += got
