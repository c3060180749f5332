"""Every board but the first, from a flash image on virtual hardware: its first face is that of the simulator."""

from __future__ import annotations

import asyncio
import json
import os
import struct
from pathlib import Path

import pytest

from tapwatch.compiled import ROOT
from tapwatch.images import boards, build
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.watch import SimulatedWatch
from tests.host.flashing.test_virtual_esp32 import BOARD, flash, start

OTHERS = [name for name in boards.names() if name != BOARD]
SHORT = ["lilygo_twatch_s3"]
"""What is tried each time; with TAPWATCH_LONG=1 it is all of them. upy_virtual_boards.py starts each board.py."""


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The first face of the simulator, by glass; filled when it is needed."""
    return {}


def simulated(glass: str, folder: Path) -> bytes:
    """The first face on this glass."""

    async def main() -> bytes:
        async with SimulatedWatch(folder, WatchOptions(size=glass)) as watch:
            await watch.state()
            return watch.panel.whole().pixels

    return asyncio.run(main())


@pytest.mark.parametrize("name", OTHERS if os.environ.get("TAPWATCH_LONG") else SHORT)
def test_it_starts_and_shows_what_the_simulator_shows(name: str, faces: dict[str, bytes], tmp_path: Path) -> None:
    """Partition table, littlefs, boot.py, the image, main.py, board.py, drivers, chips: the same pixels come out."""
    system = build.build(build.plan(ROOT, name, machine="x64")).image
    path = flash(system, tmp_path / "flash.bin")
    status, output = start(path, name)
    assert status == 0, output
    state = json.loads(output.splitlines()[-1])
    assert (state["findings"], state["misuse"], state["dark"]) == ([], [], False), state
    glass = boards.read(name).glass
    if glass not in faces:
        faces[glass] = simulated(glass, tmp_path / "state")
    shown = Path(f"{path}.picture").read_bytes()
    pixels = zip(struct.iter_unpack(">H", shown), struct.iter_unpack(">H", faces[glass]), strict=True)
    wrong = sum(one != other for one, other in pixels)
    print(f"NOTE virtual.{name}_boot_bytes {len(system)}, pixels that differ from the simulator {wrong}")
    assert not wrong and any(shown)
