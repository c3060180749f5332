"""Sealed records: AES-SIV bound to the number of the record and to a fresh nonce."""

import struct

from micropython import const

from watch.crypto.siv import siv_open, siv_seal
from watch.kernel.errors import TagError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    from watch.crypto.random import Random

    Bytes = Union[bytes, bytearray, memoryview]

_NONCE_BYTES = const(16)
OVERHEAD_BYTES = const(32)
"""Nonce and synthetic IV."""


def seal(key: "Bytes", record: int, value: "Bytes", random: "Random") -> bytes:
    """Encrypt `value` for one record: nonce, then AES-SIV output.

    The number of the record is authenticated, so a sealed value cannot be moved to another record. The nonce makes
    two seals of one value differ. `key` is 32 or 64 bytes. Raises EntropyError, CryptoError. RFC 5297 section 3.
    """
    nonce = random.bytes(_NONCE_BYTES)
    return nonce + siv_seal(key, [struct.pack(">H", record), nonce], value)


def unseal(key: "Bytes", record: int, blob: "Bytes") -> bytearray:
    """Open what `seal` made for the same record; the caller zeroes the result if it is secret.

    Raises TagError if the key, the record or any byte differs; CryptoError on a bad key length.
    """
    if len(blob) < OVERHEAD_BYTES:
        raise TagError("too short")
    nonce = blob[:_NONCE_BYTES]
    return siv_open(key, [struct.pack(">H", record), nonce], blob[_NONCE_BYTES:])
