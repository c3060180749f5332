"""`tapwatch app logs`: what apps print on a watch, with tracebacks in the lines of their source."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.apps.develop import link
from tapwatch.errors import EXIT_OK, UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

HELP = "print what apps say on a simulator that runs, or on a watch by Bluetooth"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "apps",
        type=Path,
        nargs="*",
        metavar="APP",
        help="folders or maps (NAME.map.json) of apps, for tracebacks in the lines of their source",
    )
    link.add_arguments(parser)
    parser.add_argument("--follow", action="store_true", help="go on until stopped")


def run(arguments: argparse.Namespace) -> int:
    """Print the lines there are, or all that come."""
    asyncio.run(_logs(arguments))
    return EXIT_OK


async def _logs(arguments: argparse.Namespace) -> None:
    from tapwatch.apps.develop.lines import LogReader

    async with link.opened(arguments) as apps:
        reader = LogReader(apps)
        for path in arguments.apps:
            app, made = _map_of(path)
            reader.maps[app] = made
        if not arguments.follow:
            print("\n".join(await reader.new()) or "Nothing was printed.")
            return
        async for line in reader.follow():
            print(line, flush=True)


def _map_of(path: Path) -> tuple[str, Mapping[str, object]]:
    """Id of an app, and its map: from a map's file, or by compiling its folder. Raises UserError."""
    from tapwatch.apps.develop.bundles import map_in

    if path.is_dir():
        from tapwatch.apps import pack, project

        source = project.load(path)
        return source.fields.id, pack.build(source).map
    name, _, ending = path.name.partition(".")
    if ending != "map.json":
        raise UserError(f"{path} is no map.", "Name the folder of the app, or NAME.map.json beside its bundle.")
    return name, map_in(path)
