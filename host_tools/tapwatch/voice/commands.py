"""`tapwatch voice`: its subcommands, each in a module of its own."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

SUBCOMMANDS = (
    "tapwatch.voice.training.command",
    "tapwatch.voice.testing.command",
    "tapwatch.voice.say",
)
"""Modules with a `register(subparsers)`, in the order of the help. They import what is dear when they run."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `voice`."""
    parser = subparsers.add_parser(
        "voice",
        help="train, test and try the recogniser of spoken words",
        description="The recogniser is trained on synthetic words, judged on people, tried in the simulator.",
    )
    inner = parser.add_subparsers(dest="voice_command", required=True, metavar="COMMAND")
    for name in SUBCOMMANDS:
        if _exists(name):
            importlib.import_module(name).register(inner)


def _exists(name: str) -> bool:
    parent = name.rpartition(".")[0]
    return importlib.util.find_spec(parent) is not None and importlib.util.find_spec(name) is not None
