"""Numbers as rows of 20 limbs of 13 bits, least significant first, each in a 16-bit word.

Thirteen bits, because twenty products of two limbs then add up inside one 32-bit word. A work area holds such numbers
side by side; a place is a number's position in it.
"""

import micropython
from micropython import const

TYPE_CHECKING = const(0)

NUMBER_BYTES = const(40)
PACKED_BYTES = const(33)


@micropython.viper
def unpack(work: ptr8, place: int, source: ptr8) -> object:
    """Fill the number at `place` from 32 little-endian bytes."""
    limbs = ptr16(int(work) + 40 * place)
    held = 0
    bits = 0
    i = 0
    j = 0
    while i < 20:
        while bits < 13 and j < 32:
            held |= int(source[j]) << bits
            bits += 8
            j += 1
        limbs[i] = held & 0x1FFF
        held >>= 13
        bits -= 13
        i += 1


@micropython.viper
def pack(target: ptr8, work: ptr8, place: int) -> object:
    """Write the number at `place` to 33 little-endian bytes."""
    limbs = ptr16(int(work) + 40 * place)
    held = 0
    bits = 0
    i = 0
    j = 0
    while j < 33:
        while bits < 8 and i < 20:
            held |= int(limbs[i]) << bits
            bits += 13
            i += 1
        target[j] = held
        held >>= 8
        bits -= 8
        j += 1


def store(work: bytearray, place: int, value: int) -> None:
    """Put an integer from 0 to 2^256 - 1 at `place`."""
    unpack(work, place, value.to_bytes(32, "little"))


def load(work: bytearray, place: int) -> int:
    """The integer at `place`."""
    packed = bytearray(PACKED_BYTES)
    pack(packed, work, place)
    return int.from_bytes(packed, "little")


def copy_out(work: bytearray, place: int, count: int) -> bytearray:
    """A copy of `count` numbers from `place` on, as they are."""
    return work[place * NUMBER_BYTES : (place + count) * NUMBER_BYTES]


def copy_in(work: bytearray, place: int, numbers: bytearray) -> None:
    """Put back what `copy_out` gave, at `place`."""
    work[place * NUMBER_BYTES : place * NUMBER_BYTES + len(numbers)] = numbers
