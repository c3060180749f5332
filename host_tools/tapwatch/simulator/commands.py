"""`tapwatch sim`: the watch in a browser, or for scripts."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK, UserError

if TYPE_CHECKING:
    from tapwatch.simulator.server import SimulatorServer
    from tapwatch.simulator.watch import SimulatedWatch

_SIZES = ("410x502", "240x240")
_NFC_HELP = "card side: udp:HOST:PORT for nfcpy, vpcd:HOST:PORT for PC/SC (default: udp on a free port)"
_FLAGS = {
    "--headless": "no page, only the interface for scripts and the card side",
    "--demo-wallet": "an unlocked watch with two test cards that re-arms itself",
    "--open": "open the page in a browser",
    "--json": "print the addresses as one line of JSON",
}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `sim`."""
    parser = subparsers.add_parser(
        "sim",
        help="run the watch in a browser, or headless for scripts",
        description="Runs the watch firmware under MicroPython. Opens nothing to the network: the page and the "
        "interface for scripts listen on 127.0.0.1 and want the token that is printed at the start.",
    )
    for flag, text in _FLAGS.items():
        parser.add_argument(flag, action="store_true", help=text)
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep the watch's flash here (default: forget it)")
    parser.add_argument("--size", choices=_SIZES, default=_SIZES[0], help="panel of the watch (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="TCP port of the page (default: any free one)")
    parser.add_argument("--nfc", metavar="ADDRESS", help=_NFC_HELP)
    parser.set_defaults(run=_run)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return port


def _run(arguments: argparse.Namespace) -> int:
    with contextlib.ExitStack() as stack:
        folder = arguments.state
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tapwatch-sim-")))
        return asyncio.run(_serve(arguments, folder))


async def _serve(arguments: argparse.Namespace, folder: Path) -> int:
    """Run the watch and its server until a signal, or in headless mode until the firmware ends."""
    from tapwatch.simulator.options import WatchOptions
    from tapwatch.simulator.server import SimulatorServer
    from tapwatch.simulator.watch import SimulatedWatch

    stop = _stop_signal()
    wallet = {"demo_wallet": True} if arguments.demo_wallet else {}
    options = WatchOptions(size=arguments.size, nfc=arguments.nfc, program_options=wallet)
    async with (
        SimulatedWatch(folder, options) as watch,
        SimulatorServer(watch, port=arguments.port, page=not arguments.headless) as server,
    ):
        _announce(arguments, watch, server)
        if arguments.open and not arguments.headless:
            webbrowser.open(server.page_url)
        problem = await _wait(watch, stop, forever=not arguments.headless)
    if problem is not None:
        raise problem
    return EXIT_OK


def _announce(arguments: argparse.Namespace, watch: SimulatedWatch, server: SimulatorServer) -> None:
    facts = {"url": server.url, "token": server.guard.token, "nfc": watch.nfc}
    if not arguments.headless:
        facts["page"] = server.page_url
    if arguments.json:
        print(json.dumps(facts), flush=True)
        return
    lines = [f"Card side  {watch.nfc}", f"Scripts    {server.url}  (Authorization: Bearer {server.guard.token})"]
    if not arguments.headless:
        lines.insert(0, f"Watch      {server.page_url}")
    print("\n".join(lines), flush=True)


def _stop_signal() -> asyncio.Event:
    """Set by Ctrl-C and by `kill`, so that the watch is stopped in order."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _wait(watch: SimulatedWatch, stop: asyncio.Event, forever: bool) -> UserError | None:
    """Wait for `stop`; unless `forever`, also for the end of the firmware, which is returned."""
    stopping = asyncio.create_task(stop.wait())
    ending = asyncio.create_task(_report_ends(watch, forever))
    await asyncio.wait({stopping, ending}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if ending.done():
        return ending.result()
    ending.cancel()
    return None


async def _report_ends(watch: SimulatedWatch, forever: bool) -> UserError:
    """Wait for the end of the firmware; with `forever` print each one, for the page can switch the watch on again."""
    from tapwatch.simulator.process import WatchOff

    while True:
        problem = await watch.ended()
        if not forever:
            return problem
        if not isinstance(problem, WatchOff):
            print(problem.explain(), file=sys.stderr, flush=True)
        while not watch.alive:
            await asyncio.sleep(0.1)
