"""The subcommand `tapwatch store`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

DEFAULT_PORT = 8590
_EPILOG = """The store's folder holds its keys; its tables are in the bank's database. Commands may run while `tapwatch
store serve` does. A new store: `key` prints a public key, the root certifies it for the role store, `init` takes that
certificate."""
_CURRENCY = "ISO 4217 code (default CNY)"


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommand."""
    store = subparsers.add_parser(
        "store",
        help="run an app store: review, sell, share the money",
        description="Run an app store beside a test bank.",
        epilog=_EPILOG,
    )
    actions = store.add_subparsers(dest="action", required=True, metavar="ACTION")
    for add in (_add_setup, _add_people, _add_apps, _add_contracts, _add_money, _add_statements):
        add(actions)


def _action(actions: argparse._SubParsersAction, name: str, text: str) -> argparse.ArgumentParser:
    """One action with what all have: where bank and store are, and whether to print JSON."""
    action = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    action.add_argument("--state", metavar="DIR", help="the store's folder (default ~/.local/state/tapwatch/store)")
    action.add_argument("--bank", metavar="DIR", help="the bank's folder (default ~/.local/state/tapwatch/bank)")
    action.add_argument("--database", metavar="URL", help="a SQLAlchemy URL instead of SQLite in the bank's folder")
    action.add_argument("--json", action="store_true", help="print JSON")
    action.set_defaults(run=_runner(name))
    return action


def _runner(name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        from tapwatch.store import actions  # the libraries behind it take a while to import

        return actions.ACTIONS[name](arguments)

    return run


def _add_setup(actions: argparse._SubParsersAction) -> None:
    _action(actions, "key", "make the store's key, and the file store.pub for the root to certify")
    init = _action(actions, "init", "make a new store with the root's certificate for its key")
    init.add_argument("--certificate", required=True, type=Path, metavar="FILE", help="by the root, for the role store")
    init.add_argument("--root", required=True, type=Path, metavar="FILE", help="NAME.pub of the root")
    init.add_argument("--name", default="Tapwatch Store", help="what wearers read when they pay (default %(default)s)")
    init.add_argument("--country", default="CN", metavar="XX", help="in its codes (default %(default)s)")
    init.add_argument("--city", default="Test City", metavar="NAME", help="in its codes (default %(default)s)")
    serve = _action(actions, "serve", "answer phones, developers and browsers until stopped")
    serve.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="N", help="0 takes a free one")
    serve.add_argument("--url", default="", metavar="URL", help="public address of the proxy in front of this server")
    keys = _action(actions, "keys", "print whose keys the store has, and how long its certificate lasts")
    keys.add_argument("--certificate", type=Path, metavar="FILE", help="take a renewed certificate for the same key")
    revocations = _action(actions, "revocations", "take a revocation list of the root, and have it carried to watches")
    revocations.add_argument("file", type=Path, metavar="FILE", help="the signed list")


def _add_people(actions: argparse._SubParsersAction) -> None:
    developers = _action(actions, "developers", "list developers, or take a certificate that the root has signed")
    developers.add_argument("--certificate", type=Path, metavar="FILE", help="of a developer")
    developers.add_argument("--payout", default="", metavar="TEXT", help="where a new developer's money goes")
    parties = _action(actions, "parties", "list those who share, or add one")
    parties.add_argument("--add", metavar="NAME", help="name of the new party")
    parties.add_argument("--payout", default="", metavar="TEXT", help="where its money goes")
    parties.add_argument(
        "--manufacturer", metavar="NAME", help="it made the watches whose certificates have this attribute"
    )


def _add_apps(actions: argparse._SubParsersAction) -> None:
    review = _action(actions, "review", "list what waits; show, accept or reject one")
    review.add_argument("number", nargs="?", type=int, help="number of a review")
    word = review.add_mutually_exclusive_group()
    word.add_argument("--accept", action="store_true", help="pack it again, countersign and list it")
    word.add_argument("--reject", metavar="REASON", help="say no, and why")
    apps = _action(actions, "apps", "list the apps in the store, or withdraw one")
    apps.add_argument("--withdraw", metavar="APP", help="take it off the list")


def _add_contracts(actions: argparse._SubParsersAction) -> None:
    contracts = _action(actions, "contracts", "list contracts, or add one")
    contracts.add_argument(
        "--add",
        nargs="+",
        metavar="PARTY:POINTS",
        help="basis points of developer, store, manufacturer or =NAME; 10000 in all",
    )
    contracts.add_argument("--app", metavar="APP", help="it is about this app")
    contracts.add_argument("--maker", metavar="MAKER", help="it is about all apps of this maker")
    contracts.add_argument("--region", default="**", metavar="XX", help="two letters, or ** for all (default)")
    contracts.add_argument("--begins", metavar="YYYY-MM-DD", help="midnight UTC, in the future (default now)")


def _add_money(actions: argparse._SubParsersAction) -> None:
    payout = _action(actions, "payout", "note that a party was paid")
    payout.add_argument("party", help="its name")
    payout.add_argument("--amount", required=True, metavar="12.34", help="what it was paid")
    payout.add_argument("--currency", default="CNY", metavar="CODE", help=_CURRENCY)
    payout.add_argument("--reference", required=True, metavar="TEXT", help="of the transfer; the same one counts once")
    refund = _action(actions, "refund", "give a payment back, or a part of it")
    refund.add_argument("payment", type=int, help="number of the payment, as statements have it")
    refund.add_argument("--amount", metavar="12.34", help="a part (default: all that is left)")
    refund.add_argument("--currency", default="CNY", metavar="CODE", help=_CURRENCY)
    refund.add_argument("--reference", required=True, metavar="TEXT", help="of this refund; the same one counts once")


def _add_statements(actions: argparse._SubParsersAction) -> None:
    statement = _action(actions, "statement", "print a statement")
    statement.add_argument("--party", required=True, metavar="NAME", help="whose")
    statement.add_argument("--month", required=True, metavar="YYYY-MM", help="for example 2026-11")
    statement.add_argument("--currency", metavar="CODE", help="ISO 4217 code (default: all it has)")
    form = statement.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="as CSV, for one currency")
    form.add_argument("--link", action="store_true", help="the path of its page, which is secret")
    close = _action(actions, "close", "close a month that is over, and those before it")
    close.add_argument("month", metavar="YYYY-MM", help="for example 2026-10")
