"""Two-key triple DES, and the retail MAC that EMV cryptograms are made with.

The cipher state stays between the initial and the final permutation over a whole chain of blocks: the initial
permutation is linear, so CBC can XOR there. Halves are kept rotated left by one bit, so that every S-box input is a
run of six bits in a byte. Round key words carry the number of the S-box in the two free bits of each byte.
Not constant time (table look-ups).
"""

import micropython
from micropython import const

from watch.crypto.des_tables import KEY_BITS, SP
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

BLOCK = const(8)
_KEY = const(16)
_SCHEDULE = const(128)  # bytes in one schedule: 16 rounds of two 32-bit words
_WORK = const(264)  # two schedules and the padded last block

_SP = bytearray(SP)  # a bytearray starts on a word boundary wherever the constant lies


@micropython.viper
def _expand(schedule: ptr32, key: ptr8, bits: ptr8):
    """Fill the 32 words of a key schedule from an 8-byte key."""
    at = 0
    word = 0
    while word < 32:
        value = 0
        box = 0
        while box < 4:
            value = value << 2 | box
            end = at + 6
            while at < end:
                bit = int(bits[at])
                value = value << 1 | (int(key[bit >> 3]) >> (7 - (bit & 7)) & 1)
                at += 1
            box += 1
        schedule[word] = value
        word += 1


@micropython.viper
def _chain(sp: ptr32, k: ptr32, t: int, message: ptr8, padded: int, out: ptr8, inverse: int):
    """CBC over `t` bytes of message with zero IV under K1, then D(K2) and E(K1) on the last block; 8 bytes out.

    The first three stay in registers: the S-boxes, the work area (later the round key pointer), the message length
    (later the S-box inputs). `padded` 1 appends padding method 2. `inverse` 1 swaps encryption and decryption.
    """
    work = int(k)
    s2 = ptr32(int(sp) + 1024)
    full = uint(0xFFFFFFFF)
    half5 = uint(0x55555555)
    tail = ptr8(work + 256)
    blocks = t >> 3
    if padded:
        i = 0
        while i < (t & 7):
            tail[i] = message[(blocks << 3) + i]
            i += 1
        tail[i] = 0x80
        i += 1
        while i < 8:
            tail[i] = 0
            i += 1
        blocks += 1
    passes = blocks + 2
    source = message
    left = uint(0)
    right = uint(0)
    while passes:
        step = 8
        if inverse:
            step = -8
        k = ptr32(work)
        if passes > 2:
            if passes == 3 and padded:
                source = tail
            l = uint(source[0]) << 24 | uint(source[1]) << 16 | uint(source[2]) << 8 | uint(source[3])
            r = uint(source[4]) << 24 | uint(source[5]) << 16 | uint(source[6]) << 8 | uint(source[7])
            source = ptr8(int(source) + 8)
            x = (l >> 4 ^ r) & 0x0F0F0F0F
            r ^= x
            l ^= x << 4
            x = (l >> 16 ^ r) & 0xFFFF
            r ^= x
            l ^= x << 16
            x = (r >> 2 ^ l) & 0x33333333
            l ^= x
            r ^= x << 2
            x = (r >> 8 ^ l) & 0x00FF00FF
            l ^= x
            r ^= x << 8
            r = (r << 1 | r >> 31) & full
            x = (l ^ r) & (half5 << 1)
            r ^= x
            l ^= x
            l = (l << 1 | l >> 31) & full
            left ^= l
            right ^= r
        elif passes == 2:
            k = ptr32(work + 128)
            step = 0 - step
        if step < 0:
            k = ptr32(int(k) + 120)
        rounds = 8
        while rounds:
            rounds -= 1
            t = int((right >> 4 | right << 28) & 0x3F3F3F3F) ^ k[0]
            left ^= uint(sp[t >> 24] ^ sp[t >> 16 & 255] ^ sp[t >> 8 & 255] ^ sp[t & 255])
            t = int(right & 0x3F3F3F3F) ^ k[1]
            left ^= uint(s2[t >> 24] ^ s2[t >> 16 & 255] ^ s2[t >> 8 & 255] ^ s2[t & 255])
            k = ptr32(int(k) + step)
            t = int((left >> 4 | left << 28) & 0x3F3F3F3F) ^ k[0]
            right ^= uint(sp[t >> 24] ^ sp[t >> 16 & 255] ^ sp[t >> 8 & 255] ^ sp[t & 255])
            t = int(left & 0x3F3F3F3F) ^ k[1]
            right ^= uint(s2[t >> 24] ^ s2[t >> 16 & 255] ^ s2[t >> 8 & 255] ^ s2[t & 255])
            k = ptr32(int(k) + step)
        x = left
        left = right
        right = x
        passes -= 1
    l = left
    r = right
    l = (l >> 1 | l << 31) & full
    x = (l ^ r) & (half5 << 1)
    r ^= x
    l ^= x
    r = (r >> 1 | r << 31) & full
    x = (r >> 8 ^ l) & 0x00FF00FF
    l ^= x
    r ^= x << 8
    x = (r >> 2 ^ l) & 0x33333333
    l ^= x
    r ^= x << 2
    x = (l >> 16 ^ r) & 0xFFFF
    r ^= x
    l ^= x << 16
    x = (l >> 4 ^ r) & 0x0F0F0F0F
    r ^= x
    l ^= x << 4
    i = 0
    while i < 4:
        out[i] = l >> (24 - (i << 3))
        out[i + 4] = r >> (24 - (i << 3))
        i += 1


class _Schedules:
    """The work area of `_chain`: the schedules of both halves of a key, and room for the padded block."""

    def __init__(self, key: "Bytes") -> None:
        """Expand a 16-byte key. Raises CryptoError."""
        if len(key) != _KEY:
            raise CryptoError("triple DES key length")
        self._work = bytearray(_WORK)
        half = bytearray(key)
        try:
            _expand(self._work, half, KEY_BITS)
            _expand(memoryview(self._work)[_SCHEDULE:], memoryview(half)[BLOCK:], KEY_BITS)
        finally:
            zero(half)

    def zero(self) -> None:
        """Wipe the schedules; the object is of no use afterwards."""
        zero(self._work)


class TripleDes(_Schedules):
    """Two-key triple DES in EDE order. NIST SP 800-67."""

    def encrypt_block(self, source: "Bytes", source_at: int, target: bytearray, target_at: int) -> None:
        """Encrypt the 8 bytes at `source_at` to `target_at`."""
        self._block(source, source_at, target, target_at, 0)

    def decrypt_block(self, source: "Bytes", source_at: int, target: bytearray, target_at: int) -> None:
        """Decrypt the 8 bytes at `source_at` to `target_at`."""
        self._block(source, source_at, target, target_at, 1)

    def _block(self, source: "Bytes", source_at: int, target: bytearray, target_at: int, inverse: int) -> None:
        if source_at < 0 or target_at < 0 or source_at + BLOCK > len(source) or target_at + BLOCK > len(target):
            raise CryptoError("DES block outside its buffer")
        _chain(_SP, self._work, BLOCK, memoryview(source)[source_at:], 0, memoryview(target)[target_at:], inverse)


class Alg3Mac(_Schedules):
    """The retail MAC: ISO/IEC 9797-1 algorithm 3 over DES with padding method 2."""

    def mac(self, message: "Bytes", length: int, out: bytearray) -> None:
        """Write the 8-byte MAC of the first `length` bytes of `message` to `out`. Allocates nothing."""
        if not 0 <= length <= len(message) or len(out) < BLOCK:
            raise CryptoError("MAC buffer length")
        _chain(_SP, self._work, length, message, 1, out, 0)
