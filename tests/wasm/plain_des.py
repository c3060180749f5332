"""Stands for watch/crypto/des.py where there are no pointers: the same classes, in plain MicroPython.

Halves of a block are two numbers of 16 bits each, so that nothing leaves the small integers of a 32-bit interpreter
and a MAC allocates nothing, as on the watch. The tables are the firmware's own, turned back.
"""

from array import array

from watch.crypto.des_tables import KEY_BITS, SP
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError

BLOCK = 8
_KEY = 16
_ROUNDS = 16
_PLACES = (0, 4, 1, 5, 2, 6, 3, 7)
"""Where the tables hold S-boxes 1 to 8."""
_INITIAL = bytes([8 * (7 - i % 8) + (1, 3, 5, 7, 0, 2, 4, 6)[i // 8] for i in range(64)])
_FINAL = bytes([_INITIAL[0:64].index(bytes([i])) for i in range(64)])

_HIGH, _LOW = array("H"), array("H")


def _turn_back():
    """Each word of SP is kept rotated left by three bits."""
    for at in range(0, len(SP), 4):
        word = int.from_bytes(SP[at : at + 4], "little")
        word = (word >> 3 | word << 29) & 0xFFFFFFFF
        _HIGH.append(word >> 16)
        _LOW.append(word & 0xFFFF)


_turn_back()


def _schedule(key):
    """Six bits for each round and S-box."""
    made = bytearray(_ROUNDS * 8)
    for at in range(len(made)):
        six = 0
        for j in range(6):
            bit = KEY_BITS[6 * at + j]
            six = six << 1 | key[bit >> 3] >> (7 - (bit & 7)) & 1
        made[at] = six
    return made


def _permute(table, source, target):
    for i in range(8):
        target[i] = 0
    for i in range(64):
        bit = table[i]
        if source[bit >> 3] >> (7 - (bit & 7)) & 1:
            target[i >> 3] |= 0x80 >> (i & 7)


class _Des:
    """Single DES on one block."""

    def __init__(self, key):
        self.schedule = _schedule(key)
        self._turned = bytearray(BLOCK)
        self._inputs = bytearray(8)

    def crypt(self, block, backward):
        """Encrypt or decrypt 8 bytes in place."""
        state = self._turned
        _permute(_INITIAL, block, state)
        left_high, left_low = state[0] << 8 | state[1], state[2] << 8 | state[3]
        high, low = state[4] << 8 | state[5], state[6] << 8 | state[7]
        for turn in range(16):
            at = 8 * (15 - turn if backward else turn)
            self._expand(high, low)
            new_high, new_low = left_high, left_low
            for box in range(8):
                place = _PLACES[box]
                entry = place << 6 | self._inputs[box] ^ self.schedule[at + place]
                new_high ^= _HIGH[entry]
                new_low ^= _LOW[entry]
            left_high, high = high, new_high
            left_low, low = low, new_low
        state[0], state[1] = high >> 8, high & 0xFF
        state[2], state[3] = low >> 8, low & 0xFF
        state[4], state[5] = left_high >> 8, left_high & 0xFF
        state[6], state[7] = left_low >> 8, left_low & 0xFF
        _permute(_FINAL, state, block)

    def _expand(self, high, low):
        """The expansion E: six bits around each four."""
        inputs = self._inputs
        inputs[0] = (low & 1) << 5 | high >> 11
        inputs[1] = high >> 7 & 63
        inputs[2] = high >> 3 & 63
        inputs[3] = (high & 31) << 1 | low >> 15
        inputs[4] = (high & 1) << 5 | low >> 11
        inputs[5] = low >> 7 & 63
        inputs[6] = low >> 3 & 63
        inputs[7] = (low & 31) << 1 | high >> 15


class _Pair:
    """Two single ciphers and a block to work in."""

    def __init__(self, key):
        if len(key) != _KEY:
            raise CryptoError("triple DES key length")
        self._first, self._second = _Des(key[:8]), _Des(key[8:])
        self._block = bytearray(BLOCK)

    def _ede(self, backward):
        self._first.crypt(self._block, backward)
        self._second.crypt(self._block, not backward)
        self._first.crypt(self._block, backward)

    def zero(self):
        zero(self._first.schedule)
        zero(self._second.schedule)


class TripleDes(_Pair):
    """As `watch.crypto.des.TripleDes`."""

    def encrypt_block(self, source, source_at, target, target_at):
        self._one(source, source_at, target, target_at, False)

    def decrypt_block(self, source, source_at, target, target_at):
        self._one(source, source_at, target, target_at, True)

    def _one(self, source, source_at, target, target_at, backward):
        self._block[:] = source[source_at : source_at + BLOCK]
        self._ede(backward)
        target[target_at : target_at + BLOCK] = self._block


class Alg3Mac(_Pair):
    """As `watch.crypto.des.Alg3Mac`."""

    def mac(self, message, length, out):
        block = self._block
        for i in range(8):
            block[i] = 0
        blocks = length // 8 + 1
        for at in range(8 * blocks):
            byte = 0x80 if at == length else 0
            block[at & 7] ^= message[at] if at < length else byte
            if at & 7 == 7:
                self._first.crypt(block, False)
        self._second.crypt(block, True)
        self._first.crypt(block, False)
        for i in range(8):
            out[i] = block[i]

    def encrypt(self, block):
        for i in range(8):
            self._block[i] = block[i]
        self._ede(False)
        for i in range(8):
            block[i] = self._block[i]
