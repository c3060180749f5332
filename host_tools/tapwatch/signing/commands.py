"""The subcommand `tapwatch keys`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from tapwatch.signing.keys import PrivateKey


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommand."""
    keys = subparsers.add_parser("keys", help="make and show signing keys", description="Make and show signing keys.")
    actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in (("new", "make a key and write it to a file"), ("show", "print the public key of a file")):
        action = actions.add_parser(name, help=text, description=text.capitalize() + ".")
        action.add_argument("file", help="a PEM file")
        action.add_argument("--password", action="store_true", help="ask for a password that locks the file")
        action.add_argument("--json", action="store_true", help="print JSON")
        action.set_defaults(run=_new if name == "new" else _show)


def _new(arguments: argparse.Namespace) -> int:
    from tapwatch.signing.keys import PrivateKey

    key = PrivateKey.generate()
    key.save(arguments.file, _password(arguments, confirm=True))
    return _print(key, arguments.json)


def _show(arguments: argparse.Namespace) -> int:
    from tapwatch.signing.keys import PrivateKey

    return _print(PrivateKey.load(arguments.file, _password(arguments, confirm=False)), arguments.json)


def _password(arguments: argparse.Namespace, confirm: bool) -> bytes | None:
    from getpass import getpass

    from tapwatch.errors import EXIT_USAGE, UserError

    if not arguments.password:
        return None
    password = getpass("Password: ")
    if not password or (confirm and getpass("Again: ") != password):
        raise UserError("the password is empty or the two differ", "", EXIT_USAGE)
    return password.encode()


def _print(key: PrivateKey, as_json: bool) -> int:
    import json

    facts = {"key_id": key.key_id.hex(), "public": key.public.hex()}
    print(json.dumps(facts) if as_json else "\n".join(f"{name:<7} {value}" for name, value in facts.items()))
    return 0
