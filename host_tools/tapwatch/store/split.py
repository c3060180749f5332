"""An amount into parts that add up to it: largest remainder, of equal remainders the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Parts of `amount` minor units in proportion to `weights`, which are not negative and not all zero.

    The parts add up to the amount; each is its exact share rounded up or down; those of a negative amount are those of
    the positive one with the other sign. Raises ValueError for weights that share nothing out.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights are not negative, and not all of them are zero")
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    parts = [amount * weight // total for weight in weights]
    remainders = [amount * weight % total for weight in weights]
    first = sorted(range(len(weights)), key=lambda place: -remainders[place])  # sorting keeps the order of equals
    for place in first[: amount - sum(parts)]:
        parts[place] += 1
    return parts
