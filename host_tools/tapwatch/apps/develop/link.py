"""The watch that a developer's command speaks to: a simulator of this computer, or a watch by Bluetooth."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.simulator import announced

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from tapwatch.phone.app_desk import AppDesk

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
    from tapwatch.apps.develop.simulator_link import SimulatorLink  # here: aiohttp takes 0.2 s to import
    from tapwatch.phone.app_desk import AppDesk

    place = announced.at(arguments.sim) if arguments.sim else announced.only()
    async with SimulatorLink(place) as link:
        yield AppDesk(link.ask)


def _phone_folder() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "tapwatch" / "phone"
