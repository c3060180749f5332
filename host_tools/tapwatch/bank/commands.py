"""The subcommand `tapwatch bank`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

DEFAULT_NAME = "Tapwatch Test Bank"
DEFAULT_HTTP_PORT = 8580
DEFAULT_ISO_PORT = 8583
"""The port `tapwatch tap` asks."""

_EPILOG = """The bank's folder holds its keys and, unless --database names another one, its SQLite database.
Commands may run while `tapwatch bank serve` does. A new bank whose root is elsewhere: `key` leaves a public key, the
root certifies it for the role token-service, `init --certificate` takes what comes back."""


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommand."""
    bank = subparsers.add_parser(
        "bank", help="run a test bank: tokens, approvals, ledger", description="Run a test bank.", epilog=_EPILOG
    )
    actions = bank.add_subparsers(dest="action", required=True, metavar="ACTION")
    for add in (
        _add_keys,
        _add_init,
        _add_serve,
        _add_account,
        _add_card,
        _add_token,
        _add_tokens,
        _add_states,
        _add_ledger,
    ):
        add(actions)
    for add in (_add_device_states, _add_merchant, _add_merchant_code, _add_customer, _add_messages):
        add(actions)


def _action(actions: argparse._SubParsersAction, name: str, text: str) -> argparse.ArgumentParser:
    """One action with what all have: where the bank is, and whether to print JSON."""
    action = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    action.add_argument("--state", metavar="DIR", help="the bank's folder (default ~/.local/state/tapwatch/bank)")
    action.add_argument("--database", metavar="URL", help="a SQLAlchemy URL instead of SQLite in the folder")
    action.add_argument("--json", action="store_true", help="print JSON")
    action.set_defaults(run=_runner(name))
    return action


def _runner(name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        from tapwatch.bank import actions  # the libraries behind it take a while to import

        return actions.ACTIONS[name](arguments)

    return run


def _add_keys(actions: argparse._SubParsersAction) -> None:
    _action(actions, "key", "make the bank's keys, and the file token-service.pub for the root to certify")
    keys = _action(actions, "keys", "print whose keys the bank has, and how long its certificate lasts")
    keys.add_argument("--certificate", type=Path, metavar="FILE", help="take a renewed certificate for the same key")
    revocations = _action(actions, "revocations", "take a revocation list of the root, and have it carried to watches")
    revocations.add_argument("file", type=Path, metavar="FILE", help="the signed list")


def _add_init(actions: argparse._SubParsersAction) -> None:
    init = _action(actions, "init", "make a new bank, with keys that a root has certified or certifies now")
    init.add_argument(
        "--root", required=True, metavar="FILE", help="the root's key file, used once; with --certificate its NAME.pub"
    )
    init.add_argument("--certificate", type=Path, metavar="FILE", help="by the root, for token-service.pub of `key`")
    init.add_argument("--name", default=DEFAULT_NAME, help="name in a certificate made now (default %(default)s)")
    init.add_argument("--url", default="", metavar="URL", help="in it: public address, where watches find the mailbox")
    init.add_argument("--country", type=int, default=156, metavar="N", help="ISO 3166 numeric code (default 156)")


def _add_serve(actions: argparse._SubParsersAction) -> None:
    serve = _action(actions, "serve", "answer terminals (ISO 8583) and phones (HTTP) until stopped")
    for name, port in (("--http-port", DEFAULT_HTTP_PORT), ("--iso-port", DEFAULT_ISO_PORT)):
        serve.add_argument(name, type=int, default=port, metavar="N", help="0 takes a free one (default %(default)s)")
    serve.add_argument("--url", default="", metavar="URL", help="public address of the proxy in front of this server")
    serve.add_argument("--demo", action="store_true", help="make a customer with cards, and print how to log in")
    serve.add_argument(
        "--receipts", default="", metavar="URL", help="address that links to receipts begin with (default: this server)"
    )


def _add_account(actions: argparse._SubParsersAction) -> None:
    account = _action(actions, "account", "open a customer's account with money on it")
    account.add_argument("holder", help="the customer's name")
    account.add_argument("--customer", metavar="NAME", help="who may log in for it (see `customer`)")
    account.add_argument("--opening", default="1000.00", metavar="AMOUNT", help="first deposit (default %(default)s)")
    account.add_argument("--currency", default="CNY", metavar="CODE", help="ISO 4217 code (default CNY)")


def _add_card(actions: argparse._SubParsersAction) -> None:
    card = _action(actions, "card", "issue a card on an account")
    card.add_argument("account", type=int, help="account number")
    card.add_argument("product", help="kind of card, for example visa or closed-loop; a wrong one lists them all")
    card.add_argument("--label", help="name on the watch, at most 32 bytes")


def _add_token(actions: argparse._SubParsersAction) -> None:
    token = _action(actions, "token", "put a card on a registered watch")
    token.add_argument("card", type=int, help="card number as `tapwatch bank card` printed it")
    token.add_argument("device", help="device id in hex")


def _add_tokens(actions: argparse._SubParsersAction) -> None:
    _action(actions, "tokens", "list every token")


def _add_states(actions: argparse._SubParsersAction) -> None:
    for name, text in (
        ("suspend", "stop a token for the time being"),
        ("resume", "let a suspended token pay again"),
        ("delete", "end a token for good"),
    ):
        _action(actions, name, text).add_argument("token", help="token id in hex")


def _add_ledger(actions: argparse._SubParsersAction) -> None:
    _action(actions, "ledger", "recompute the books and print every account")


def _add_device_states(actions: argparse._SubParsersAction) -> None:
    for name, text in (
        ("lost", "stop every payment of a watch and tell it that it is lost"),
        ("found", "let a lost watch pay again"),
        ("wipe", "delete the cards of a watch and tell it to erase itself"),
    ):
        _action(actions, name, text).add_argument("device", help="device id in hex")
    actions.choices["lost"].add_argument("--text", default="", help="what a finder may read on it, at most 80 bytes")


def _add_merchant(actions: argparse._SubParsersAction) -> None:
    merchant = _action(actions, "merchant", "open the account of a merchant who is paid by QR code")
    merchant.add_argument("name", help="what wearers read, at most 25 characters")
    merchant.add_argument("--currency", default="CNY", metavar="CODE", help="ISO 4217 code (default CNY)")


def _add_merchant_code(actions: argparse._SubParsersAction) -> None:
    code = _action(actions, "merchant-code", "print the text of a merchant's QR code")
    code.add_argument("merchant", type=int, help="account number as `tapwatch bank merchant` printed it")
    code.add_argument("--amount", metavar="12.34", help="what is to be paid; if absent, whoever pays enters it")
    code.add_argument("--currency", default="CNY", metavar="CODE", help="ISO 4217 code (default CNY)")
    code.add_argument("--reusable", action="store_true", help="any number of people may pay it, not just one")


def _add_customer(actions: argparse._SubParsersAction) -> None:
    customer = _action(actions, "customer", "make a customer who can log in, and print a password")
    customer.add_argument("name", help="name to log in with")
    customer.add_argument("--sms", metavar="NUMBER", help="where codes go by SMS")
    customer.add_argument("--email", metavar="ADDRESS", help="where codes go by e-mail")


def _add_messages(actions: argparse._SubParsersAction) -> None:
    _action(actions, "messages", "print the messages to customers, with their codes")
