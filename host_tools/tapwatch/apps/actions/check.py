"""`tapwatch app check`: every fault of a project, as a compiler tells them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    import argparse

HELP = "say what is wrong with a project: FILE:LINE:COLUMN: rule: what to do"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "project", type=Path, nargs="?", default=Path(), metavar="DIR", help="folder with app.toml (default: here)"
    )
    parser.add_argument("--json", action="store_true", help="print the faults as a JSON list")


def run(arguments: argparse.Namespace) -> int:
    """Pack, and throw the bundle away."""
    from tapwatch.apps import pack, project
    from tapwatch.apps.faults import PackProblem

    faults = ()
    try:
        pack.build(project.load(arguments.project))
    except PackProblem as problem:
        faults = problem.faults
    if arguments.json:
        print(json.dumps([fault.record() for fault in faults], indent=2, ensure_ascii=False))
    else:
        for fault in faults:
            print(fault)
        print(f"{len(faults)} faults" if len(faults) != 1 else "1 fault")
    return EXIT_FAILED if faults else EXIT_OK
