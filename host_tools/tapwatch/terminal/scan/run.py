"""What `tapwatch scan` does once its arguments are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.terminal import amount
from tapwatch.terminal.readers.choose import split_address
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.run import state_path, terminal_of
from tapwatch.terminal.scan import picture, session
from tapwatch.terminal.scan.presented import ScanProblem
from tapwatch.terminal.show.receipt import receipt_text
from tapwatch.terminal.state import TerminalState

if TYPE_CHECKING:
    import argparse


def run_scan(arguments: argparse.Namespace) -> int:
    """Take a payment by a code; returns the exit code."""
    request = TapRequest(amount.parse(arguments.amount, arguments.currency), terminal_of(arguments))
    text = picture.read(Path(arguments.picture)) if arguments.picture else arguments.code or arguments.qr or ""
    state = TerminalState(state_path(arguments.state))
    try:
        receipt = session.scan(text, request, AcquirerClient(*split_address(arguments.bank)), state)
    except ScanProblem as problem:
        raise UserError("that is no payment code", "scan what the watch shows now", EXIT_USAGE) from problem
    finally:
        state.close()
    print(json.dumps(receipt.to_json(), indent=2) + "\n" if arguments.json else receipt_text(receipt), end="")
    return EXIT_OK if receipt.approved else EXIT_FAILED
