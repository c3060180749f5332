"""Runs python-emv's emvtool in a box and reads what it prints."""

import re
from dataclasses import dataclass

import pytest

from tests.interop.nfc.pcsc_box import ROOT, Box

PROGRAM = ROOT / ".venv" / "emv" / "bin" / "emvtool"
"""It needs an old pyscard, hence the environment of its own that tools/setup.sh makes."""
_FRAME = re.compile(r"\x1b\(0.*?\x1b\(B")
"""A stretch of lines around a table, in the graphics characters of terminals."""
_SENT = re.compile(r"Tx: \[(.*)\]")
_RECEIVED = re.compile(r"Rx: \[(.*)\], SW1: (..), SW2: (..)")


@dataclass(frozen=True)
class Exchange:
    """A command and its answer, out of the tool's log."""

    command: bytes
    answer: bytes
    """Without the status word."""
    status: str


def require() -> None:
    """Skip the test if the tool is not installed."""
    if not PROGRAM.exists():
        pytest.skip("not installed: emvtool; run tools/setup.sh test")


def emvtool(box: Box, *arguments: str) -> str:
    """What it says, with plain bars in its tables."""
    return _FRAME.sub("|", box.run(str(PROGRAM), *arguments).text)


def rows(text: str) -> list[list[str]]:
    """The cells of every table row; a row without a first cell continues the one before."""
    found: list[list[str]] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 2:
            continue
        if cells[0] or not found:
            found.append(cells)
        else:
            found[-1] = [f"{old} {new}".strip() for old, new in zip(found[-1], cells, strict=True)]
    return found


def exchanges(text: str) -> list[Exchange]:
    """All that was said to the card, from a run with `--loglevel debug`."""
    sent = [bytes.fromhex(line) for line in _SENT.findall(text)]
    received = [(bytes.fromhex(data), (sw1 + sw2).upper()) for data, sw1, sw2 in _RECEIVED.findall(text)]
    return [Exchange(command, *answer) for command, answer in zip(sent, received, strict=True)]
