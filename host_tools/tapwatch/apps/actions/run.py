"""`tapwatch app run`: the app on a simulated watch, anew after every change of its files."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import tempfile
import webbrowser
from pathlib import Path

from tapwatch.apps.develop import key as keys
from tapwatch.errors import EXIT_OK, EXIT_USAGE, UserError

HELP = "show an app on a simulated watch in the browser, anew after every change of its files"
_LAST_PORT = 65_535
_SIZES = ("410x502", "240x240")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "project", type=Path, nargs="?", default=Path(), metavar="DIR", help="folder with app.toml (default: here)"
    )
    keys.add_arguments(parser)
    parser.add_argument("--size", choices=_SIZES, default=_SIZES[0], help="panel of the watch (default: %(default)s)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep the watch here (default: forget it)")
    parser.add_argument("--port", type=_port, default=0, help="TCP port of the page (default: any free one)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is 0 to {_LAST_PORT}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Follow the files until stopped."""
    if not (arguments.project / "app.toml").is_file():
        hint = "make one with `tapwatch app new NAME`, or name its folder"
        raise UserError(f"{arguments.project} is no project: it has no app.toml", hint, EXIT_USAGE)
    with contextlib.ExitStack() as stack:
        folder = arguments.state
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tapwatch-app-")))
        asyncio.run(_run(arguments, folder))
    return EXIT_OK


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    from tapwatch.apps.develop.live import follow, live
    from tapwatch.simulator.announced import announced
    from tapwatch.simulator.server import SimulatorServer

    task = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel if task is not None else _nothing)
    with contextlib.suppress(asyncio.CancelledError):
        async with (
            live(folder, keys.own_key(arguments.key), arguments.size) as running,
            SimulatorServer(running.stage.watch, port=arguments.port) as server,
        ):
            with announced(server.url, server.guard.token):
                print(f"Watch  {server.page_url}", flush=True)
                if arguments.open:
                    webbrowser.open(server.page_url)
                await follow(running, arguments.project, _say)


def _say(text: str) -> None:
    print(text, flush=True)


def _nothing() -> None:
    """There is no task to stop."""
