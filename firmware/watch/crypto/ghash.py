"""GHASH, the polynomial hash inside GCM. NIST SP 800-38D section 6.

Multiplication by the fixed hash key goes one byte at a time through two tables of sixteen products (Shoup's method).
The table is one array of 32-bit words: 16 products for the high half of a byte, 16 for the low half, 16 reductions.
"""

import micropython
from micropython import const

from watch.crypto.scrub import zero

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

_BLOCK = const(16)
_LOW_WORDS = const(64)  # where the products for the low half of a byte start
_REDUCE_WORDS = const(128)  # where the reductions start
_TABLE_WORDS = const(144)


@micropython.viper
def _build(table: ptr32, key: ptr8) -> object:
    """Fill the table from the 16-byte hash key."""
    w0 = uint(key[0]) << 24 | uint(key[1]) << 16 | uint(key[2]) << 8 | uint(key[3])
    w1 = uint(key[4]) << 24 | uint(key[5]) << 16 | uint(key[6]) << 8 | uint(key[7])
    w2 = uint(key[8]) << 24 | uint(key[9]) << 16 | uint(key[10]) << 8 | uint(key[11])
    w3 = uint(key[12]) << 24 | uint(key[13]) << 16 | uint(key[14]) << 8 | uint(key[15])
    top = uint(0x7FFFFFFF)
    i = 0
    while i < 8:  # key * x^i belongs to bit 7 - i of the byte
        at = (i >> 2) * 64 + (8 >> (i & 3)) * 4
        table[at] = w0
        table[at + 1] = w1
        table[at + 2] = w2
        table[at + 3] = w3
        carry = w3 & 1
        w3 = (w3 >> 1) & top | (w2 & 1) << 31
        w2 = (w2 >> 1) & top | (w1 & 1) << 31
        w1 = (w1 >> 1) & top | (w0 & 1) << 31
        w0 = ((w0 >> 1) & top) ^ carry * uint(0xE1000000)
        i += 1
    half = 0
    while half < 128:
        i = 2
        while i < 16:
            j = 1
            while j < i:
                word = 0
                while word < 4:
                    table[half + (i + j) * 4 + word] = table[half + i * 4 + word] ^ table[half + j * 4 + word]
                    word += 1
                j += 1
            i += i
        half += 64
    i = 0
    while i < 16:  # what four bits shifted out at the bottom add at the top, times x^4
        reduced = 0
        j = 0
        while j < 4:
            if i >> j & 1:
                reduced ^= 0xE100 >> (3 - j)
            j += 1
        table[128 + i] = reduced
        i += 1


@micropython.viper
def _absorb(state: ptr8, table: ptr32, data: ptr8, length: int) -> object:
    """Absorb `length` bytes, zero-padded to whole blocks, into the 16-byte state."""
    top = uint(0x00FFFFFF)
    done = 0
    while done < length:
        i = 0
        while i < 16 and done < length:
            state[i] = state[i] ^ data[done]
            i += 1
            done += 1
        w0 = uint(0)
        w1 = uint(0)
        w2 = uint(0)
        w3 = uint(0)
        i = 15
        while i >= 0:
            low = int(w3) & 255
            w3 = (w3 >> 8) & top | (w2 & 255) << 24
            w2 = (w2 >> 8) & top | (w1 & 255) << 24
            w1 = (w1 >> 8) & top | (w0 & 255) << 24
            w0 = (w0 >> 8) & top ^ uint(table[128 + (low >> 4)]) << 16 ^ uint(table[128 + (low & 15)]) << 12
            byte = int(state[i])
            at = (byte >> 4) * 4
            w0 ^= uint(table[at])
            w1 ^= uint(table[at + 1])
            w2 ^= uint(table[at + 2])
            w3 ^= uint(table[at + 3])
            at = (byte & 15) * 4 + 64
            w0 ^= uint(table[at])
            w1 ^= uint(table[at + 1])
            w2 ^= uint(table[at + 2])
            w3 ^= uint(table[at + 3])
            i -= 1
        i = 0
        while i < 4:
            shift = 24 - i * 8
            state[i] = w0 >> shift
            state[i + 4] = w1 >> shift
            state[i + 8] = w2 >> shift
            state[i + 12] = w3 >> shift
            i += 1


class Ghash:
    """A running GHASH."""

    def __init__(self, hash_key: "Bytes") -> None:
        """`hash_key` is the encrypted zero block, 16 bytes."""
        self._table = bytearray(4 * _TABLE_WORDS)
        _build(self._table, hash_key)
        self._state = bytearray(_BLOCK)

    def update(self, data: "Bytes") -> None:
        """Absorb `data`, zero-padded to whole blocks."""
        _absorb(self._state, self._table, data, len(data))

    def digest(self) -> bytearray:
        """The 16-byte state."""
        return self._state

    def wipe(self) -> None:
        """Zero the table: it gives the hash key away."""
        zero(self._table)
