"""Passwords of customers: scrypt (RFC 7914), never kept or logged in clear."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from tapwatch.bank.problems import RequestProblem

SALT_BYTES = 16
_HASH_BYTES = 32
COST = 1 << 14
"""N of RFC 7914 section 2, for interactive logins: 16 MB and about 50 ms."""
_BLOCK, _PARALLEL = 8, 1  # r and p
_SHORTEST, _LONGEST = 8, 128


def made() -> str:
    """Return a random password that can be typed: four groups of four letters and digits, 80 bits."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def check(password: str) -> None:
    """Raises RequestProblem for a password that is too short or too long."""
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise RequestProblem(f"a password has {_SHORTEST} to {_LONGEST} characters")


def hashed(password: str, salt: bytes) -> bytes:
    """Return the hash to keep, 32 bytes."""
    return hashlib.scrypt(password.encode(), salt=salt, n=COST, r=_BLOCK, p=_PARALLEL, dklen=_HASH_BYTES)


def fits(password: str, salt: bytes, expected: bytes) -> bool:
    """True for the right password. Takes as long for a wrong one."""
    return len(password) <= _LONGEST and hmac.compare_digest(hashed(password, salt), expected)
