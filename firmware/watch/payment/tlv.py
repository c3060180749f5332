"""BER-TLV encoding for card answers (EMV Book 3 annex B), data object lists, and the number formats inside."""

import binascii

import micropython
from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Sequence, Tuple, Union

    Buffer = Union[bytearray, memoryview]
    Dol = Sequence[Tuple[int, int]]

_PACKED_BYTES = const(4)
"""Parsed at a time: 8 digits stay inside 31 bits."""
_PACKED_VALUES = const(100_000_000)
_SHORT_LENGTH = const(0x7F)
_MOST_LENGTH = const(0xFF)
"""No object in a short answer is longer than this."""


def tag_bytes(tag: int) -> bytes:
    """A one- or two-byte tag as bytes."""
    return bytes((tag,)) if tag <= 0xFF else bytes((tag >> 8, tag & 0xFF))


def encode(tag: int, *values: bytes) -> bytes:
    """One object whose value is all `values` in a row. Raises InputError beyond 255 bytes."""
    value = b"".join(values)
    size = len(value)
    if size > _MOST_LENGTH:
        raise InputError("data object too long")
    length = bytes((size,)) if size <= _SHORT_LENGTH else bytes((0x81, size))
    return tag_bytes(tag) + length + value


def template(tag: int, objects: "Sequence[Tuple[int, bytes]]") -> "Tuple[bytes, Dict[int, int]]":
    """One object that holds others, and where in it the value of each of them starts. Raises InputError."""
    parts = [encode(inner, value) for inner, value in objects]
    whole = encode(tag, *parts)
    places = {}
    at = len(whole) - sum([len(part) for part in parts])
    for part, (inner, value) in zip(parts, objects):
        at += len(part)
        places[inner] = at - len(value)
    return whole, places


def encode_dol(dol: "Dol") -> bytes:
    """A data object list: tags and lengths, no values."""
    return b"".join([tag_bytes(tag) + bytes((size,)) for tag, size in dol])


def dol_length(dol: "Dol") -> int:
    """How many bytes a terminal sends for this list."""
    return sum([size for _, size in dol])


def dol_offset(dol: "Dol", wanted: int) -> int:
    """Where the value of one tag starts in what the terminal sends. Raises InputError if it is not listed."""
    at = 0
    for tag, size in dol:
        if tag == wanted:
            return at
        at += size
    raise InputError("tag not in the list")


def dol_place(dol: "Dol", wanted: int, start: int) -> int:
    """The same, `start` added; -1 if the tag is not listed."""
    return start + dol_offset(dol, wanted) if wanted in [tag for tag, _ in dol] else -1


def number(digits: int, size: int) -> bytes:
    """Format n: decimal digits, right-justified in `size` bytes."""
    return packed("0" * (2 * size - len(str(digits))) + str(digits))


def packed(digits: str) -> bytes:
    """Format cn: two digits a byte, padded with F on the right. `D`, the track 2 separator, is allowed."""
    return binascii.unhexlify(digits + "F" * (len(digits) & 1))


@micropython.viper
def _parse_packed(buffer: ptr8, at: int, size: int) -> int:
    """The value of up to 4 bytes of packed digits, or -1 if a nibble is none."""
    value = 0
    end = at + size
    while at < end:
        high = buffer[at] >> 4
        low = buffer[at] & 15
        if high > 9 or low > 9:
            return -1
        value = value * 100 + high * 10 + low
        at += 1
    return value


def parse_number(buffer: "Buffer", at: int, size: int) -> int:
    """The value of a format n field of up to 8 bytes, or -1 if a digit is none. Raises InputError off the buffer."""
    if at < 0 or at + size > len(buffer):
        raise InputError("a number outside its buffer")
    if size <= _PACKED_BYTES:
        return _parse_packed(buffer, at, size)
    low_at = at + size - _PACKED_BYTES
    high = _parse_packed(buffer, at, size - _PACKED_BYTES)
    low = _parse_packed(buffer, low_at, _PACKED_BYTES)
    return -1 if high < 0 or low < 0 else high * _PACKED_VALUES + low
