"""The subcommands `tapwatch build`, `tapwatch boards` and `tapwatch image`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

MACHINES = ("xtensawin", "x64")
_IMAGE_EPILOG = """docs/building.md has the whole way of a release; docs/updates.md has the bytes."""


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommands."""
    _add_build(subparsers)
    _command(subparsers, "boards", "show the boards that there are", "board_table")
    text = "sign, show, check and compare system images, make deltas of them"
    image = subparsers.add_parser("image", help=text, description=f"{text.capitalize()}.", epilog=_IMAGE_EPILOG)
    actions = image.add_subparsers(dest="action", required=True, metavar="ACTION")
    for add in (_add_sign, _add_show, _add_verify, _add_delta, _add_apply, _add_diff):
        add(actions)


def _runner(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        return getattr(importlib.import_module(f"tapwatch.images.{module}"), name)(arguments)

    return run


def _command(subparsers: argparse._SubParsersAction, name: str, text: str, module: str) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_runner(module, name))
    return parser


def _keys(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keys", metavar="DIR", help="the folder of keys (default ~/.config/tapwatch/keys)")
    parser.add_argument("--module", metavar="FILE", help="library of tokens (default: the variable PKCS11_MODULE)")
    parser.add_argument("--password-file", metavar="FILE", help="its first line is the password or PIN")


def _add_build(subparsers: argparse._SubParsersAction) -> None:
    build = _command(subparsers, "build", "make the system image of a board", "making")
    build.add_argument("--board", metavar="NAME", required=True, help="its folder in board/")
    build.add_argument("--release", action="store_true", help="for people: no REPL, two update keys must sign")
    build.add_argument("--version", metavar="X.Y.Z", default="", help="(default: that of pyproject.toml)")
    build.add_argument("--floor", metavar="X.Y.Z", default="", help="lowest version that may follow (default 0.0.0)")
    build.add_argument("--out", metavar="DIR", default="build/images", help="(default %(default)s)")
    build.add_argument("--brand", metavar="FILE", default="", help="a branding.toml: your own name on the watch")
    build.add_argument("--source", metavar="DIR", help="another source tree than that of this program")
    build.add_argument("--march", choices=MACHINES, default=MACHINES[0], help="machine code (default %(default)s)")
    text = "sign with this update key of the folder, may be repeated (default: the key of development builds)"
    build.add_argument("--key", metavar="NAME", action="append", default=[], help=text)
    _keys(build)


def _add_sign(actions: argparse._SubParsersAction) -> None:
    sign = _command(actions, "sign", "add a signature to an image", "signing_actions")
    sign.add_argument("image", metavar="IMAGE")
    sign.add_argument("--key", metavar="NAME", help="with this update key of the folder (default: the only one)")
    sign.add_argument("--out", metavar="FILE", help="write there (default: in the place of IMAGE)")
    _keys(sign)


def _add_show(actions: argparse._SubParsersAction) -> None:
    show = _command(actions, "show", "print what an image says and what is in it, unchecked", "reading_actions")
    show.add_argument("image", metavar="IMAGE")
    show.add_argument("--files", action="store_true", help="every file")


def _add_verify(actions: argparse._SubParsersAction) -> None:
    verify = _command(actions, "verify", "check an image: signatures, threshold, every byte", "signing_actions")
    verify.add_argument("image", metavar="IMAGE")
    text = "the root, by name, NAME.pub or public key (default: the root of development builds)"
    verify.add_argument("--root", metavar="NAME|FILE|HEX", help=text)
    verify.add_argument("--revocations", metavar="FILE", help="a revocation list of the root")
    verify.add_argument("--at", metavar="TIME", help="day or seconds since 1970 (default: now)")
    verify.add_argument("--keys", metavar="DIR", help="the folder of keys (default ~/.config/tapwatch/keys)")
    verify.set_defaults(module=None)


def _add_delta(actions: argparse._SubParsersAction) -> None:
    delta = _command(actions, "delta", "make the delta from one image to another, if it pays", "delta_actions")
    delta.add_argument("old", metavar="OLD", help="the image that a watch runs")
    delta.add_argument("new", metavar="NEW", help="the image that it shall run, with all its signatures")
    delta.add_argument("--out", metavar="FILE", required=True, help="the delta")
    delta.add_argument("--always", action="store_true", help="even if it is hardly smaller than the image")


def _add_apply(actions: argparse._SubParsersAction) -> None:
    apply = _command(actions, "apply", "make an image of another one and a delta, as a watch does", "delta_actions")
    apply.add_argument("old", metavar="OLD", help="the image that the delta starts from")
    apply.add_argument("delta", metavar="DELTA")
    apply.add_argument("--out", metavar="FILE", required=True, help="the image")


def _add_diff(actions: argparse._SubParsersAction) -> None:
    diff = _command(actions, "diff", "say in what two images differ, but for their signatures", "reading_actions")
    diff.add_argument("old", metavar="IMAGE")
    diff.add_argument("new", metavar="OTHER")
