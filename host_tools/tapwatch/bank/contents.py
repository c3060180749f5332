"""The plaintext of a token package, from what the bank knows of a token (docs/formats.md `tapwatch/token-package`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tapwatch.bank import limited_use, numbers
from tapwatch.bank.art import files as art
from tapwatch.bank.versions import DKI

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tapwatch.bank.wallet import Token

SERVICE_CODE = "201"  # ISO/IEC 7813: international, chip, normal authorisation, no restrictions
REFILL_AT = 4
"""Keys left at which the watch is to ask for more: a busy day's taps stay in hand while the phone is away."""


@dataclass(frozen=True)
class IssuedKey:
    """One single-use key of a batch."""

    atc: int
    secret: bytes = field(repr=False)
    express: bool
    index: int | None
    """Key index of a limited-use key, None for other versions."""

    def to_format(self) -> list[object]:
        """Return its entry in a package."""
        indexed = [] if self.index is None else [limited_use.packed(self.index)]
        return [self.atc, self.secret, *indexed]


def plaintext(
    token: Token,
    batch: int,
    keys: Sequence[IssuedKey],
    codes: Mapping[int, object] | None,
    country: int,
    expires_at: int,
    at: int,
) -> dict[int, object]:
    """Return the map that is sealed for the watch. It holds secrets."""
    return {
        1: token.id,
        2: batch,
        3: token.profile,
        4: token.pan,
        5: token.expiry,
        6: token.psn,
        7: token.par,
        8: token.last_four,
        9: numbers.REQUESTOR_ID,
        10: token.label,
        11: token.currency,
        12: country,
        13: SERVICE_CODE,
        14: DKI,
        15: token.limits.to_format(),
        16: [key.to_format() for key in keys if not key.express],
        17: expires_at,
        18: at,
        19: token.accent,
        20: token.product.version.number,
        21: None if codes is None else dict(codes),
        22: _express(token, keys),
        23: art.hash_of(token.product.name),
        24: REFILL_AT,
    }


def _express(token: Token, keys: Sequence[IssuedKey]) -> dict[int, object] | None:
    if token.express_limits is None:
        return None
    return {1: token.express_limits.to_format(), 2: [key.to_format() for key in keys if key.express]}
