"""From a text to the codewords of a QR code: mode, bits, error correction, interleaving (ISO/IEC 18004:2015 section 7).

The whole text is one segment. Its mode is the tightest that has all its characters.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN202

import micropython
from micropython import const

from watch.kernel.errors import InputError
from watch.ui import qr_tables as tables

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Text = Union[str, bytes]

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # table 5
_DIGITS = _ALPHANUMERIC[:10]
_FIELD_POLYNOMIAL = const(0x11D)  # section 7.5.2
_LOG_AT = const(512)
_FIELD_BYTES = const(768)  # exponentials twice over, then logarithms
_MOST_CORRECTION = const(30)
_PADDING = (0xEC, 0x11)  # section 7.4.10


@micropython.viper
def _put(out: ptr8, at: int, value: int, bits: int) -> int:
    """Write the low `bits` of `value` at bit `at` of a zeroed buffer; returns the bit behind them."""
    while bits > 0:
        bits -= 1
        if (value >> bits) & 1:
            out[at >> 3] = out[at >> 3] | (0x80 >> (at & 7))
        at += 1
    return at


@micropython.viper
def _make_generator(field: ptr8, generator: ptr8, degree: int):
    """The product of (x - 2^i) for i below `degree`; its first coefficient, 1, is left out."""
    at = 0
    while at < degree:
        generator[at] = 0
        at += 1
    generator[degree - 1] = 1
    root = 0
    while root < degree:
        at = 0
        while at < degree:
            value = int(generator[at])
            if value:
                value = int(field[int(field[_LOG_AT + value]) + root])
            if at + 1 < degree:
                value = value ^ int(generator[at + 1])
            generator[at] = value
            at += 1
        root += 1


@micropython.viper
def _divide(field: ptr8, data: ptr8, length: int, generator: ptr8, degree: int, rest: ptr8):
    """Reed-Solomon: the rest of `length` codewords divided by a generator, which lacks its first coefficient, 1."""
    i = 0
    while i < degree:
        rest[i] = 0
        i += 1
    at = 0
    while at < length:
        factor = int(data[at]) ^ int(rest[0])
        i = 1
        while i < degree:
            rest[i - 1] = rest[i]
            i += 1
        rest[degree - 1] = 0
        if factor:
            log = int(field[_LOG_AT + factor])
            i = 0
            while i < degree:
                if generator[i]:
                    rest[i] = rest[i] ^ field[log + int(field[_LOG_AT + int(generator[i])])]
                i += 1
        at += 1


class Codewords:
    """Makes codewords in buffers that are allocated once."""

    def __init__(self, most_version: int) -> None:
        size = tables.codewords_of(most_version)
        self._most_version = most_version
        self._data = bytearray(size)
        self._rest = bytearray(_MOST_CORRECTION)
        self._generator = bytearray(_MOST_CORRECTION)
        self._field = _make_field()
        self.out = bytearray(size)
        """The codewords, in the order in which they are placed."""
        self.version = 0
        """Of the latest text."""

    def encode(self, text: "Text", level: int, least_version: int) -> None:
        """Fill `out` for the smallest version that has room. Raises InputError if none has."""
        mode = mode_of(text)
        data = text.encode() if mode == tables.BYTES and isinstance(text, str) else text
        self.version = self._version(mode, len(data), level, least_version)
        self._write(mode, data, level)
        self._interleave(level)

    def _version(self, mode: int, length: int, level: int, least: int) -> int:
        for version in range(max(least, 1), self._most_version + 1):
            bits = 4 + tables.count_bits_of(version, mode) + _payload_bits(mode, length)
            if bits <= 8 * tables.data_codewords_of(version, level):
                return version
        raise InputError("too long for a QR code of this size")

    def _write(self, mode: int, data: "Text", level: int) -> None:
        """Mode, count, characters, terminator, padding: section 7.4."""
        out = self._data
        for at in range(len(out)):
            out[at] = 0
        at = _put(out, 0, tables.MODE_BITS[mode], 4)
        at = _put(out, at, len(data), tables.count_bits_of(self.version, mode))
        if isinstance(data, str):
            write = _put_numbers if mode == tables.NUMERIC else _put_alphanumeric
            at = write(out, at, data)
        else:
            for byte in data:
                at = _put(out, at, byte, 8)
        room = tables.data_codewords_of(self.version, level)
        used = (min(at + 4, 8 * room) + 7) // 8
        for place in range(used, room):
            out[place] = _PADDING[(place - used) & 1]

    def _interleave(self, level: int) -> None:
        """Cut the data into blocks, correct each, and deal them out one codeword at a time: section 7.6."""
        blocks = tables.blocks_of(self.version, level)
        degree = tables.correction_of(self.version, level)
        room = tables.data_codewords_of(self.version, level)
        short = room // blocks
        first_long = blocks - room % blocks
        _make_generator(self._field, self._generator, degree)
        data, rest, out = memoryview(self._data), self._rest, self.out
        start = 0
        for block in range(blocks):
            length = short + (block >= first_long)
            for place in range(short):
                out[place * blocks + block] = data[start + place]
            if length > short:
                out[short * blocks + block - first_long] = data[start + short]
            _divide(self._field, data[start:], length, self._generator, degree, rest)
            for place in range(degree):
                out[room + place * blocks + block] = rest[place]
            start += length


def mode_of(text: "Text") -> int:
    """The tightest mode for a text; bytes are taken as they are."""
    if not isinstance(text, str):
        return tables.BYTES
    if text and all(char in _DIGITS for char in text):
        return tables.NUMERIC
    return tables.ALPHANUMERIC if all(char in _ALPHANUMERIC for char in text) else tables.BYTES


def _payload_bits(mode: int, length: int) -> int:
    if mode == tables.NUMERIC:
        return length // 3 * 10 + (0, 4, 7)[length % 3]
    return length * 11 // 2 + (length & 1) if mode == tables.ALPHANUMERIC else length * 8


def _put_numbers(out: bytearray, at: int, digits: str) -> int:
    """Three digits in 10 bits; one or two that are left in 4 or 7."""
    for start in range(0, len(digits), 3):
        group = digits[start : start + 3]
        at = _put(out, at, int(group), (0, 4, 7, 10)[len(group)])
    return at


def _put_alphanumeric(out: bytearray, at: int, text: str) -> int:
    """Two characters in 11 bits; one that is left in 6."""
    for start in range(0, len(text) - 1, 2):
        pair = _ALPHANUMERIC.index(text[start]) * 45 + _ALPHANUMERIC.index(text[start + 1])
        at = _put(out, at, pair, 11)
    if len(text) & 1:
        at = _put(out, at, _ALPHANUMERIC.index(text[-1]), 6)
    return at


def _make_field() -> bytearray:
    """Powers of 2 in the field of 256 elements, twice over, then logarithms."""
    field = bytearray(_FIELD_BYTES)
    value = 1
    for power in range(255):
        field[power] = field[power + 255] = value
        field[_LOG_AT + value] = power
        value <<= 1
        if value > 0xFF:
            value ^= _FIELD_POLYNOMIAL
    return field
