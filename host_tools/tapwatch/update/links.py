"""The watch that is meant: on a USB port, near by Bluetooth, or a simulator's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.device.serial_watch import SerialWatch
from tapwatch.flashing import ports
from tapwatch.images import boards
from tapwatch.phone.update_desk import UpdateDesk

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Callable

_NO_BANK = "http://127.0.0.1:9"
"""Updates need no bank; this address answers nobody."""


@contextlib.asynccontextmanager
async def opened(arguments: argparse.Namespace, board: str) -> AsyncIterator[UpdateDesk]:
    """The system of the watch that is meant; `board` says what to look for on USB. Raises UserError."""
    if arguments.watch:
        from tapwatch.phone.desk import PhoneDesk  # here: Bumble takes 0.4 s to import

        async with PhoneDesk(arguments.watch, _NO_BANK, arguments.state or _phone_folder()) as desk:
            yield desk.phone.updates
    elif arguments.sim:
        from tapwatch.apps.develop.simulator_link import SimulatorLink  # here: aiohttp takes 0.2 s to import
        from tapwatch.simulator import announced

        async with SimulatorLink(announced.at(arguments.sim)) as link:
            yield UpdateDesk(link.ask)
    else:
        known = boards.read(board)
        with SerialWatch(lambda: ports.find(known, arguments.port), say=_said(arguments.json)) as watch:
            yield UpdateDesk(lambda kind, body: asyncio.to_thread(watch.ask, kind, body))


def _said(quiet: bool) -> Callable[[str], None]:
    return (lambda line: None) if quiet else (lambda line: print(line, file=sys.stderr))


def _phone_folder() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "tapwatch" / "phone"
