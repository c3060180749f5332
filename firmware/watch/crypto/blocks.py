"""Byte loops shared by the block cipher modes."""

import micropython


@micropython.viper
def xor_into(target: ptr8, source: ptr8, length: int) -> object:
    """XOR `length` bytes of `source` into `target`."""
    i = 0
    while i < length:
        target[i] = target[i] ^ source[i]
        i += 1


@micropython.viper
def fill_counters(target: ptr8, first: ptr8, blocks: int) -> object:
    """Write `blocks` successive 16-byte counter blocks from `first` on. The counter is the whole block, big-endian."""
    i = 0
    while i < 16:
        target[i] = first[i]
        i += 1
    end = blocks * 16
    while i < end:
        target[i] = target[i - 16]
        i += 1
        if i & 15 == 0:
            j = i - 1
            while j >= i - 16:
                target[j] = int(target[j]) + 1
                if int(target[j]) != 0:
                    j = 0
                j -= 1


@micropython.viper
def double(block: ptr8) -> object:
    """Multiply a 16-byte block by x in GF(2^128) as CMAC and SIV count it. NIST SP 800-38B section 6.1."""
    carry = int(block[0]) >> 7
    i = 0
    while i < 15:
        block[i] = (int(block[i]) << 1) | (int(block[i + 1]) >> 7)
        i += 1
    block[15] = (int(block[15]) << 1) ^ (carry * 0x87)
