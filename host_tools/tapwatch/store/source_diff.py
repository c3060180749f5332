"""What has changed between two source archives, as reviewers read it: a unified diff for text, hashes for the rest."""

from __future__ import annotations

import difflib
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LINES = 4_000
"""So much of a diff is shown; the rest is counted."""
_SHORT = 12


def diff(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[str]:
    """The lines of the difference. What a terminal would obey is shown as its number in hex."""
    found: list[str] = []
    for name in sorted({*old, *new}):
        before, after = old.get(name, b""), new.get(name, b"")
        if before == after:
            continue
        lines, earlier = _lines(after), _lines(before)
        if lines is None or earlier is None:
            found.append(f"{name}: {_hash(before)} -> {_hash(after)}, {len(before)} -> {len(after)} bytes")
        else:
            found += difflib.unified_diff(earlier, lines, f"old/{name}", f"new/{name}", lineterm="")
    more = len(found) - MAX_LINES
    shown = [_plain(line) for line in found[:MAX_LINES]]
    return [*shown, f"({more} more lines)"] if more > 0 else shown


def _lines(data: bytes) -> list[str] | None:
    try:
        return data.decode().splitlines()
    except UnicodeDecodeError:
        return None


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_SHORT] if data else "nothing"


def _plain(line: str) -> str:
    """Letters of any script stay; marks that move a cursor or turn text around do not."""
    return "".join(mark if mark.isprintable() or mark == "\t" else f"\\x{ord(mark):02x}" for mark in line)
