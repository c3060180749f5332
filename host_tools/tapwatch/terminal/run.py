"""What `tapwatch tap` and `tapwatch apdu` do once their arguments are read."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.terminal import amount
from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.readers.ble import Till
from tapwatch.terminal.readers.choose import open_reader, split_address
from tapwatch.terminal.readers.port import NoCard
from tapwatch.terminal.request import TapRequest, Terminal
from tapwatch.terminal.session import TapResult, TapSession
from tapwatch.terminal.show.decode import decode
from tapwatch.terminal.show.receipt import receipt_text
from tapwatch.terminal.show.trace import trace_text
from tapwatch.terminal.state import TerminalState

if TYPE_CHECKING:
    import argparse

_AGAIN = {
    Outcome.SEE_PHONE: "Look at the watch, and present it again.",
    Outcome.TRY_AGAIN: "The watch left too early, or said no. Present it again.",
}
PAUSE_S = {Outcome.SEE_PHONE: 3.0, Outcome.TRY_AGAIN: 0.0}
"""Field off before the next presentation: a person reads the amount, and a watch takes no second tap before that."""


def run_tap(arguments: argparse.Namespace) -> int:
    """Take a payment; returns the exit code."""
    request = _request(arguments)
    acquirer = None if arguments.no_bank else AcquirerClient(*split_address(arguments.bank))
    state = TerminalState(state_path(arguments.state))
    try:
        session = TapSession(open_reader(arguments.reader, till_of(arguments)), acquirer, state)
        result = _present(session, arguments, request)
    finally:
        state.close()
    _print(result, arguments)
    return EXIT_OK if result.receipt.approved else EXIT_FAILED


def _request(arguments: argparse.Namespace) -> TapRequest:
    money = amount.parse(arguments.amount, arguments.currency)
    limit = amount.parse(arguments.cvm_limit, arguments.currency).minor if arguments.cvm_limit else None
    return TapRequest(money, terminal_of(arguments), limit)


def terminal_of(arguments: argparse.Namespace) -> Terminal:
    """The terminal that `--country` and `--merchant` describe. Raises UserError."""
    if not 0 < arguments.country < 1000:
        raise UserError(f"{arguments.country} is no country", "give an ISO 3166 numeric code", EXIT_USAGE)
    if not (arguments.merchant.isascii() and arguments.merchant.isprintable() and 0 < len(arguments.merchant) <= 40):
        raise UserError("the merchant's name does not fit a message", "use 1 to 40 ASCII characters", EXIT_USAGE)
    return Terminal(country=arguments.country, merchant_name=arguments.merchant)


def _present(session: TapSession, arguments: argparse.Namespace, request: TapRequest) -> TapResult:
    """Take up to `--taps` presentations."""
    _tell(f"{request.money}: present the watch", arguments)
    result = _one_tap(session, arguments, request)
    for _ in range(1, arguments.taps):
        if result.outcome not in _AGAIN:
            break
        _tell(_AGAIN[result.outcome], arguments)
        time.sleep(PAUSE_S[result.outcome])
        result = _one_tap(session, arguments, _request(arguments))
    return result


def _one_tap(session: TapSession, arguments: argparse.Namespace, request: TapRequest) -> TapResult:
    try:
        return session.tap(request, arguments.wait)
    except NoCard as error:
        hint = "is the watch there and armed? `tapwatch sim --demo-wallet` gives you one"
        raise UserError(f"no card came within {arguments.wait:g} s at {arguments.reader}", hint) from error


def _print(result: TapResult, arguments: argparse.Namespace) -> None:
    if arguments.trace == "-":
        print(trace_text(result.trace))
    elif arguments.trace:
        try:
            Path(arguments.trace).write_text(trace_text(result.trace))
        except OSError as error:
            raise UserError(f"{arguments.trace} cannot be written", "choose another --trace") from error
    print(json.dumps(result.receipt.to_json(), indent=2) if arguments.json else receipt_text(result.receipt), end="")
    if arguments.json:
        print()


def _tell(text: str, arguments: argparse.Namespace) -> None:
    """Talk to the person; not in the way of JSON."""
    print(text, file=sys.stderr if arguments.json else sys.stdout, flush=True)


def state_path(given: str | None) -> Path:
    """Where the terminal keeps its trace number: `given`, or a file of this user."""
    if given:
        return Path(given)
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "tapwatch" / "terminal.json"


def till_of(arguments: argparse.Namespace) -> Till:
    """Who collects by Bluetooth. The keys of its bonds lie beside its trace number."""
    path = state_path(arguments.state)
    return Till(arguments.merchant, path.with_name(path.stem + "-bluetooth"), lambda text: _tell(text, arguments))


def run_decode(arguments: argparse.Namespace) -> int:
    """Decode hex; returns the exit code."""
    text = "".join(arguments.hex).replace(" ", "")
    try:
        data = bytes.fromhex(text)
    except ValueError as error:
        raise UserError("that is not hex", "write pairs of hex digits", EXIT_USAGE) from error
    print("\n".join(decode(data)))
    return EXIT_OK
