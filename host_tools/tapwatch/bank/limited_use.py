"""Limited-use keys of cryptogram version 43h: one TDES key for each key index, derived from the card key.

A key index `YHHHHCC` is the last digit of the year, the hour of that year from 0001, and the number of the key within
that hour (docs/formats.md "Cryptograms"). Nothing here comes from the watch.
"""

from __future__ import annotations

import time

from pyemv import mac, tools

KEYS_PER_HOUR = 100
"""CC has two digits."""
INDEX_BYTES = 4
_INDEX_DIGITS = 7
_BLOCK_DIGITS = 16
_HALF = 8
_HOURS_PER_DAY = 24


def first_index(at: int) -> int:
    """Return the lowest key index of the hour (UTC) that `at` lies in; its hour has KEYS_PER_HOUR of them."""
    now = time.gmtime(at)
    hour = (now.tm_yday - 1) * _HOURS_PER_DAY + now.tm_hour + 1
    return (now.tm_year % 10 * 10_000 + hour) * KEYS_PER_HOUR


def digits(index: int) -> str:
    """Return an index as its seven digits."""
    return f"{index:0{_INDEX_DIGITS}d}"


def packed(index: int) -> bytes:
    """Return an index as `0YHHHHCC`, four bytes of BCD: its form in packages and in 9F10."""
    return bytes.fromhex("0" + digits(index))


def unpacked(field: bytes) -> int | None:
    """Return the index in those four bytes, None if they hold no index."""
    text = field.hex()
    return int(text) if text.isdigit() and text.startswith("0") else None


def key(card_key: bytes, index_digits: str) -> bytes:
    """Return the limited-use key of an index under the option A card key, 16 bytes without parity.

    Each half is one TDES block over `1` or `2`, the digits, and padding of an 8 and zeros.
    """
    blocks = [(half + index_digits + "8").ljust(_BLOCK_DIGITS, "0") for half in "12"]
    return tools.encrypt_tdes_ecb(card_key, bytes.fromhex("".join(blocks)))


def cryptogram(limited_use_key: bytes, message: bytes) -> bytes:
    """Return the cryptogram over a message: ISO/IEC 9797-1 algorithm 3 with padding method 2, 8 bytes."""
    return mac.mac_iso9797_3(limited_use_key[:_HALF], limited_use_key[_HALF:], message, padding=2)
