"""`tapwatch app install`: an app onto a watch, from its folder or its bundle."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.apps.develop import key as keys
from tapwatch.apps.develop import link
from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError

if TYPE_CHECKING:
    import argparse

    from tapwatch.apps.develop.bundles import Made
    from tapwatch.phone.app_desk import AppDesk

HELP = "bring an app to a simulator that runs, or to a watch by Bluetooth"
_ASKS = "Answer on the watch."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("app", type=Path, metavar="APP", help="folder with app.toml, or a bundle")
    keys.add_arguments(parser)
    link.add_arguments(parser)
    parser.add_argument("--enrol", action="store_true", help="first ask the watch to trust your key (developer mode)")
    parser.add_argument("--name", metavar="NAME", help="with --enrol: what the watch shall call you")
    parser.add_argument("--open", action="store_true", help="open it afterwards")


def run(arguments: argparse.Namespace) -> int:
    """Pack if need be, bring it, and wait for the wearer."""
    return asyncio.run(_install(arguments))


async def _install(arguments: argparse.Namespace) -> int:
    from tapwatch.apps.develop.bundles import loaded, packed

    key = keys.own_key(arguments.key)
    made = packed(arguments.app, key) if arguments.app.is_dir() else loaded(arguments.app)
    async with link.opened(arguments) as apps:
        if arguments.enrol:
            print(f"The watch asks whether it shall trust the key {keys.grouped(key)}. {_ASKS}", flush=True)
            if not await apps.enrol(key.public, arguments.name or keys.own_name()):
                raise UserError("The watch does not trust the key.", "Its wearer said no, or nothing.", EXIT_FAILED)
        await _bring(apps, made)
        if arguments.open:
            await apps.open(made.app)
    return EXIT_OK


async def _bring(apps: AppDesk, made: Made) -> None:
    from tapwatch.phone.app_desk import ASKED
    from tapwatch.phone.progress import Bar

    bar = Bar(made.app, sys.stderr)

    def told(state: str) -> None:
        bar.end()
        if state == ASKED:
            print(_ASKS, flush=True)

    await apps.install(made.data, bar, told)
    print(f"{made.app} is on the watch ({len(made.data)} bytes).")
