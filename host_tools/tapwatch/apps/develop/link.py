"""The watch that a developer's command speaks to: a simulator of this computer, or a watch by Bluetooth."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from tapwatch.errors import UserError
from tapwatch.phone.app_desk import AppDesk
from tapwatch.signing import cbor
from tapwatch.simulator import announced
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from tapwatch.simulator.announced import Announced

_TIMEOUT_S = 40.0
"""Longer than the simulator waits for its watch."""
_NO_BANK = "http://127.0.0.1:9"
"""Apps need no bank; this address answers nobody."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How a command is told which watch is meant."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--sim", metavar="URL", help="address of a simulator (default: the one that runs)")
    which.add_argument("--watch", metavar="WATCH", help="a watch by Bluetooth, as for `tapwatch phone`")
    parser.add_argument("--state", type=Path, metavar="DIR", help="with --watch: the folder of `tapwatch phone`")


@contextlib.asynccontextmanager
async def opened(arguments: argparse.Namespace) -> AsyncIterator[AppDesk]:
    """The apps of the watch that is meant. Raises UserError."""
    if arguments.watch:
        from tapwatch.phone.desk import PhoneDesk  # here: Bumble takes 0.4 s to import

        async with PhoneDesk(arguments.watch, _NO_BANK, arguments.state or _phone_folder()) as desk:
            yield desk.phone.apps
        return
    place = announced.at(arguments.sim) if arguments.sim else announced.only()
    async with SimulatorLink(place) as link:
        yield AppDesk(link.ask)


class SimulatorLink:
    """Messages to the watch of a simulator that another process runs. Use it as an async context manager."""

    def __init__(self, place: Announced) -> None:
        self._place = place

    async def __aenter__(self) -> SimulatorLink:
        headers = {"Authorization": f"Bearer {self._place.token}"}
        self._session = aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask(self, kind: int, body: object) -> object:
        """Send a message; the body of its answer. Raises WatchRefused, UserError."""
        try:
            async with self._session.post(f"{self._place.url}/message", data=cbor.encode([kind, body])) as answer:
                data = await answer.read()
                if answer.status != 200:
                    raise UserError("The simulator's watch does not answer.", "Look at what the simulator prints.")
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise UserError("The simulator does not answer.", "Does it still run?") from problem
        status, found = cbor.decode(data)  # type: ignore[misc]  # our own server
        if status != "ok":
            raise WatchRefused(kind, str(status))
        return found


def _phone_folder() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "tapwatch" / "phone"
