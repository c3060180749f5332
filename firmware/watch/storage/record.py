"""Records and the facts in them.

A record is one atomic change: 2 bytes mark (cleared once the rest has been read back), 2 bytes length of the facts, the
facts, CRC-32 of length and facts. A fact is a 2-byte key, a 2-byte length (FFFF: the key is deleted) and the value,
padded to four bytes. Numbers are little-endian. The CRC starts from the record's place (sequence number and offset), so
bytes left from an earlier life of the sector never pass.
"""

import struct
from binascii import crc32

from micropython import const

from watch.kernel.errors import CorruptError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterator, Optional, Union

    Buffer = Union[bytearray, memoryview]

HEAD_BYTES = const(4)
"""Mark, length."""
RECORD_BYTES = const(8)
"""What a record takes beyond its facts: mark, length, CRC."""
FACT_BYTES = const(4)
"""Key, length."""
LENGTH_OFFSET = const(2)
"""Everything of a record but its mark starts here."""
DELETED = const(0xFFFF)
MAX_KEY = const(0xFFFF)
ALIGN = const(4)
"""Records and facts begin and end at multiples of this many bytes."""

_CRC_BYTES = const(4)
_CRC_RESIDUE = const(0x2144DF1C)  # CRC-32 of anything followed by its own CRC-32, little-endian
_SEQUENCE_SHIFT = const(12)  # an offset in a sector takes 12 bits
_MASK = 0xFFFFFFFF


def fact_size(length: int) -> int:
    """Bytes that a fact with a value of `length` bytes takes in a record."""
    return FACT_BYTES + (length + ALIGN - 1) // ALIGN * ALIGN


def encode(changes: "dict[int, Optional[bytes]]") -> bytearray:
    """An unfinished record that holds these changes; None deletes. `finish` completes it."""
    size = sum([fact_size(len(value or b"")) for value in changes.values()])
    record = bytearray(RECORD_BYTES + size)
    at = HEAD_BYTES
    for key, value in changes.items():
        length = DELETED if value is None else len(value)
        struct.pack_into("<HH", record, at, key, length)
        if value:
            record[at + FACT_BYTES : at + FACT_BYTES + length] = value
        at += fact_size(len(value or b""))
    return record


def finish(record: "Buffer", sequence: int, offset: int) -> None:
    """Fill in mark, length and CRC for the place the record will stand at."""
    struct.pack_into("<HH", record, 0, 0xFFFF, len(record) - RECORD_BYTES)
    end = len(record) - _CRC_BYTES
    struct.pack_into("<I", record, end, crc32(memoryview(record)[LENGTH_OFFSET:end], _seed(sequence, offset)))


def valid_size(data: "Buffer", offset: int, sequence: int, start: int = 0) -> int:
    """Size of the valid record at `offset` of its sector, 0 if there is none.

    `data` begins at offset `start` of the sector.
    """
    at = offset - start
    if at + RECORD_BYTES > len(data):
        return 0
    length = data[at + LENGTH_OFFSET] | data[at + LENGTH_OFFSET + 1] << 8
    end = at + RECORD_BYTES + length
    if not length or length % ALIGN or end > len(data):
        return 0
    crc = crc32(memoryview(data)[at + LENGTH_OFFSET : end], _seed(sequence, offset))
    return end - at if crc == _CRC_RESIDUE else 0


def facts(data: "Buffer", at: int, size: int) -> "Iterator[tuple[int, int, int]]":
    """Key, position of the value in `data` and length (or DELETED) of each fact of the valid record at `at`.

    Raises CorruptError.
    """
    end = at + size - _CRC_BYTES
    at += HEAD_BYTES
    while at < end:
        key, length = struct.unpack_from("<HH", data, at)
        following = at + fact_size(0 if length == DELETED else length)
        if following > end:
            raise CorruptError("a fact is longer than its record")
        yield key, at + FACT_BYTES, length
        at = following


def _seed(sequence: int, offset: int) -> int:
    return (sequence << _SEQUENCE_SHIFT | offset) & _MASK
