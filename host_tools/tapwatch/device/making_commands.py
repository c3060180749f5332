"""The arguments of `tapwatch provision-device` and `tapwatch factory`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tapwatch.flashing.esptool_run import BAUD

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_EPILOG = """docs/factory.md has the whole way, and what a mistake costs. Cut off anywhere: the same command again."""


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the two subcommands."""
    _add_provision(subparsers)
    _add_factory(subparsers)


def _add_provision(subparsers: argparse._SubParsersAction) -> None:
    one = subparsers.add_parser(
        "provision-device",
        help="give a watch on USB its manufacturer and its serial number",
        description="A watch makes its key itself; the root certifies it, and the watch takes the root. Once for each "
        "watch.",
        epilog=_EPILOG,
    )
    one.add_argument("--board", required=True, metavar="NAME", help="what it is, as its folder in board/ is called")
    one.add_argument("--serial", metavar="S", help="its serial number (default: made of its device id)")
    one.add_argument("--ca", "--keys", dest="keys", metavar="DIR", help="the folder of keys with the root")
    one.add_argument("--root", metavar="NAME", help="the root key (default: the only one of the folder)")
    one.add_argument(
        "--trust", metavar="FILE", action="append", default=[], help="certificate of a token service; may be repeated"
    )
    one.add_argument(
        "--efuse", action="store_true", help="first burn a device secret into the chip; cannot be undone, asks before"
    )
    one.add_argument("--out", metavar="DIR", default="receipts", help="folder for the receipt (default %(default)s)")
    one.add_argument("--json", action="store_true", help="print JSON")
    one.add_argument("--port", metavar="PORT", help="the serial port (default: looked for by its USB numbers)")
    _common(one)
    one.set_defaults(run=_runner("provision_device", "provision_device"))


def _add_factory(subparsers: argparse._SubParsersAction) -> None:
    many = subparsers.add_parser(
        "factory",
        help="make watches of a batch, or wipe one that came back",
        description="Flash, provision and test watches one after the other, with serial numbers that count up; a CSV "
        "file beside the batch keeps what became of each.",
        epilog=_EPILOG,
    )
    many.add_argument("--batch", required=True, metavar="FILE.toml", help="what the watches have in common")
    many.add_argument("--rma", action="store_true", help="one that came back: revoke its certificate, wipe, write anew")
    many.add_argument("--count", type=int, default=1, metavar="N", help="so many rounds, asking between them")
    many.add_argument("--port", metavar="PORT", action="append", help="may be repeated: one watch on each in a round")
    _common(many)
    many.set_defaults(run=_runner("factory", "factory"))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--module", metavar="FILE", help="library of tokens (default: the variable PKCS11_MODULE)")
    parser.add_argument("--password-file", metavar="FILE", help="its first line is the password or PIN of the root")
    parser.add_argument("--baud", type=int, default=BAUD, help="speed of a UART (%(default)s)")
    parser.add_argument("--no-stub", action="store_true", help="esptool without its own program in the chip: slower")


def _runner(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        return getattr(importlib.import_module(f"tapwatch.device.{module}"), name)(arguments)

    return run
