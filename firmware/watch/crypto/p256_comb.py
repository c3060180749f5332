"""Fixed points: a comb of 8 teeth over 32 columns, with one table of 128 points.

An odd scalar k below 2^256 is written with 256 digits that are all +1 or -1: their signs are the bits of
(k + 2^256 - 1) / 2. Column j takes digits j, j + 32, ... j + 224; by symmetry the table holds only the sums whose last
digit is +1. An even scalar is replaced by its odd negative.
"""

import micropython
from micropython import const

from watch.crypto.p256_point import Point, affine_table, entry

COLUMNS = const(32)
TABLE_BYTES = const(10240)  # 128 entries
NEGATIVE = const(0x80)  # in a digit byte; the low seven bits are the place in the table
_TEETH = const(8)


@micropython.viper
def _gather(digits: ptr8, signs: ptr8, flip: int) -> object:
    """Fill the 32 digit bytes from 32 little-endian bytes of signs."""
    column = 0
    while column < 32:
        digit = 0
        tooth = 0
        while tooth < 8:
            digit |= ((int(signs[(column >> 3) + 4 * tooth]) >> (column & 7)) & 1) << tooth
            tooth += 1
        if digit & 0x80:
            digits[column] = (digit & 0x7F) | flip
        else:
            digits[column] = (digit ^ 0x7F) | (flip ^ 0x80)
        column += 1


def recode(scalar: int, order: int) -> bytearray:
    """The 32 digit bytes of a scalar from 0 to order - 1."""
    flip = 0
    if scalar & 1 == 0:
        scalar = order - scalar
        flip = NEGATIVE
    digits = bytearray(COLUMNS)
    _gather(digits, ((scalar >> 1) + (1 << 255)).to_bytes(32, "little"), flip)
    return digits


def build(x: int, y: int) -> bytearray:
    """The table of the point (x, y). Takes about as long as three verifications without one."""
    single, doubled = _powers(x, y)
    point = Point()
    point.add(single, _TEETH - 1, False)
    for tooth in range(_TEETH - 1):
        point.add(single, tooth, True)
    sums = [single] * (1 << (_TEETH - 1))
    place = 0
    sums[0] = point.snapshot()
    for step in range(1, len(sums)):  # in the order of the Gray code each sum differs from the last in one tooth
        tooth = 0
        while not step >> tooth & 1:
            tooth += 1
        place ^= 1 << tooth
        point.add(doubled, tooth, not place >> tooth & 1)
        sums[place] = point.snapshot()
    return affine_table(sums)


def _powers(x: int, y: int) -> "tuple[bytearray, bytearray]":
    """Tables of the point times 2^(32 i), and of twice that, for each tooth i."""
    point = Point()
    point.add(entry(x, y), 0, False)
    single = []
    doubled = []
    for tooth in range(_TEETH):
        for _ in range(COLUMNS - 1 if tooth else 0):
            point.double()
        single.append(point.snapshot())
        point.double()
        doubled.append(point.snapshot())
    return affine_table(single), affine_table(doubled)


def add_column(point: Point, comb: bytearray, digit: int) -> None:
    """Add what one digit byte stands for."""
    point.add(comb, digit & 0x7F, digit >= NEGATIVE)
