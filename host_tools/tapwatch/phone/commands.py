"""The subcommand `tapwatch phone`: a phone for the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

DEFAULT_BANK = "http://127.0.0.1:8580"
"""Where `tapwatch bank serve` listens."""
DEFAULT_STORE = "http://127.0.0.1:8590"
"""Where `tapwatch store serve` listens."""
_EPILOG = """Pair first: on the watch open Settings, Bluetooth, Pair a device, Phone (a Computer may only install
apps and card art); then run `tapwatch phone pair` and compare the six digits. A watch of
`tapwatch sim --hci tcp:HOST:PORT` is --watch hci:tcp:HOST:PORT; any other --watch is the address or the name of a
watch near this computer's own Bluetooth adapter, where the operating system pairs."""
_INSTALL_EPILOG = """What a file is shows in its content, not in its name. Card art (TWA1): the watch takes the
picture that one of its cards asks for, and no other, from its main phone or a computer. An app (TWB1) is checked by
the watch, which then asks its wearer; the main phone or a computer brings it. An NDEF message of at most 512 bytes
becomes what the tag gives away; the main phone brings it while the watch is unlocked. The exit code is 1 if one of
the files is not on the watch."""
_CARD_HELP = "its label, last four digits, or the beginning of its token id"


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommand."""
    phone = subparsers.add_parser(
        "phone",
        help="be the phone of a watch, over Bluetooth: pair, add cards, refill, suspend, tell it lost, install files",
        description="Be the phone of a watch.",
        epilog=_EPILOG,
    )
    actions = phone.add_subparsers(dest="action", required=True, metavar="ACTION")
    pair = _action(actions, "pair", "pair with a watch that is open for it")
    pair.add_argument("--yes", action="store_true", help="the digits are compared elsewhere: for scripts")
    _add_card(actions)
    _action(actions, "refill", "bring keys, pictures and the bank's words to the watch, and its receipts to the bank")
    _action(actions, "list", "list the cards on the watch")
    for name, text in (
        ("suspend", "let a card rest"),
        ("resume", "let a card pay again"),
        ("delete", "take a card off the watch"),
    ):
        _action(actions, name, text).add_argument("card", metavar="CARD", help=_CARD_HELP)
    _add_watch_states(actions)
    _action(actions, "notices", "take what was paid in apps to the bank, bring its notices to the watch, and show them")
    _action(actions, "set-time", "set the clock of the watch")
    tag = _action(actions, "tag", "choose what the watch gives away by NFC: a link or a text")
    tag.add_argument("text", metavar="TEXT", nargs="?", default="", help="a link, or any text")
    tag.add_argument("--clear", action="store_true", help="give nothing away any more")
    _add_install(actions)
    _add_apps(actions)
    _add_store(actions)


def _action(actions: argparse._SubParsersAction, name: str, text: str) -> argparse.ArgumentParser:
    """One action with what all have: which watch, which bank, and where the phone keeps its secrets."""
    action = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    action.add_argument("--watch", required=True, metavar="WATCH", help="hci:tcp:HOST:PORT, or an address or a name")
    action.add_argument("--bank", default=DEFAULT_BANK, metavar="URL", help="the bank (default %(default)s)")
    action.add_argument(
        "--state", type=Path, metavar="DIR", help="the phone's folder (default ~/.local/state/tapwatch/phone)"
    )
    action.add_argument("--json", action="store_true", help="print JSON")
    action.set_defaults(run=_run)
    return action


def _add_card(actions: argparse._SubParsersAction) -> None:
    card = _action(actions, "add-card", "put a card on the watch; the bank may send a one-time code first")
    card.add_argument("--pan", metavar="DIGITS", help="number of the card, as printed on it")
    card.add_argument("--expiry", metavar="YYMM", help="its last month")
    card.add_argument("--card", type=int, metavar="N", help="number of the card at the bank, with --login")
    card.add_argument("--login", metavar="NAME", help="customer of the bank; then no code is needed")
    card.add_argument("--method", metavar="NAME", help="how the code shall come (default: the bank's first)")
    card.add_argument("--code", metavar="DIGITS", help="the code, if it is known already")


def _add_install(actions: argparse._SubParsersAction) -> None:
    install = _action(actions, "install", "bring files to the watch: apps, card art, a message for its tag")
    install.epilog = _INSTALL_EPILOG
    install.add_argument("files", metavar="FILE", nargs="+", type=Path, help="a file of a kind named below")


def _add_apps(actions: argparse._SubParsersAction) -> None:
    _action(actions, "apps", "list the apps that were installed")
    remove = _action(actions, "remove", "ask the wearer to let an app go")
    remove.add_argument("app", metavar="APP", help="its id")
    remove.add_argument("--wait", type=float, default=90.0, metavar="S", help="for the answer (default %(default)s s)")


def _add_store(actions: argparse._SubParsersAction) -> None:
    for name, text in (
        ("buy", "buy an app with a card of the watch, and install it; a free one is installed at once"),
        ("licence", "bring the licences of apps that were bought"),
        ("give-back", "give an app back to its store, within 14 days, for the money"),
        ("orders", "list what was ordered for the watch"),
    ):
        action = _action(actions, name, text)
        if name == "licence":
            action.add_argument("app", metavar="APP", nargs="?", default="", help="its id in the store (default: all)")
        elif name != "orders":
            action.add_argument("app", metavar="APP", help="its id in the store")
        action.add_argument("--store", default=DEFAULT_STORE, metavar="URL", help="the store (default %(default)s)")
        if name == "buy":
            action.add_argument("--region", default="CN", metavar="CC", help="country, two letters (default CN)")
            action.add_argument("--currency", default="CNY", metavar="CODE", help="ISO 4217 code (default CNY)")


def _add_watch_states(actions: argparse._SubParsersAction) -> None:
    for name, text in (
        ("lost", "tell the bank that the watch is lost: nothing pays and nothing opens it"),
        ("found", "tell the bank that the watch is back"),
        ("wipe", "let the bank erase the watch"),
    ):
        action = _action(actions, name, text)
        action.add_argument("--login", required=True, metavar="NAME", help="customer of the bank")
        if name == "lost":
            action.add_argument("--text", metavar="TEXT", help="what a finder may read, 80 bytes at most")


def _run(arguments: argparse.Namespace) -> int:
    from tapwatch.phone.run import run  # the libraries behind it take a while to import

    return run(arguments)
