"""What sharing must come to, in exact fractions and plain dictionaries: nothing of the store is used here."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction


def largest_remainder(amount: int, weights: list[int]) -> list[int]:
    """Parts of an amount above zero: floors of the exact shares, then one more to the largest fractions, in order."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    while sum(parts) < amount:
        behind = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[behind.index(max(behind))] += 1
    return parts


class Oracle:
    """Contracts, payments and refunds of one app, one party a role."""

    def __init__(self, parts: dict[str, int], begin: int) -> None:
        self.contracts: list[tuple[int, str, dict[str, int]]] = [(begin, "**", parts)]
        self.held: dict[int, dict[str, int]] = {}
        self.given: dict[int, int] = defaultdict(int)
        self.keys: dict[tuple[int, str], int] = {}

    def sell(self, payment: int, amount: int, region: str, at: int) -> None:
        """A payment is shared out."""
        assert payment not in self.held
        fitting = [one for one in self.contracts if one[0] <= at and one[1] in (region, "**")]
        here = [one for one in fitting if one[1] == region] or fitting
        begin = max(one[0] for one in here)
        parts = [one for one in here if one[0] == begin][-1][2]
        self.held[payment] = dict(zip(parts, largest_remainder(amount, list(parts.values())), strict=True))

    def refund(self, payment: int, amount: int, key: str) -> bool:
        """A part comes back; False for one that cannot, or was asked for before."""
        held = self.held[payment]
        if (payment, key) in self.keys or not 0 < amount <= sum(held.values()):
            return False
        self.keys[payment, key] = amount
        for party, part in zip(held, largest_remainder(amount, list(held.values())), strict=True):
            held[party] -= part
        self.given[payment] += amount
        return True

    def balances(self) -> dict[str, int]:
        """What each party has of all payments."""
        found: dict[str, int] = defaultdict(int)
        for held in self.held.values():
            for party, part in held.items():
                found[party] += part
        return dict(found)
