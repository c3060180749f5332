"""Two-key triple DES, and the retail MAC that EMV cryptograms are made with.

The cipher state stays between the initial and the final permutation over a whole chain of blocks: the initial
permutation is linear, so CBC can XOR there. Halves are kept rotated left by three bits, so that the input of every
S-box is the upper six bits of a byte: once a word is stored, each byte of it is an offset into a table of words.
Not constant time: table look-ups depend on the key.
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
_SECOND = const(128)  # where the second schedule starts: 16 rounds of two 32-bit words after the first
_WORK = const(272)  # two schedules, the padded last block, the S-box inputs

_SP = bytearray(SP)  # a bytearray starts on a word boundary wherever the constant lies


@micropython.viper
def _spread(bits: ptr8, key: ptr8, length: int) -> object:
    """Write each bit of the key to a byte of its own."""
    i = 0
    while i < length:
        value = int(key[i])
        j = 7
        while j >= 0:
            bits[j] = value & 1
            value >>= 1
            j -= 1
        bits = ptr8(int(bits) + 8)
        i += 1


@micropython.viper
def _expand(schedule: ptr32, bits: ptr8, table: ptr8, backward: int) -> object:
    """Fill the 32 words of a key schedule from 64 key bits, in the order of decryption if `backward` is 1."""
    step = 8
    if backward:
        schedule = ptr32(int(schedule) + 120)
        step = -8
    half = 0
    while half < 32:
        word = 0
        box = 0
        while box < 4:
            six = bits[table[0]] << 5 | bits[table[1]] << 4 | bits[table[2]] << 3
            six |= bits[table[3]] << 2 | bits[table[4]] << 1 | bits[table[5]]
            word = word << 8 | six << 2
            table = ptr8(int(table) + 6)
            box += 1
        schedule[half & 1] = word
        if half & 1:
            schedule = ptr32(int(schedule) + step)
        half += 1


@micropython.viper
def _chain(sp: ptr32, b: ptr8, left: uint, message: ptr8, padded: int, out: ptr8) -> object:
    """Write the last block of a CBC chain over `left` bytes of message, put once more through both schedules.

    The chain has a zero IV and runs under the first schedule; its last block then goes through the second and the
    first again. `padded` 1 appends padding method 2. `b` is the work area.

    One long function, because a call costs as much as half a block. The first three arguments stay in registers: the
    S-boxes, the bytes of the S-box inputs, and a half of the state.
    """
    work = int(b)
    tail = ptr8(work + 256)
    blocks = int(left) >> 3
    if padded:
        i = 0
        while i < (int(left) & 7):
            tail[i] = message[(blocks << 3) + i]
            i += 1
        tail[i] = 0x80
        i += 1
        while i < 8:
            tail[i] = 0
            i += 1
        blocks += 1
    b = ptr8(work + 264)
    inputs = ptr32(work + 264)
    full = uint(0xFFFFFFFF)
    odd = uint(0x55555555) << 1
    right = uint(0)
    left = uint(0)
    k = ptr32(work)
    passes = blocks + 2
    while passes:
        if passes > 2:
            if passes == 3 and padded:
                message = tail
            h = uint(message[0]) << 24 | uint(message[1]) << 16 | uint(message[2]) << 8 | uint(message[3])
            r = uint(message[4]) << 24 | uint(message[5]) << 16 | uint(message[6]) << 8 | uint(message[7])
            message = ptr8(int(message) + 8)
            x = (h >> 4 ^ r) & 0x0F0F0F0F
            r ^= x
            h ^= x << 4
            x = (h >> 16 ^ r) & 0xFFFF
            r ^= x
            h ^= x << 16
            x = (r >> 2 ^ h) & 0x33333333
            h ^= x
            r ^= x << 2
            x = (r >> 8 ^ h) & 0x00FF00FF
            h ^= x
            r ^= x << 8
            r = (r << 1 | r >> 31) & full
            x = (h ^ r) & odd
            r ^= x
            h ^= x
            left ^= (h << 3 | h >> 29) & full
            right ^= (r << 2 | r >> 30) & full
            k = ptr32(work)
        elif passes == 1:
            k = ptr32(work)
        rounds = 8
        while rounds:
            rounds -= 1
            # -0x03030304 keeps the upper six bits of each byte.
            inputs[0] = int((right >> 4 | right << 28) & -0x03030304) ^ k[0]
            left ^= uint(ptr32(int(sp) + int(b[3]))[0])
            left ^= uint(ptr32(int(sp) + int(b[2]))[64])
            left ^= uint(ptr32(int(sp) + int(b[1]))[128])
            left ^= uint(ptr32(int(sp) + int(b[0]))[192])
            inputs[0] = int(right & -0x03030304) ^ k[1]
            left ^= uint(ptr32(int(sp) + int(b[3]))[256])
            left ^= uint(ptr32(int(sp) + int(b[2]))[320])
            left ^= uint(ptr32(int(sp) + int(b[1]))[384])
            left ^= uint(ptr32(int(sp) + int(b[0]))[448])
            inputs[0] = int((left >> 4 | left << 28) & -0x03030304) ^ k[2]
            right ^= uint(ptr32(int(sp) + int(b[3]))[0])
            right ^= uint(ptr32(int(sp) + int(b[2]))[64])
            right ^= uint(ptr32(int(sp) + int(b[1]))[128])
            right ^= uint(ptr32(int(sp) + int(b[0]))[192])
            inputs[0] = int(left & -0x03030304) ^ k[3]
            right ^= uint(ptr32(int(sp) + int(b[3]))[256])
            right ^= uint(ptr32(int(sp) + int(b[2]))[320])
            right ^= uint(ptr32(int(sp) + int(b[1]))[384])
            right ^= uint(ptr32(int(sp) + int(b[0]))[448])
            k = ptr32(int(k) + 16)
        x = left
        left = right
        right = x
        passes -= 1
    h = (left >> 3 | left << 29) & full
    r = (right >> 2 | right << 30) & full
    x = (h ^ r) & odd
    r ^= x
    h ^= x
    r = (r >> 1 | r << 31) & full
    x = (r >> 8 ^ h) & 0x00FF00FF
    h ^= x
    r ^= x << 8
    x = (r >> 2 ^ h) & 0x33333333
    h ^= x
    r ^= x << 2
    x = (h >> 16 ^ r) & 0xFFFF
    r ^= x
    h ^= x << 16
    x = (h >> 4 ^ r) & 0x0F0F0F0F
    r ^= x
    h ^= x << 4
    i = 0
    while i < 4:
        out[i] = h >> (24 - (i << 3))
        out[i + 4] = r >> (24 - (i << 3))
        i += 1


def _schedules(key: "Bytes", backward: int) -> bytearray:
    """A work area for `_chain`: E D E under the two halves of the key, or D E D if `backward` is 1."""
    if len(key) != _KEY:
        raise CryptoError("triple DES key length")
    work = bytearray(_WORK)
    bits = bytearray(8 * _KEY)
    _spread(bits, key, _KEY)
    _expand(work, bits, KEY_BITS, backward)
    _expand(memoryview(work)[_SECOND:], memoryview(bits)[8 * BLOCK :], KEY_BITS, 1 - backward)
    zero(bits)
    return work


class TripleDes:
    """Two-key triple DES in EDE order. NIST SP 800-67."""

    def __init__(self, key: "Bytes") -> None:
        """Expand a 16-byte key. Raises CryptoError."""
        self._encrypt = _schedules(key, 0)
        self._decrypt = _schedules(key, 1)

    def encrypt_block(self, source: "Bytes", source_at: int, target: bytearray, target_at: int) -> None:
        """Encrypt the 8 bytes at `source_at` to `target_at`. Raises CryptoError if they are not inside."""
        _block(self._encrypt, source, source_at, target, target_at)

    def decrypt_block(self, source: "Bytes", source_at: int, target: bytearray, target_at: int) -> None:
        """Decrypt the 8 bytes at `source_at` to `target_at`. Raises CryptoError if they are not inside."""
        _block(self._decrypt, source, source_at, target, target_at)

    def zero(self) -> None:
        """Wipe the schedules; the object is of no use afterwards."""
        zero(self._encrypt)
        zero(self._decrypt)


def _block(work: bytearray, source: "Bytes", source_at: int, target: bytearray, target_at: int) -> None:
    if source_at < 0 or target_at < 0 or source_at + BLOCK > len(source) or target_at + BLOCK > len(target):
        raise CryptoError("DES block outside its buffer")
    _chain(_SP, work, BLOCK, memoryview(source)[source_at:], 0, memoryview(target)[target_at:])


class Alg3Mac:
    """The retail MAC: ISO/IEC 9797-1 algorithm 3 over DES with padding method 2."""

    def __init__(self, key: "Bytes") -> None:
        """Expand a 16-byte key. Raises CryptoError."""
        self._work = _schedules(key, 0)

    def mac(self, message: "Bytes", length: int, out: bytearray) -> None:
        """Write the 8-byte MAC of the first `length` bytes of `message` to `out`. Allocates nothing.

        Raises CryptoError if a buffer is too short.
        """
        if not 0 <= length <= len(message) or len(out) < BLOCK:
            raise CryptoError("MAC buffer length")
        _chain(_SP, self._work, length, message, 1, out)

    def encrypt(self, block: bytearray) -> None:
        """Encrypt the 8 bytes of `block` in place with the same key, in EDE order. Raises CryptoError."""
        if len(block) != BLOCK:
            raise CryptoError("DES block length")
        _chain(_SP, self._work, BLOCK, block, 0, block)

    def zero(self) -> None:
        """Wipe the schedules; the object is of no use afterwards."""
        zero(self._work)
