"""What the eFuses of the ESP32-S3 say about its key blocks. Source: Technical Reference Manual, "eFuse Controller"."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.parts.efuse_secret import Memory

# Addresses are beyond the small integers of the board, so they are not `const`.
_READ_PROTECTED = 0x6000_7030
"""EFUSE_RD_REPEAT_DATA0: bit n says that nobody can read key block n."""
_PURPOSES_0_1 = 0x6000_7034
_PURPOSES_2_5 = 0x6000_7038
_FIRST_SHIFT = const(24)
_PURPOSE_BITS = const(4)
_PURPOSE = const(0x0F)
_HMAC_UP = const(8)
_BLOCKS = const(6)


def hmac_block(memory: "Memory") -> "Optional[int]":
    """The first key block that holds a key for HMAC and that no program can read; None if there is none."""
    for block in range(_BLOCKS):
        if _purpose(memory, block) == _HMAC_UP and memory[_READ_PROTECTED] >> block & 1:
            return block
    return None


def _purpose(memory: "Memory", block: int) -> int:
    if block < 2:
        return memory[_PURPOSES_0_1] >> (_FIRST_SHIFT + _PURPOSE_BITS * block) & _PURPOSE
    return memory[_PURPOSES_2_5] >> _PURPOSE_BITS * (block - 2) & _PURPOSE
