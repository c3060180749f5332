"""The record of a tap: every command, its answer and its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tapwatch.terminal.emv.apdu import Command


@dataclass(frozen=True)
class Exchange:
    """One command and its answer; an answer of no bytes means that the card was lost."""

    command: Command
    answer: bytes
    elapsed_ms: float


@dataclass
class Trace:
    """What happened, in order."""

    reader: str = ""
    card: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Lines on what came after the card: the bank, reversals, the outcome."""
    activation_ms: float = 0.0
    card_ms: float = 0.0
    """From the first command until the field went off."""
