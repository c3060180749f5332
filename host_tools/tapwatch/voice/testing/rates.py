"""Rates with what is known about them: counts and intervals of 95 %."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_Z = 1.959964
FEW = 8
"""Counts from which on a row may be the worst: who said one word and was not understood tells little."""


@dataclass(frozen=True)
class Rate:
    """So many of so many."""

    hits: int
    of: int

    @property
    def percent(self) -> float:
        """0 to 100; 0 of nothing."""
        return 100 * self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %, in percent."""
        if not self.of:
            return 0.0, 100.0
        share, spread = self.hits / self.of, _Z * _Z / self.of
        middle = share + spread / 2
        half = _Z * math.sqrt(share * (1 - share) / self.of + spread / self.of / 4)
        return tuple(100 * min(1.0, max(0.0, (middle + side * half) / (1 + spread))) for side in (-1, 1))  # type: ignore[return-value]

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.of + other.of)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.percent:5.1f} % [{low:.1f}-{high:.1f}] of {self.of}"

    def as_json(self) -> dict[str, float | int]:
        """Numbers of the report."""
        low, high = self.interval
        return {"percent": self.percent, "low": low, "high": high, "hits": self.hits, "of": self.of}


def total(rates: Mapping[str, Rate]) -> Rate:
    """All together."""
    return sum(rates.values(), Rate(0, 0))


def mean_percent(rates: Mapping[str, Rate]) -> float:
    """The mean of the rows, each as heavy as the other: of speakers, whoever said more counts no more."""
    counted = [rate.percent for rate in rates.values() if rate.of]
    return sum(counted) / len(counted) if counted else 0.0


def worst(rates: Mapping[str, Rate], highest: bool = False) -> tuple[str, Rate]:
    """The row with the lowest rate, or the highest one, of those that say something: with `FEW` counts and more.

    Of all, if none has so many. Raises ValueError if there is none.
    """
    counted = {name: rate for name, rate in rates.items() if rate.of >= FEW} or rates
    chosen = (max if highest else min)(counted, key=lambda row: counted[row].percent)
    return chosen, counted[chosen]


def per_hour(events: int, hours: float) -> tuple[float, float]:
    """Events an hour, and the most there may be at 95 % (exact bound of Poisson, 3 for none seen)."""
    if not hours:
        return 0.0, math.inf
    low, high = float(events), events + 3.0 + 4 * math.sqrt(events + 1)
    for _ in range(60):
        middle = (low + high) / 2
        term, below = math.exp(-middle), 0.0
        for count in range(events + 1):
            below += term
            term *= middle / (count + 1)
        low, high = (middle, high) if below > 0.05 else (low, middle)
    return events / hours, high / hours
