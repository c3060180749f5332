"""The slot record of a watch that is started for the first time (docs/updates.md, "The slot record")."""

from __future__ import annotations

import binascii
import hashlib
import struct

from tapwatch.flashing.partitions import SLOTS_BYTES

_RECORD = struct.Struct(">4sIBBBBII8s8s")
_MAGIC = b"TWS1"
_SLOT_A = 0
_EMPTY, _PROVED = 0, 2
TRIES = 2
"""How often a slot on trial is begun."""


def first_start(image: bytes) -> bytes:
    """The partition `slots` of a watch that has `image` in slot `a`, proved, and nothing else."""
    start_of_digest = hashlib.sha256(image).digest()[:8]
    record = _RECORD.pack(
        _MAGIC, 1, _SLOT_A, _PROVED, _EMPTY, TRIES, len(image), 0, start_of_digest, bytes(len(start_of_digest))
    )
    return (record + binascii.crc32(record).to_bytes(4, "big")).ljust(SLOTS_BYTES, b"\xff")
