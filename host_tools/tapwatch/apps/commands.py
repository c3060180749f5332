"""The subcommand `tapwatch app`: a table of actions, each in a module of `tapwatch.apps.actions`.

A module of an action has `HELP`, `add_arguments(parser)` and `run(arguments) -> int`; what its work needs is imported
when it runs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

ACTIONS = ("new", "run", "check", "pack", "sign", "install", "logs", "profile", "publish")
"""In the order of the help."""


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommand."""
    text = "make an app or a watch face: new, run, check, pack, sign, install, logs, profile, publish"
    app = subparsers.add_parser("app", help=text, description="Make apps and watch faces.")
    actions = app.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name in ACTIONS:
        module = importlib.import_module(f"tapwatch.apps.actions.{name}")
        action = actions.add_parser(name, help=module.HELP, description=module.HELP[0].upper() + module.HELP[1:] + ".")
        module.add_arguments(action)
        action.set_defaults(run=module.run)
