"""A simulated watch whose program is the stand-in, and its commands over the USB stream."""

from __future__ import annotations

import struct
from pathlib import Path

from tapwatch.simulator import frames
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.watch import SimulatedWatch

STANDIN = "tests.host.simulator.programs.standin"


def standin(folder: Path, size: str = "410x502", **options: object) -> SimulatedWatch:
    """A watch that runs tests/host/simulator/programs/standin.py; not yet switched on."""
    ticks_ms = options.pop("ticks_ms", 0)
    assert isinstance(ticks_ms, int)
    return SimulatedWatch(folder, WatchOptions(size=size, program=STANDIN, ticks_ms=ticks_ms, program_options=options))


async def command(watch: SimulatedWatch, name: bytes, body: bytes = b"") -> bytes:
    """Let the stand-in do something and give its answer. Raises what ended the watch, if that came first."""
    run = watch._running()
    message = name + body
    run.link.send(frames.USB, struct.pack(">H", len(message)) + message)
    return await run.answer(_answer(run.link.usb), 20)


async def _answer(stream) -> bytes:
    (length,) = struct.unpack(">H", await stream.readexactly(2))
    return await stream.readexactly(length)
