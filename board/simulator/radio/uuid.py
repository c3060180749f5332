"""UUIDs as MicroPython's `bluetooth` has them."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterator

    Buffer = bytes | bytearray | memoryview


class UUID:
    """A UUID of 16, 32 or 128 bits; its bytes come least significant first."""

    def __init__(self, value: "int | str | Buffer | UUID") -> None:
        """Take a number of 16 bits, text as `6e400001-b5a3-f393-e0a9-e50e24dcca9e`, or bytes. Raises ValueError."""
        if isinstance(value, int):
            if not 0 <= value <= 0xFFFF:
                raise ValueError("invalid UUID")
            self._bytes = value.to_bytes(2, "little")
        elif isinstance(value, str):
            self._bytes = _from_text(value)
        else:
            self._bytes = bytes(value)
        if len(self._bytes) not in (2, 4, 16):
            raise ValueError("invalid UUID")

    def __iter__(self) -> "Iterator[int]":
        return iter(self._bytes)

    def __len__(self) -> int:
        return len(self._bytes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UUID) and self._bytes == other._bytes

    def __lt__(self, other: "UUID") -> bool:
        return self._bytes < other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)

    def __repr__(self) -> str:
        digits = "".join("%02x" % byte for byte in reversed(self._bytes))
        if len(digits) < 32:
            return f"UUID(0x{digits})"
        return f"UUID('{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}')"


def _from_text(text: str) -> bytes:
    digits = text.replace("-", "")
    if len(digits) != 32:
        raise ValueError("invalid UUID")
    return bytes(int(digits[at : at + 2], 16) for at in range(30, -2, -2))
