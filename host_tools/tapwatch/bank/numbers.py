"""Account numbers of the test ranges, and the other random names a token carries."""

from __future__ import annotations

import secrets

_PAN_DIGITS = 16
_PAR_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PAR_REGISTRY = "TW00"
"""Where a scheme writes its own four characters we write ours: no scheme ever issues these."""
_PAR_BYTES = 29  # EMV payment account reference: 4 of the registry, 25 of the card

REQUESTOR_ID = "99900000001"
"""Token requestor id of every Tapwatch, 11 digits, from no registry."""


def check_digit(digits: str) -> str:
    """Return the Luhn digit to append (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def random_pan(prefix: str) -> str:
    """Return a random 16-digit number that starts with `prefix` and ends in its check digit."""
    missing = _PAN_DIGITS - 1 - len(prefix)
    digits = prefix + f"{secrets.randbelow(10**missing):0{missing}d}"
    return digits + check_digit(digits)


def random_par() -> str:
    """Return a random payment account reference, 29 characters."""
    return _PAR_REGISTRY + "".join(secrets.choice(_PAR_LETTERS) for _ in range(_PAR_BYTES - len(_PAR_REGISTRY)))
