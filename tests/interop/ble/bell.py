"""What a central has to know of the bell, and how it is run."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.watch import SimulatedWatch

PROGRAM = "tests.interop.ble.programs.bell"
SERVICE = "b3110000-d44c-49ed-a19b-a26f1343b084"
NUMBER = "b3110001-d44c-49ed-a19b-a26f1343b084"
TEXT = "b3110002-d44c-49ed-a19b-a26f1343b084"
LOG = "b3110003-d44c-49ed-a19b-a26f1343b084"


@contextlib.asynccontextmanager
async def bell(folder: Path, *, stock_writes: bool = False, **options: object) -> AsyncIterator[SimulatedWatch]:
    """A watch that is a bell."""
    board = WatchOptions(program=PROGRAM, program_options=options, stock_writes=stock_writes)
    async with SimulatedWatch(folder, board) as watch:
        yield watch
