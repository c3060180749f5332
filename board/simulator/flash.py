"""The vault partition: every access is carried out by the host, which keeps the image and enforces NOR rules."""

import struct

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.link import Link

_SECTOR = const(4096)


class Flash:
    """`ports.Flash`."""

    def __init__(self, link: "Link", size: int) -> None:
        """A partition of `size` bytes."""
        self.size = size
        self.sector = _SECTOR
        self._link = link
        self._address = bytearray(4)
        self._range = bytearray(8)

    def read(self, address: int, into: bytearray) -> None:
        """Fill `into` from `address`. Raises OSError."""
        struct.pack_into(">II", self._range, 0, address, len(into))
        found = self._link.call(frames.FLASH_READ, self._range)
        if len(found) != len(into):
            raise ValueError(f"host link: {len(found)} bytes of flash instead of {len(into)}")
        into[:] = found

    def program(self, address: int, data: bytes) -> None:
        """Clear bits. Raises OSError."""
        struct.pack_into(">I", self._address, 0, address)
        self._link.call(frames.FLASH_PROGRAM, self._address, data, len(data))

    def erase(self, address: int) -> None:
        """Erase the sector that starts at `address`. Raises OSError."""
        struct.pack_into(">I", self._address, 0, address)
        self._link.call(frames.FLASH_ERASE, self._address)
