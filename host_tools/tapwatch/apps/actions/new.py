"""`tapwatch app new`: a project to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK

if TYPE_CHECKING:
    import argparse

HELP = "make a project to begin with: an app or a watch face that runs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("name", metavar="NAME", help="id of the app: small letters, digits and `_`")
    parser.add_argument("--face", action="store_true", help="a watch face instead of an app")
    parser.add_argument(
        "--into", type=Path, default=Path(), metavar="DIR", help="where its folder goes (default: here)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the folder and say what comes next."""
    from tapwatch.apps.scaffold import write

    folder = write(arguments.into, arguments.name, "face" if arguments.face else "app")
    print(f"{folder}: edit app.py, then `tapwatch app check {folder}` and `tapwatch app run {folder}`")
    return EXIT_OK
