"""The subcommands `tapwatch keys`, `tapwatch sign` and `tapwatch verify`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

ROLES = ("root", "store", "token-service", "developer", "update", "device")
_KEYS_EPILOG = """A key is a file NAME.key in the folder of keys, under a password or naming a token; NAME.pub is its
public half, NAME.cert its certificate. Passwords are typed, or are the first line of a file; never part of a command
line. docs/keys.md says who should hold which key."""


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommands."""
    keys = subparsers.add_parser(
        "keys",
        help="make, certify, rotate and revoke signing keys",
        description="Make, certify, rotate and revoke signing keys.",
        epilog=_KEYS_EPILOG,
    )
    actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION")
    for add in (_add_new, _add_show, _add_list, _add_password, _add_to_token):
        add(actions)
    for add in (_add_certify, _add_revoke, _add_revocations, _add_rotate):
        add(actions)
    _add_sign(subparsers)
    _add_verify(subparsers)


def _runner(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        return getattr(importlib.import_module(f"tapwatch.signing.{module}"), name)(arguments)

    return run


def _action(
    actions: argparse._SubParsersAction, name: str, text: str, run: tuple[str, str], opens: bool = True
) -> argparse.ArgumentParser:
    """One command with what all have. `run`: module and function; `opens`: it uses a private key."""
    action = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    action.add_argument("--keys", metavar="DIR", help="the folder of keys (default ~/.config/tapwatch/keys)")
    action.add_argument("--json", action="store_true", help="print JSON")
    action.add_argument("--module", metavar="FILE", help="library of tokens (default: the variable PKCS11_MODULE)")
    if opens:
        action.add_argument("--password-file", metavar="FILE", help="its first line is the password or PIN")
    action.set_defaults(run=_runner(*run), password_file=None)
    return action


def _new_key(action: argparse.ArgumentParser) -> None:
    action.add_argument("--token", metavar="URI", help="make it in a token: pkcs11:token=LABEL;object=NAME")
    action.add_argument("--password", action="store_true", help="ask for a password where none is necessary")
    action.add_argument("--no-password", action="store_true", help="a file that opens without a password")


def _add_new(actions: argparse._SubParsersAction) -> None:
    new = _action(actions, "new", "make a key", ("actions", "new"))
    new.add_argument("role", choices=ROLES, help="what it is for: %(choices)s", metavar="ROLE")
    new.add_argument("name", metavar="NAME", help="what it is called in the folder")
    _new_key(new)


def _add_show(actions: argparse._SubParsersAction) -> None:
    one = _action(actions, "show", "print what is public of a key", ("actions", "show_key"))
    one.add_argument("name", metavar="NAME", help="a key of the folder, or a file NAME.pub")
    one.add_argument("--open", action="store_true", help="open the private key as well, to see that it can be used")


def _add_list(actions: argparse._SubParsersAction) -> None:
    _action(actions, "list", "list the keys, and what each root has certified", ("actions", "list_keys"), False)


def _add_password(actions: argparse._SubParsersAction) -> None:
    change = _action(actions, "password", "change the password of a key file", ("actions", "password"))
    change.add_argument("name", metavar="NAME")
    change.add_argument("--new-password-file", metavar="FILE", help="its first line is the new password")
    change.add_argument("--no-password", action="store_true", help="take the password away")
    change.add_argument("--force", action="store_true", help="even from a key that should have one")


def _add_to_token(actions: argparse._SubParsersAction) -> None:
    move = _action(actions, "to-token", "bring a key from its file into a token", ("actions", "to_token"))
    move.add_argument("name", metavar="NAME")
    move.add_argument("--token", metavar="URI", required=True, help="pkcs11:token=LABEL;object=NAME")
    move.add_argument("--backup", metavar="FILE", required=True, help="the key file goes there, under its password")
    move.add_argument("--pin-file", metavar="FILE", help="its first line is the PIN")


def _add_certify(actions: argparse._SubParsersAction) -> None:
    certify = _action(actions, "certify", "sign a certificate with the root", ("root_actions", "certify"))
    certify.add_argument("name", metavar="NAME", help="a key of the folder, or a file NAME.pub that was sent")
    _root(certify)
    certify.add_argument("--title", metavar="TEXT", help="name in the certificate (default: that of the key)")
    certify.add_argument("--id", metavar="ID", help="maker of apps, for a developer")
    certify.add_argument("--url", metavar="URL", help="where a bank or a store is found")
    certify.add_argument("--attribute", metavar="NAME=VALUE", action="append", default=[], help="something else")
    certify.add_argument("--from", dest="begin", metavar="TIME", help="day or seconds since 1970 (default: now)")
    certify.add_argument("--days", type=int, default=0, metavar="N", help="how long it is good (default: by role)")
    certify.add_argument("--out", metavar="FILE", help="the certificate (default: NAME.cert beside the key)")


def _add_revoke(actions: argparse._SubParsersAction) -> None:
    revoke = _action(actions, "revoke", "sign a new revocation list with the root", ("root_actions", "revoke"))
    revoke.add_argument(
        "what", metavar="WHAT", nargs="*", help="serial number, key, certificate, bundle, or digest of a manifest"
    )
    _root(revoke)
    revoke.add_argument("--drop", type=int, action="append", default=[], metavar="SERIAL", help="one that has ended")
    revoke.add_argument("--from", dest="begin", metavar="TIME", help="time of the list (default: now)")
    revoke.add_argument("--out", metavar="FILE", help="write the list there as well")


def _add_revocations(actions: argparse._SubParsersAction) -> None:
    text = "print the latest revocation list"
    _root(_action(actions, "revocations", text, ("root_actions", "show_revocations"), False))


def _add_rotate(actions: argparse._SubParsersAction) -> None:
    rotate = _action(actions, "rotate", "make a key in the place of another", ("root_actions", "rotate"))
    rotate.add_argument("name", metavar="OLD", help="the key that is replaced; it stays in the folder")
    rotate.add_argument("to", metavar="NEW", help="name of the new one")
    _root(rotate, "certify it at once with this root of the same folder")
    rotate.add_argument("--root-password-file", metavar="FILE", help="its first line is the password of the root")
    rotate.add_argument("--days", type=int, default=0, metavar="N", help="how long it is good (default: by role)")
    _new_key(rotate)


def _root(action: argparse.ArgumentParser, text: str = "name of the root (default: the only one)") -> None:
    action.add_argument("--root", metavar="NAME", help=text)


def _add_sign(subparsers: argparse._SubParsersAction) -> None:
    sign = _action(subparsers, "sign", "sign a bundle or an envelope anew", ("sign", "sign"))
    sign.add_argument("file", metavar="FILE", help="a bundle, or an envelope of docs/formats.md")
    sign.add_argument("--key", metavar="NAME", help="sign with this key of the folder")
    sign.add_argument("--store", metavar="NAME", help="countersign a bundle as this store")
    sign.add_argument("--payee", metavar="ACCOUNT,NAME,COUNTRY,CURRENCY", help="who is paid through the app")
    sign.add_argument("--certificate", metavar="FILE", help="of the key (default: NAME.cert, if it is there)")
    sign.add_argument("--out", metavar="FILE", help="write there (default: in the place of FILE)")


def _add_verify(subparsers: argparse._SubParsersAction) -> None:
    verify = _action(subparsers, "verify", "check a bundle or an envelope, link by link", ("verify", "verify"), False)
    verify.add_argument("file", metavar="FILE", help="a bundle, or an envelope of docs/formats.md")
    verify.add_argument("--root", metavar="NAME|FILE|HEX", help="the root, by name, NAME.pub or public key")
    verify.add_argument("--signer", metavar="FILE|HEX", help="who signed: certificate, NAME.pub or public key")
    verify.add_argument("--revocations", metavar="FILE", help="a revocation list (default: the latest of the root)")
    verify.add_argument("--at", metavar="TIME", help="day or seconds since 1970 (default: now)")
