"""`tapwatch app profile`: what an app costs on the watch: fuel and memory of each call, widgets, bytes, names."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.apps.develop import key as keys
from tapwatch.errors import EXIT_OK

if TYPE_CHECKING:
    import argparse

    from tapwatch.apps.develop.profile import Profile

HELP = "run an app for a few seconds, touch all there is to touch, and say what each call costs"
_SIZES = ("410x502", "240x240")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "project", type=Path, nargs="?", default=Path(), metavar="DIR", help="folder with app.toml (default: here)"
    )
    keys.add_arguments(parser)
    parser.add_argument("--size", choices=_SIZES, default=_SIZES[0], help="panel of the watch (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print a table."""
    from tapwatch.apps.develop.profile import measure

    key = keys.own_key(arguments.key)
    with tempfile.TemporaryDirectory(prefix="tapwatch-app-") as folder:
        found = asyncio.run(measure(Path(folder), arguments.project, key, arguments.size))
    print(json.dumps(found.record(), indent=2) if arguments.json else _table(found))
    return EXIT_OK


def _table(found: Profile) -> str:
    lines = [f"{'call':<10}{'times':>7}{'fuel':>9}{'at most':>9}{'bytes':>9}{'at most':>9}"]
    lines += [
        f"{row.call:<10}{row.times:>7}{row.fuel_median:>9}{row.fuel_most:>9}{row.bytes_median:>9}{row.bytes_most:>9}"
        for row in found.rows
    ]
    sizes = f"{found.widgets} widgets at most, {found.bundle_bytes} bytes of bundle"
    names = f"{found.pool_names} names of its own, {found.name_bytes} bytes of short texts kept for good"
    lines += [
        "",
        f"What a usual call takes, and the dearest one. A call may use {found.fuel_cap:,} units of fuel.",
        "Bytes: what it allocated, rubbish as well; twice as much as on a watch. `open` loads code and letters too.",
        f"{sizes}, {names}.",
    ]
    return "\n".join([*lines, *(["", "It said:", *found.said] if found.said else [])])
