"""Reads the bytes of a compiled module one after the other, and never beyond their end."""

from micropython import const

from watch.kernel.errors import BytecodeError

_LONGEST_NUMBER = const(3)  # bytes of 7 bits: more than anything in a module of 24 KB needs


class Reader:
    """A place in a compiled module."""

    def __init__(self, data: bytes, at: int = 0, end: int = -1) -> None:
        self.data, self.at = data, at
        self.end = len(data) if end < 0 else end
        """Where it ends; the same as `at` once all is read."""

    def byte(self) -> int:
        """The next byte. Raises BytecodeError at the end."""
        if self.at >= self.end:
            raise BytecodeError("the module ends early")
        self.at += 1
        return self.data[self.at - 1]

    def number(self, most: int = 0xFFFF) -> int:
        """The next number, 7 bits a byte, highest first. Raises BytecodeError beyond `most`, of 21 bits at most."""
        value = 0
        for _ in range(_LONGEST_NUMBER):
            one = self.byte()
            value = value << 7 | one & 0x7F
            if one < 0x80:
                if value > most:
                    break
                return value
        raise BytecodeError("a number is too high")

    def take(self, length: int) -> bytes:
        """The next bytes. Raises BytecodeError if there are not as many."""
        if length > self.end - self.at:
            raise BytecodeError("the module ends early")
        self.at += length
        return self.data[self.at - length : self.at]

    def sub(self, length: int) -> "Reader":
        """A reader of the next bytes alone; this one goes on behind them. Raises BytecodeError."""
        if length > self.end - self.at:
            raise BytecodeError("the module ends early")
        self.at += length
        return Reader(self.data, self.at - length, self.at)
