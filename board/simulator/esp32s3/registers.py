"""`machine.mem32`: the register space, joined to models of peripherals; elsewhere it is plain memory."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Block(Protocol):
        """A model of one peripheral."""

        def read(self, offset: int) -> int:
            """The register at this offset, 32 bits."""
            ...

        def write(self, offset: int, value: int) -> None:
            """Set the register."""
            ...


_WORD = 0xFFFF_FFFF


class Registers:
    """Reads and writes of words by address."""

    def __init__(self) -> None:
        self._blocks: "list[tuple[int, int, Block]]" = []
        self._words: "dict[int, int]" = {}

    def attach(self, base: int, size: int, block: "Block") -> None:
        """Put a peripheral at `base`."""
        self._blocks.append((base, size, block))

    def __getitem__(self, address: int) -> int:
        """Raises ValueError for an address that is no multiple of 4."""
        _check(address)
        for base, size, block in self._blocks:
            if base <= address < base + size:
                return block.read(address - base)
        return self._words.get(address, 0)

    def __setitem__(self, address: int, value: int) -> None:
        """Raises ValueError for an address that is no multiple of 4."""
        _check(address)
        value &= _WORD
        for base, size, block in self._blocks:
            if base <= address < base + size:
                block.write(address - base, value)
                return
        self._words[address] = value


def _check(address: int) -> None:
    if address & 3:
        raise ValueError("address %08x is not aligned to 4 bytes" % address)
