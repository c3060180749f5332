"""Points that are used once: a signed window of five bits over eight odd multiples."""

import micropython
from micropython import const

from watch.crypto.p256_point import Point, affine_table, entry

DIGITS = const(257)
_SCALAR_BYTES = const(34)  # room to read two bytes at bit 256
_MULTIPLES = const(8)


@micropython.viper
def _recode(digits: ptr8, scalar: ptr8) -> object:
    """Fill 257 signed digit bytes, least significant first: 0, or odd from -15 to 15, with four zeros after each."""
    carry = 0
    i = 0
    while i < 257:
        window = ((int(scalar[i >> 3]) | (int(scalar[(i >> 3) + 1]) << 8)) >> (i & 7)) & 31
        if window & 1 == carry:
            i += 1
        else:
            window += carry
            carry = window >> 4
            digits[i] = window - (carry << 5)
            i += 5


def recode(scalar: int) -> bytearray:
    """The signed digits of a scalar below 2^256, each as a two's complement byte."""
    digits = bytearray(DIGITS)
    _recode(digits, scalar.to_bytes(_SCALAR_BYTES, "little"))
    return digits


def build(x: int, y: int) -> bytearray:
    """The table of 1, 3, 5 to 15 times the point (x, y)."""
    base = entry(x, y)
    point = Point()
    point.add(base, 0, False)
    point.double()
    doubled = affine_table([point.snapshot()])
    point = Point()
    point.add(base, 0, False)
    multiples = [point.snapshot()]
    for _ in range(_MULTIPLES - 1):
        point.add(doubled, 0, False)
        multiples.append(point.snapshot())
    return affine_table(multiples)


def add_digit(point: Point, multiples: bytearray, digit: int) -> None:
    """Add what one digit byte stands for."""
    if digit > 127:
        point.add(multiples, (256 - digit) >> 1, True)
    elif digit:
        point.add(multiples, digit >> 1, False)
