"""A flash image, put together as `tapwatch flash` does, starts a watch on virtual hardware, up to its first face."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tapwatch.compiled import ROOT, search_path
from tapwatch.flashing import filesystem, partitions, slot_record
from tapwatch.flashing.partitions import APP, DATA, Partition
from tapwatch.images import build
from tapwatch.simulator import frames
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.watch import SimulatedWatch

BOARD, SIZE = "lilygo_twatch_ultra", "410x502"
FLASH_BYTES = 16 << 20
STOCK = [
    Partition("nvs", DATA, 2, 0x9000, 0x6000),
    Partition("phy_init", DATA, 1, 0xF000, 0x1000),
    Partition("factory", APP, 0, 0x10000, 0x1F0000),
]
NO_SYSTEM = 1


@pytest.fixture(scope="module")
def system() -> bytes:
    """The system image, with machine code for this computer."""
    return build.build(build.plan(ROOT, BOARD, machine="x64")).image


def flash(system: bytes, path: Path, files: dict[str, bytes] | None = None) -> Path:
    """A flash chip with that image in slot `a`, and with these files besides."""
    table = partitions.make_table(STOCK, FLASH_BYTES)
    boot = (ROOT / "firmware/boot.py").read_bytes()
    vfs, slots = partitions.named(table, "vfs"), partitions.named(table, "slots")
    image = bytearray(b"\xff" * FLASH_BYTES)
    for offset, data in (
        (partitions.TABLE_OFFSET, partitions.table_bytes(table)),
        (vfs.offset, filesystem.build({filesystem.BOOT: boot, filesystem.SLOT_A: system, **(files or {})}, vfs.size)),
        (slots.offset, slot_record.first_start(system)),
    ):
        image[offset : offset + len(data)] = data
    path.write_bytes(image)
    return path


def start(path: Path, board: str = BOARD) -> tuple[int, str]:
    """Switch the watch on; exit status and output."""
    micropython = Path(sys.executable).parent / "micropython"
    command = [str(micropython), "-X", "heapsize=8M", "-m", "board.simulator.virtual_esp32", str(path), board]
    environment = os.environ | {"MICROPYPATH": search_path()}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def simulated(folder: Path) -> bytes:
    """The first face of the simulator."""

    async def main() -> bytes:
        async with SimulatedWatch(folder, WatchOptions(size=SIZE)) as watch:
            await watch.state()
            return watch.panel.whole().pixels

    return asyncio.run(main())


def test_it_starts_and_shows_what_the_simulator_shows(system: bytes, tmp_path: Path) -> None:
    """Partition table, littlefs, boot.py, the image, main.py, board.py, drivers, chips: the same pixels come out."""
    path = flash(system, tmp_path / "flash.bin")
    status, output = start(path)
    assert status == 0, output
    state = json.loads(output.splitlines()[-1])
    assert state["findings"] == [["BHI260AP", "firmware of the sensor hub is not on the watch"]], state
    assert (state["misuse"], state["dark"]) == ([], False), state
    assert state["light"] > 0
    shown = Path(f"{path}.picture").read_bytes()
    expected = simulated(tmp_path / "state")
    wrong = sum(
        a != b for a, b in zip(struct.iter_unpack(">H", shown), struct.iter_unpack(">H", expected), strict=True)
    )
    print(f"NOTE virtual.boot_bytes {len(system)}, pixels that differ from the simulator {wrong} of {len(shown) // 2}")
    assert not wrong
    assert any(shown), "the panel is black"


def test_it_starts_again_from_what_it_wrote(system: bytes, tmp_path: Path) -> None:
    """The second start finds the vault and the secret of the first one."""
    path = flash(system, tmp_path / "flash.bin")
    pictures = []
    for _ in range(2):
        status, output = start(path)
        assert status == 0, output
        pictures.append(Path(f"{path}.picture").read_bytes())
    assert pictures[0] == pictures[1]


def test_a_damaged_image_does_not_start(system: bytes, tmp_path: Path) -> None:
    """Another mark at its start: boot.py says what to do, and nothing is shown."""
    broken = bytearray(system)
    broken[:4] = b"TWX1"
    status, output = start(flash(bytes(broken), tmp_path / "flash.bin"))
    assert status == NO_SYSTEM and "tapwatch flash --keep-state" in output, output


def test_a_host_sees_the_panel_and_touches_it(system: bytes, tmp_path: Path) -> None:
    """Over a host link: READY, the light, pixels; a finger is taken and the watch goes on."""
    path = flash(system, tmp_path / "flash.bin")
    ours, its = socket.socketpair()
    micropython = Path(sys.executable).parent / "micropython"
    command = [str(micropython), "-X", "heapsize=8M", "-m", "board.simulator.virtual_esp32", str(path), BOARD]
    environment = os.environ | {"MICROPYPATH": search_path()}
    its.setblocking(False)
    with subprocess.Popen(
        [*command, str(its.fileno())], cwd=ROOT, env=environment, pass_fds=(its.fileno(),), stderr=subprocess.PIPE
    ) as watch:
        its.close()
        ours.settimeout(120)
        try:
            with ours.makefile("rb") as stream:
                seen = _frames_until_picture(stream)
                assert seen[0] == frames.READY and frames.DISPLAY_BRIGHTNESS in seen, seen[:9]
                ours.sendall(struct.pack(">BIBHH", frames.TOUCH, 5, 1, 200, 250))
                ours.sendall(struct.pack(">BIBHH", frames.TOUCH, 5, 0, 200, 250))
                ours.sendall(struct.pack(">BIBB", frames.POWER, 2, 50, 1))
                assert watch.poll() is None
        finally:
            ours.close()
            watch.terminate()
            watch.wait(60)


def _frames_until_picture(stream: IO[bytes]) -> list[int]:
    """Kinds of frames, up to the first that shows something other than black."""
    seen = []
    while True:
        kind, length = struct.unpack(">BI", stream.read(5))
        payload = stream.read(length)
        seen.append(kind)
        if kind == frames.DISPLAY_WRITE and any(payload[8:]):
            return seen
