"""A I2C bus as `machine` has it, joined to chip models instead of wires."""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Chip(Protocol):
        """What the bus needs of a chip model."""

        def answers(self) -> bool:
            """True if the chip acknowledges its address now."""
            ...

        def take(self, data: bytes) -> None:
            """What is written to it, from start to stop."""
            ...

        def give(self, into: "bytearray | memoryview") -> None:
            """What is read from it."""
            ...


class I2c:
    """`machine.I2C`: the part of it that drivers use."""

    def __init__(self) -> None:
        self._chips: "dict[int, Chip]" = {}
        self.stretch_us: "dict[int, int]" = {}
        """How long a chip holds the clock in each transfer, by address; a controller gives up at its own limit."""

    def attach(self, address: int, chip: "Chip") -> None:
        """Put a chip on the bus."""
        self._chips[address] = chip

    def answers(self, address: int) -> bool:
        """True if a chip acknowledges this address now."""
        chip = self._chips.get(address)
        return chip is not None and chip.answers()

    def writeto(self, addr: int, buf: "bytes | bytearray") -> int:
        """Send bytes; returns how many were acknowledged. Raises OSError(ENODEV) where nobody answers."""
        self._chip(addr).take(buf)
        return len(buf)

    def readfrom_into(self, addr: int, buf: "bytearray | memoryview") -> None:
        """Fill the buffer. Raises OSError(ENODEV)."""
        self._chip(addr).give(buf)

    def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray") -> None:
        """Write registers of 8-bit addresses. Raises OSError(ENODEV)."""
        self._chip(addr).take(bytes((memaddr,)) + buf)

    def readfrom_mem_into(self, addr: int, memaddr: int, buf: "bytearray | memoryview") -> None:
        """Read registers of 8-bit addresses. Raises OSError(ENODEV)."""
        chip = self._chip(addr)
        chip.take(bytes((memaddr,)))
        chip.give(buf)

    def _chip(self, address: int) -> "Chip":
        chip = self._chips.get(address)
        if chip is None or not chip.answers():
            raise OSError(errno.ENODEV)
        return chip
