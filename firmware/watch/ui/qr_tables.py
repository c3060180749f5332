"""Numbers of ISO/IEC 18004:2015 for QR code versions 1 to 20, at the four error correction levels."""

from micropython import const

MOST_VERSION = const(20)
"""A symbol of 97 modules, 858 bytes at level L: more than a payment code may have."""

LOW = const(0)
MEDIUM = const(1)
QUARTILE = const(2)
HIGH = const(3)

QUIET = const(4)
"""Modules of white around a symbol (section 6.3.8)."""

NUMERIC = const(0)
ALPHANUMERIC = const(1)
BYTES = const(2)
MODE_BITS = (0b0001, 0b0010, 0b0100)
"""Mode indicator of each mode (table 2)."""
_COUNT_BITS = ((10, 9, 8), (12, 11, 16))  # table 3: versions 1 to 9, 10 to 26
_LONGER_COUNT_FROM = const(10)

# Table 9, by level and version: correction codewords of each block, and blocks.
_CORRECTION = (
    b"\x07\x0a\x0f\x14\x1a\x12\x14\x18\x1e\x12\x14\x18\x1a\x1e\x16\x18\x1c\x1e\x1c\x1c",
    b"\x0a\x10\x1a\x12\x18\x10\x12\x16\x16\x1a\x1e\x16\x16\x18\x18\x1c\x1c\x1a\x1a\x1a",
    b"\x0d\x16\x12\x1a\x12\x18\x12\x16\x14\x18\x1c\x1a\x18\x14\x1e\x18\x1c\x1c\x1a\x1e",
    b"\x11\x1c\x16\x10\x16\x1c\x1a\x1a\x18\x1c\x18\x1c\x16\x18\x18\x1e\x1c\x1c\x1a\x1c",
)
_BLOCKS = (
    b"\x01\x01\x01\x01\x01\x02\x02\x02\x02\x04\x04\x04\x04\x04\x06\x06\x06\x06\x07\x08",
    b"\x01\x01\x01\x02\x02\x04\x04\x04\x05\x05\x05\x08\x09\x09\x0a\x0a\x0b\x0d\x0e\x10",
    b"\x01\x01\x02\x02\x04\x04\x06\x06\x08\x08\x08\x0a\x0c\x10\x0c\x11\x10\x12\x15\x14",
    b"\x01\x01\x02\x04\x04\x04\x05\x06\x08\x08\x0b\x0b\x10\x10\x12\x10\x13\x15\x19\x19",
)

# Annex C and D: bits of the level, generator polynomials of the two BCH codes, and the mask of the first.
_LEVEL_BITS = (1, 0, 3, 2)
_FORMAT_GENERATOR = const(0x537)
_FORMAT_MASK = const(0x5412)
_VERSION_GENERATOR = const(0x1F25)


def size_of(version: int) -> int:
    """Modules along one side."""
    return 17 + 4 * version


def alignment_of(version: int) -> "list[int]":
    """Row and column numbers of the centres of alignment patterns (annex E); empty for version 1."""
    if version == 1:
        return []
    count = version // 7 + 2
    step = (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    return [6] + [size_of(version) - 7 - step * place for place in range(count - 2, -1, -1)]


def codewords_of(version: int) -> int:
    """All codewords of a symbol, data and correction."""
    modules = (16 * version + 128) * version + 64
    if version >= 2:
        count = version // 7 + 2
        modules -= (25 * count - 10) * count - 55
    if version >= 7:
        modules -= 36
    return modules // 8


def blocks_of(version: int, level: int) -> int:
    """Blocks of a symbol."""
    return _BLOCKS[level][version - 1]


def correction_of(version: int, level: int) -> int:
    """Correction codewords of each block."""
    return _CORRECTION[level][version - 1]


def data_codewords_of(version: int, level: int) -> int:
    """Codewords left for data."""
    return codewords_of(version) - blocks_of(version, level) * correction_of(version, level)


def count_bits_of(version: int, mode: int) -> int:
    """Bits of the character count."""
    return _COUNT_BITS[version >= _LONGER_COUNT_FROM][mode]


def format_bits(level: int, mask: int) -> int:
    """The 15 bits that tell level and mask."""
    data = _LEVEL_BITS[level] << 3 | mask
    return (data << 10 | _remainder(data << 10, _FORMAT_GENERATOR, 10)) ^ _FORMAT_MASK


def version_bits(version: int) -> int:
    """The 18 bits that tell the version, from version 7 on."""
    return version << 12 | _remainder(version << 12, _VERSION_GENERATOR, 12)


def _remainder(value: int, generator: int, degree: int) -> int:
    """Of a division of polynomials over two elements."""
    for bit in range(18, degree - 1, -1):
        if value >> bit & 1:
            value ^= generator << bit - degree
    return value
