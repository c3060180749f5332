"""Counters that a power cut, a failed write or a flipped bit never lowers.

Each number is stored three times: as it is, inverted, and inverted with its bytes turned round. All three must agree,
or reading raises: one wrong bit, in flash or on the way from it, is an error and never a smaller count. Every change is
one journal record and is read back through the same door before it counts.
"""

import struct

from micropython import const

from watch.kernel.errors import CorruptError, InputError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.storage.journal import Journal

NUMBER_BYTES = const(12)
_MASK = 0xFFFFFFFF


def pack(number: int) -> bytes:
    """The redundant form of a number from 0 to 2^32 - 1. Raises InputError."""
    if not 0 <= number <= _MASK:
        raise InputError("a counter has 32 bits")
    inverted = number ^ _MASK
    return struct.pack("<II", number, inverted) + struct.pack(">I", inverted)


def unpack(data: bytes) -> int:
    """The number in its redundant form. Raises CorruptError if any bit disagrees."""
    if len(data) != NUMBER_BYTES:
        raise CorruptError("a counter has the wrong length")
    number, inverted = struct.unpack_from("<II", data)
    turned = struct.unpack_from(">I", data, 8)[0]
    if number ^ _MASK != inverted or inverted != turned:
        raise CorruptError("the copies of a counter differ")
    return number


class RisingNumber:
    """One stored number that never goes down; 0 until it is first raised."""

    def __init__(self, journal: "Journal", record: int) -> None:
        """Keep the number in `record`."""
        self._journal = journal
        self._record = record

    def value(self) -> int:
        """The number. Raises CorruptError, StorageError."""
        stored = self._journal.get(self._record)
        return 0 if stored is None else unpack(stored)

    def raise_to(self, number: int) -> None:
        """Store a number that is not lower. Raises InputError if it is, StorageError if it could not be stored."""
        if number < self.value():
            raise InputError("a rising number does not go down")
        self._journal.commit({self._record: pack(number)})
        if self.value() != number:
            raise WriteError("a number did not read back")


class Counter:
    """Counts up, and can start anew: the tries of the passcode.

    Two rising numbers in one record: all that was ever counted, and where that stood at the last `reset`. So a reset
    lowers nothing that is stored.
    """

    def __init__(self, journal: "Journal", record: int) -> None:
        """Keep the count in `record`."""
        self._journal = journal
        self._record = record

    def value(self) -> int:
        """Counted since the last reset; 0 if there never was anything. Raises CorruptError, StorageError."""
        counted, base = self._read()
        return counted - base

    def increment(self) -> int:
        """Count one more; returns `value()`. When this returns, the count is on flash. Raises StorageError."""
        counted, base = self._read()
        self._write(counted + 1, base)
        return counted + 1 - base

    def reset(self) -> None:
        """Start anew. Raises StorageError."""
        counted, base = self._read()
        if counted != base:
            self._write(counted, counted)

    def _read(self) -> "tuple[int, int]":
        stored = self._journal.get(self._record)
        return (0, 0) if stored is None else _unpack_pair(stored)

    def _write(self, counted: int, base: int) -> None:
        self._journal.commit({self._record: pack(counted) + pack(base)})
        if self._read() != (counted, base):
            raise WriteError("a counter did not read back")


def _unpack_pair(stored: bytes) -> "tuple[int, int]":
    """Both numbers of a `Counter`. Raises CorruptError."""
    counted, base = unpack(stored[:NUMBER_BYTES]), unpack(stored[NUMBER_BYTES:])
    if base > counted:
        raise CorruptError("a counter is below its start")
    return counted, base
