"""Runs what `tapwatch sim` promises: the stage, the phone in the pocket, and the page."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.bank import demo_customer
from tapwatch.errors import EXIT_OK, EXIT_USAGE, UserError
from tapwatch.images import boards
from tapwatch.simulator.announced import announced
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.process import WatchOff
from tapwatch.simulator.server import SimulatorServer
from tapwatch.stage.app_store import served
from tapwatch.stage.companion import companion
from tapwatch.stage.errands import errands_of
from tapwatch.stage.stage import DEMO_PROGRAM, LOOPBACK, PASSCODE, Stage
from tapwatch.terminal import amount
from tapwatch.terminal.readers.port import NoCard
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.show.page import page_result

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from tapwatch.simulator.tapping import Tap, TapResult
    from tapwatch.simulator.watch import SimulatedWatch


_ANTENNA = "udp:"
_READY_S = 20.0
"""A demo wallet and a worn watch are announced with their cards; after this time without them, so that one sees why."""


def run_sim(arguments: argparse.Namespace) -> int:
    """Run until a signal. Returns the exit code; raises UserError."""
    with contextlib.ExitStack() as stack:
        folder = arguments.state
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tapwatch-sim-")))
        return asyncio.run(_serve(arguments, folder))


async def _serve(arguments: argparse.Namespace, folder: Path) -> int:
    """Run the stage and the server until a signal, or in headless mode until the firmware ends."""
    stop, page = _stop_signal(), not arguments.headless
    async with (
        Stage(folder, _options(arguments), PASSCODE) as stage,
        companion(stage),
        _hci(arguments.hci, stage.watch) as hci,
        served(stage.app_store(), stage.manufacturer.developer) as apps,
        SimulatorServer(stage.watch, terminal_of(stage), arguments.port, page, errands_of(stage), apps) as server,
    ):
        if arguments.demo_wallet:
            await stage.until_armed(_READY_S)
        elif arguments.worn:
            await stage.put_on(_READY_S)
        with announced(server.url, server.guard.token):
            _announce(arguments, stage, server, hci)
            if arguments.open and not arguments.headless:
                webbrowser.open(server.page_url)
            problem = await _wait(stop, stage.watch, forever=not arguments.headless)
    if problem is not None:
        raise problem
    return EXIT_OK


def _options(arguments: argparse.Namespace) -> WatchOptions:
    size = boards.read(arguments.board).glass if arguments.board else arguments.size
    options = WatchOptions(size, arguments.board, arguments.nfc, without=tuple(arguments.without))
    if not arguments.demo_wallet:
        return options
    return dataclasses.replace(options, program=DEMO_PROGRAM, program_options={"passcode": PASSCODE})


def terminal_of(stage: Stage) -> Tap | None:
    """The terminal of the page; none when the card side belongs to somebody else's reader."""
    if not stage.watch.nfc.startswith(_ANTENNA):
        return None

    async def tap(price: str, currency: str) -> TapResult:
        request = TapRequest(amount.parse(price, currency))
        try:
            return page_result(await stage.tap(request))
        except NoCard as problem:
            raise UserError("The terminal found no watch.", "Is it switched on?", EXIT_USAGE) from problem

    return tap


@contextlib.asynccontextmanager
async def _hci(address: str | None, watch: SimulatedWatch) -> AsyncIterator[str | None]:
    """Serve HCI at this address while the block runs; gives the address with its real port, None for no address."""
    if address is None:
        yield None
        return
    from tapwatch.simulator.radio.hci_server import HciServer, is_loopback  # here: Bumble takes 0.4 s to import

    async with HciServer(watch.air, address) as server:
        if not is_loopback(server.host):
            print(f"tapwatch: {server.address} is open to everybody on this network.", file=sys.stderr, flush=True)
        yield server.address


def _announce(arguments: argparse.Namespace, stage: Stage, server: SimulatorServer, hci: str | None) -> None:
    bank, keys = f"{LOOPBACK}:{stage.bank.iso_port}", str(stage.issuer_keys)
    facts = {"url": server.url, "token": server.guard.token, "nfc": stage.watch.nfc, "bank": bank, "keys": keys}
    facts["store"] = server.apps_url
    if arguments.board:
        facts["board"] = arguments.board
    if arguments.worn:
        facts["passcode"] = PASSCODE
    if hci:
        facts |= {"hci": hci} | _for_phones(stage)
    if not arguments.headless:
        facts["page"] = server.page_url
    if arguments.json:
        print(json.dumps(facts), flush=True)
        return
    lines = [f"Board      {arguments.board}, as it is flashed, on virtual hardware"] if arguments.board else []
    lines += [f"Card side  {stage.watch.nfc}", f"Store      {server.apps_url}"]
    lines += [f"Bank       {bank}  (ISO 8583, for --bank of tapwatch tap and tapwatch scan)", f"Test keys  {keys}"]
    if hci:
        lines.append(f"Bluetooth  {hci}  (HCI, for a host stack of your own)")
        lines.append(f"Phone      tapwatch phone pair --watch hci:{hci} --bank {facts['bank_url']}")
        lines.append(f"           then: add-card --login {facts['customer']} --card N  (password {facts['password']})")
        lines += [f"           {name}: {card}" for name, card in facts.items() if name.startswith("card ")]
        lines.append(f"           codes of the bank arrive at {facts['messages']}")
        lines.append(f"           apps: buy water --store {server.apps_url}")
    lines += [f"Scripts    {server.url}  (Authorization: Bearer {server.guard.token})"]
    if not arguments.headless:
        lines.insert(0, f"Watch      {server.page_url}")
    lines += _first_steps(arguments)
    print("\n".join(lines), flush=True)


def _first_steps(arguments: argparse.Namespace) -> list[str]:
    """What whoever sits in front of it may do now."""
    if arguments.worn:
        return [
            f"Passcode   {PASSCODE}, for when it locks. It is worn, unlocked, not armed, and has its test cards.",
            "Press the side button twice, then tap. Or speak to it: tapwatch voice say timer",
        ]
    if arguments.headless or arguments.demo_wallet:
        return []
    return ["Choose a passcode on the watch; test cards follow. Press the side button twice, then tap."]


def _for_phones(stage: Stage) -> dict[str, str]:
    """Where the bank has its customers, and one with cards that are on no watch yet."""
    url = f"http://{LOOPBACK}:{stage.bank.http_port}"
    return {"bank_url": url, "messages": url + stage.bank.messages_path, **demo_customer.ensure(stage.bank)}


def _stop_signal() -> asyncio.Event:
    """Set when somebody asks the program to stop; listened for before anything is announced."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _wait(stop: asyncio.Event, watch: SimulatedWatch, forever: bool) -> UserError | None:
    """Wait until asked to stop; unless `forever`, also for the end of the firmware, which is returned."""
    stopping = asyncio.create_task(stop.wait())
    ending = asyncio.create_task(_report_ends(watch, forever))
    await asyncio.wait({stopping, ending}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if ending.done():
        return ending.result()
    ending.cancel()
    return None


async def _report_ends(watch: SimulatedWatch, forever: bool) -> UserError:
    """Wait for the end of the firmware; with `forever` print each one, for the page can switch the watch on again.

    A watch that is switched off on purpose is about to be switched on.
    """
    while True:
        problem = await watch.ended()
        if not isinstance(problem, WatchOff):
            if not forever:
                return problem
            print(problem.explain(), file=sys.stderr, flush=True)
        while not watch.alive:
            await asyncio.sleep(0.1)
