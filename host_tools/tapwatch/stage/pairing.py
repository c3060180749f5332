"""The wearer lets a phone in: the settings, the choice of a role, six digits on both sides."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.phone.carrier import Carrier
from tapwatch.phone.relay import HELLO
from tapwatch.stage.traffic import CountedPipe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tapwatch.phone.ble.bumble_host import BumbleHost
    from tapwatch.simulator.watch import SimulatedWatch
    from tapwatch.stage.traffic import Traffic
    from tapwatch.stage.wearer import Wearer

_READING_S = 1.2
"""The watch takes no agreement to digits that were shown for less than a second."""


async def open_bluetooth(watch: SimulatedWatch, wearer: Wearer) -> None:
    """From the face to the Bluetooth page of the settings."""
    await wearer.home()
    await watch.swipe("down")
    await watch.wait_for("quick")
    await wearer.choose("settings")
    await watch.wait_for("settings")
    await wearer.choose("bluetooth")
    await watch.wait_for("bluetooth")


async def stay_connected(watch: SimulatedWatch, wearer: Wearer) -> None:
    """Let the radio be on all the time, and not in windows."""
    await open_bluetooth(watch, wearer)
    await wearer.choose("mode")
    await watch.wait_for("radio")
    await wearer.choose("connected")
    await watch.wait_for("bluetooth")
    await wearer.home()


async def open_for_pairing(watch: SimulatedWatch, wearer: Wearer, role: str = "phone") -> None:
    """Let a device of that role find the watch."""
    await open_bluetooth(watch, wearer)
    await wearer.choose("pair")
    await watch.wait_for("roles")
    await wearer.choose(role)
    await watch.wait_for("pair-open")


async def pair_phone(watch: SimulatedWatch, wearer: Wearer, host: BumbleHost) -> str:
    """Pair a phone with the watch; returns the digits that both showed. Raises UserError."""
    await open_for_pairing(watch, wearer)
    shown: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def compare(digits: str) -> bool:
        state = await watch.wait_for("pairing")
        same = f"{digits[:3]} {digits[3:]}" in state["texts"]
        wearer.look("pairing")
        await watch.advance(_READING_S)
        await watch.tap_target("yes" if same else "no")
        shown.set_result(digits)
        return same

    await host.pair(compare)
    await watch.wait_for("paired")
    await wearer.home()
    return shown.result()


@contextlib.asynccontextmanager
async def over_bluetooth(
    watch: SimulatedWatch, wearer: Wearer, folder: Path, traffic: Traffic
) -> AsyncIterator[Carrier]:
    """A phone on the watch's air, paired unless its bond from an earlier run in `folder` still works.

    What it carries is counted in `traffic`.
    """
    from tapwatch.phone.ble.bumble_host import BumbleHost  # here: Bumble takes 0.4 s to import
    from tapwatch.phone.ble.gatt import ExchangePipe
    from tapwatch.simulator.radio.controller import Controller

    controller = Controller("phone", link=watch.air)

    async def connect() -> CountedPipe:
        return CountedPipe(await ExchangePipe.open(await host.connect()), traffic)

    host, carrier = BumbleHost(folder, ""), Carrier(connect)
    await host.attach(controller, controller)
    try:
        if not await _knows(Carrier(connect, ())):
            await host.forget()
            await stay_connected(watch, wearer)
            await pair_phone(watch, wearer, host)
            traffic.paired = True
        yield carrier
    finally:
        await carrier.close()
        await host.close()


async def _knows(carrier: Carrier) -> bool:
    """True if the bond of an earlier run still works."""
    try:
        await carrier.ask(HELLO, None)
    except UserError:
        return False
    finally:
        await carrier.close()
    return True
