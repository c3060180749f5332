"""How `tapwatch store` prints: lines for people, JSON for programs. What strangers wrote cannot move a cursor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_OK

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

_COLUMN = 13


def show(arguments: Namespace, facts: Mapping[str, Any]) -> int:
    """Print one thing."""
    lines = [f"{name:<{_COLUMN}} {_plain(value)}" for name, value in facts.items()]
    print(json.dumps(facts) if arguments.json else "\n".join(lines), flush=True)
    return EXIT_OK


def show_all(arguments: Namespace, rows: Sequence[Mapping[str, Any]]) -> int:
    """Print a list, one thing a line."""
    if arguments.json:
        print(json.dumps(list(rows)))
    elif rows:
        print("\n".join("  ".join(_plain(value) for value in row.values()) for row in rows))
    return EXIT_OK


def _plain(value: object) -> str:
    return "".join(mark if mark.isprintable() else f"\\u{ord(mark):04x}" for mark in str(value))
