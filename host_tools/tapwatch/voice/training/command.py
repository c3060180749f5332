"""`tapwatch voice train`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tapwatch.voice.training.sizes import SIZES
from tapwatch.voice.training.stages import STAGES


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `train`."""
    parser = subparsers.add_parser(
        "train",
        help="make a file of weights from synthetic words",
        description="Speaks the words with synthetic voices, spoils the sound as rooms do, asks a teacher about it, "
        "and trains and calibrates a network small enough for the watch. Every stage can be stopped and goes on.",
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for all that is made; the same one goes on")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="(%(default)s)")
    parser.add_argument("--stage", choices=STAGES, action="append", help="only this stage; may be repeated")
    parser.add_argument("--size", choices=tuple(SIZES), default="full", help="how much (%(default)s)")
    parser.add_argument("--minutes", type=float, help="stop the stage after this long; what is made is kept")
    parser.add_argument("--seed", type=int, default=0, help="of everything that is drawn by lot (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="of one thread each (%(default)s)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from tapwatch.voice.training.stages import run

    return run(arguments)
