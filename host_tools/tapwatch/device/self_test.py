"""What a watch finds when it looks at itself (message 28), and whether that is good enough to leave the bench."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.phone.answers import fields_of, read_list, strange

if TYPE_CHECKING:
    from tapwatch.device.serial_watch import Ask

DIAGNOSE = 28
_HEX_DIGITS = 16
_SHAPE = {1: (str,), 2: (str,), 3: (str,), 4: (list,), 5: (int,), 9: (str,), 13: (bytes, type(None))}
_PROBLEM = "did not say how it is"


@dataclass(frozen=True)
class Report:
    """A self-test."""

    board: str
    firmware: str
    posture: str
    problems: tuple[str, ...]
    """Each device that has one, and what it is."""
    percent: int
    """Charge."""
    secret: str
    micropython: str
    """First digits of the SHA-256 of the stock image; empty where the watch does not tell."""


def ask_report(ask: Ask) -> Report:
    """Let the watch look at itself. Raises UserError."""
    said = fields_of(ask(DIAGNOSE, None), _SHAPE, _PROBLEM)
    devices = [_device(entry) for entry in read_list(said[4], _PROBLEM)]
    return Report(
        board=said[1],
        firmware=said[2],
        posture=said[3],
        problems=tuple(f"{name}: {problem}" for name, problem in devices if problem),
        percent=said[5],
        secret=said[9],
        micropython=(said[13] or b"").hex()[:_HEX_DIGITS],
    )


def _device(entry: object) -> tuple[str, str]:
    if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry):
        return entry[0], entry[1]
    raise strange(_PROBLEM)
