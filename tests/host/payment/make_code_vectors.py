"""Writes tests/vectors/payment/codes.json with Python's own hmac. test_code_vectors.py keeps the file true."""

import hashlib
import hmac
import json
import random
import struct
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "vectors/payment/codes.json"
COUNT = 40
SEED = 20261122
NUMBERS = 50
MOST_MINUTE = 2**32 - 1


def part(seed: bytes, message: bytes) -> str:
    """The first 8 bytes of the HMAC, big-endian, as 8 digits."""
    (value,) = struct.unpack(">Q", hmac.new(seed, message, hashlib.sha256).digest()[:8])
    return str(value % 10**8).zfill(8)


def code(prefix: str, seed: bytes, number: int, minute: int) -> str:
    """docs/formats.md "Payment codes"."""
    index = struct.pack("B", number)
    handle = part(seed, b"handle" + index)
    return prefix + handle + part(seed, b"code" + index + handle.encode("ascii") + struct.pack(">I", minute))


def vectors() -> list[dict[str, Any]]:
    """Random cases, then the bounds."""
    source = random.Random(SEED)
    cases = [
        (f"{source.randrange(100):02}", source.randbytes(32), source.randrange(NUMBERS), source.randrange(MOST_MINUTE))
        for _ in range(COUNT)
    ]
    cases += [("00", bytes(32), 0, 0), ("99", b"\xff" * 32, NUMBERS - 1, MOST_MINUTE)]
    cases += [("28", bytes(range(32)), number, 29_923_333) for number in (0, 1, 49)]
    return [
        {
            "prefix": prefix,
            "seed": seed.hex(),
            "number": number,
            "minute": minute,
            "code": code(prefix, seed, number, minute),
        }
        for prefix, seed, number, minute in cases
    ]


if __name__ == "__main__":
    TARGET.write_text(json.dumps(vectors(), indent=1) + "\n", encoding="utf-8")
