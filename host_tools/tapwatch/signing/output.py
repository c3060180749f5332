"""How the commands of this room print: facts in two columns or as JSON, times and fingerprints for people."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DAY_S = 86_400
_GROUP = 4


def fingerprint(public: bytes) -> str:
    """SHA-256 of a public key in groups of four digits: what people compare, aloud or on paper."""
    digits = hashlib.sha256(public).hexdigest()
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def day(seconds: int) -> str:
    """A time as `2026-11-23 08:00:00Z`."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s"


def parse_time(text: str | None) -> int:
    """Seconds since 1970 from a number, a day or a day and time in UTC; now for None. Raises UserError."""
    if text is None:
        return int(time.time())
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            f"{text!r} is no time", "use 2026-11-23, 2026-11-23T08:00:00 (UTC) or seconds since 1970", EXIT_USAGE
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def show(facts: Mapping[str, object], as_json: bool) -> None:
    """Print facts: names to the left, or one line of JSON."""
    if as_json:
        print(json.dumps(dict(facts)))
        return
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        if value not in (None, "", [], {}):
            print(f"{name.replace('_', ' '):<{width}}  {_plain(value)}")


def table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns; the first row is the heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {text}" for name, text in value.items())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
