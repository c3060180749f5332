"""`tapwatch demo`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    import argparse

_SIZES = ("410x502", "240x240")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `demo`."""
    parser = subparsers.add_parser(
        "demo",
        help="set up a watch, put cards on it, pay in five ways, install an app",
        description="Starts the bank and the watch firmware, provisions the watch, sets its passcode, issues test "
        "tokens, and pays: by two taps, by a code that a scanner reads, by a merchant's code, and at a gate. In "
        "between it installs an app of the store and opens it. A second run goes on from the state of the first.",
    )
    parser.add_argument("--state", type=Path, default=Path("build/state"), help="where all is kept (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("build/demo"), help="receipts and pictures (%(default)s)")
    parser.add_argument("--size", choices=_SIZES, default=_SIZES[0], help="panel of the watch (%(default)s)")
    parser.add_argument("--amount", default="12.34", help="amount of each payment (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print the receipts as JSON instead of the summary")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from tapwatch.demo.script import run_demo
    from tapwatch.demo.summary import page
    from tapwatch.simulator.options import WatchOptions

    options = WatchOptions(size=arguments.size)
    story = asyncio.run(run_demo(arguments.state, arguments.out, options, arguments.amount))
    receipts = [result.receipt.to_json() for result in story.results]
    print(json.dumps(receipts, indent=2) if arguments.json else page(story))
    return EXIT_OK if story.good else EXIT_FAILED
