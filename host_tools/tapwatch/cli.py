"""The `tapwatch` command. Each room adds its own subcommands; what they need is imported when they run."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import logging
import sys
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOMS = (
    "demo",
    "stage",
    "terminal",
    "phone",
    "bank",
    "store",
    "signing",
    "apps",
    "images",
    "flashing",
    "device",
    "update",
    "power",
    "voice",
)
"""Packages of `tapwatch` with a `commands.py`, in the order of the help."""
_INTERRUPTED = 130  # what shells report for Ctrl-C


def build_parser() -> argparse.ArgumentParser:
    """The parser with the subcommands of every room."""
    parser = argparse.ArgumentParser(
        prog="tapwatch",
        description="A payment smartwatch anyone can build, read and test: its simulator, terminal, bank and tools.",
        epilog="Exit codes: 0 done, 1 declined or a check failed, 2 wrong usage, 3 something around it is missing.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in ROOMS:
        name = f"tapwatch.{room}.commands"
        if importlib.util.find_spec(f"tapwatch.{room}") and importlib.util.find_spec(name):
            importlib.import_module(name).register(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code."""
    try:
        parsed = build_parser().parse_args(arguments)
        logging.getLogger("bumble").setLevel(logging.CRITICAL)  # what a person can act on comes as a UserError
        return parsed.run(parsed)
    except UserError as error:
        print(error.explain(), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("tapwatch: stopped", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; the interpreter must not complain at exit
        return EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
