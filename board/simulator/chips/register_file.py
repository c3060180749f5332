"""Registers with 8-bit addresses on I2C, which count up in a transfer: what models of small chips share."""

from micropython import const

_SIZE = const(256)


class RegisterFile:
    """The bytes of one chip. A model says what a read and a write of each does."""

    def __init__(self, misuse: "list[str]", resets: "tuple[tuple[int, int], ...]") -> None:
        """What the chip does not allow is written down in `misuse`. `resets`: registers that are not 0 at first."""
        self.misuse = misuse
        self._resets = resets
        self._at = 0
        self.clear()

    def clear(self) -> None:
        """As after a loss of power."""
        self.registers = bytearray(_SIZE)
        for register, value in self._resets:
            self.registers[register] = value

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return True

    def take(self, data: bytes) -> None:
        """A register, and what to write from there on."""
        self._at = data[0]
        for value in data[1:]:
            self.wrote(self._at, value)
            self._at = self.after(self._at)

    def give(self, into: "bytearray | memoryview") -> None:
        """Registers from the address on."""
        for place in range(len(into)):
            into[place] = self.asked(self._at)
            self._at = self.after(self._at)

    def after(self, register: int) -> int:
        """The next address of a transfer."""
        return (register + 1) & 0xFF

    def wrote(self, register: int, value: int) -> None:
        """One byte is written."""
        self.registers[register] = value

    def asked(self, register: int) -> int:
        """One byte is read."""
        return self.registers[register]
