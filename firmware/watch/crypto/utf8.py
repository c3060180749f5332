"""Strict UTF-8. MicroPython's own check lets over-long forms and surrogates through."""

import micropython
from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

_LEADS = (  # RFC 3629 section 4: lead byte from, to, further bytes, second byte from, to
    (0x00, 0x7F, 0, 0x80, 0xBF),
    (0xC2, 0xDF, 1, 0x80, 0xBF),
    (0xE0, 0xE0, 2, 0xA0, 0xBF),
    (0xE1, 0xEC, 2, 0x80, 0xBF),
    (0xED, 0xED, 2, 0x80, 0x9F),
    (0xEE, 0xEF, 2, 0x80, 0xBF),
    (0xF0, 0xF0, 3, 0x90, 0xBF),
    (0xF1, 0xF3, 3, 0x80, 0xBF),
    (0xF4, 0xF4, 3, 0x80, 0x8F),
)


@micropython.viper
def _is_ascii(data: ptr8, length: int) -> int:
    seen = 0
    i = 0
    while i < length:
        seen |= data[i]
        i += 1
    return 1 - (seen >> 7)


def decode_utf8(data: "Bytes") -> str:
    """The text in `data`. Raises InputError unless it is well-formed UTF-8."""
    index = len(data) if _is_ascii(data, len(data)) else 0
    while index < len(data):
        index += _sequence(data, index)
    return str(data, "utf-8")


def _sequence(data: "Bytes", start: int) -> int:
    """Length of the well-formed sequence at `start`."""
    more, low, high = _expected(data[start])
    if start + more >= len(data):
        raise InputError("UTF-8 ends early")
    for index in range(start + 1, start + more + 1):
        if not low <= data[index] <= high:
            raise InputError("UTF-8 byte")
        low, high = 0x80, 0xBF
    return more + 1


def _expected(lead: int) -> "tuple[int, int, int]":
    """How many bytes follow a lead byte, and the bounds of the first of them."""
    for first, last, more, low, high in _LEADS:
        if first <= lead <= last:
            return more, low, high
    raise InputError("UTF-8 lead byte")
