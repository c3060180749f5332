"""`tapwatch boards`: what boards there are, from their `board.toml`."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK
from tapwatch.images import boards as files
from tapwatch.signing.output import table

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.images.boards import Board

_MB = 1 << 20
_HEADING = ("board", "what it is", "chip", "flash", "PSRAM", "glass", "NFC", "not used")


def boards(arguments: Namespace) -> int:
    """Print a row for each board, or all their facts as JSON. Raises UserError for a file that is wrong."""
    found = [files.read(name) for name in files.names()]
    if arguments.json:
        print(json.dumps([dataclasses.asdict(board) for board in found]))
        return EXIT_OK
    table([_HEADING, *(_row(board) for board in found)])
    print("\nNone of them has been tried on a real board yet; every one starts on virtual hardware (docs/porting.md).")
    return EXIT_OK


def _row(board: Board) -> tuple[str, ...]:
    return (
        board.name,
        board.title,
        board.chip,
        f"{board.flash_bytes // _MB} MB",
        board.psram,
        board.glass,
        board.nfc,
        ", ".join(board.left_out) or "-",
    )
