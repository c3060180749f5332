"""What came off a scanner: the text of a code, recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.terminal.scan import presented

if TYPE_CHECKING:
    from tapwatch.terminal.scan.presented import PresentedCode

DIGITS = 18


@dataclass(frozen=True)
class DigitsCode:
    """18 digits, from a QR code or Code 128."""

    digits: str


def read(text: str) -> DigitsCode | PresentedCode:
    """Recognise the text of a code. Raises ScanProblem for one that no wearer would show."""
    stripped = text.strip()
    if len(stripped) == DIGITS and stripped.isascii() and stripped.isdigit():
        return DigitsCode(stripped)
    return presented.read(stripped)
