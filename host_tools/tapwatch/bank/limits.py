"""Limits of a token. The watch keeps them as a convenience; the bank enforces them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from tapwatch.bank.problems import RequestProblem


@dataclass(frozen=True)
class Limits:
    """Amounts in minor units. The order of the fields is the order of the keys 1 to 7 in docs/formats.md."""

    per_tap: int = 100_000
    confirm_above: int = 20_000
    per_tap_without_cdcvm: int = 5_000
    taps_without_cdcvm: int = 5
    sum_without_cdcvm: int = 15_000
    per_day: int = 200_000
    cdcvm_max_age_s: int = 900

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 40:
                raise RequestProblem(f"the limit {name} is not a number")

    @classmethod
    def read(cls, values: object) -> Limits:
        """Return limits from a map of some of the names; the rest have their defaults. Raises RequestProblem."""
        known = {field.name for field in fields(cls)}
        if not isinstance(values, dict) or not set(values) <= known:
            raise RequestProblem("unknown limit", f"the limits are: {', '.join(sorted(known))}")
        return cls(**values)

    def to_json(self) -> dict[str, int]:
        """Return the form kept in the database."""
        return asdict(self)

    def to_format(self) -> dict[int, int]:
        """Return the limits map of a token package."""
        return dict(enumerate(asdict(self).values(), 1))
