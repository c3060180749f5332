"""A whole watch on virtual hardware, and stock MicroPython, each behind a cable."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.compiled import ROOT, search_path
from tapwatch.flashing import filesystem, partitions, slot_record
from tapwatch.images import build
from tests.host.device.cable import Cable
from tests.host.flashing import kit

if TYPE_CHECKING:
    from collections.abc import Mapping

BOARD = kit.BOARD
FLASH_BYTES = 16 << 20
WASM = ROOT / ".venv/wasm/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs"
_STOCK = Path(__file__).parent / "stock_repl.mjs"


def system(posture: str) -> bytes:
    """A system image with machine code for this computer. A release of that is nothing that `build` makes."""
    plan = build.plan(ROOT, BOARD, machine="x64")
    image = build.build(plan).image
    return image if posture == "development" else image.replace(b'POSTURE = "development"', b'POSTURE = "release"    ')


def flash(image: bytes, path: Path) -> Path:
    """A flash chip with that image in slot `a`."""
    table = partitions.make_table(kit.STOCK_TABLE, FLASH_BYTES)
    vfs, slots = partitions.named(table, "vfs"), partitions.named(table, "slots")
    boot = (ROOT / "firmware/boot.py").read_bytes()
    data = bytearray(b"\xff" * FLASH_BYTES)
    for offset, part in (
        (partitions.TABLE_OFFSET, partitions.table_bytes(table)),
        (vfs.offset, filesystem.build({filesystem.BOOT: boot, filesystem.SLOT_A: image}, vfs.size)),
        (slots.offset, slot_record.first_start(image)),
    ):
        data[offset : offset + len(part)] = part
    path.write_bytes(data)
    return path


def watch(path: Path) -> Cable:
    """The watch with this flash chip, on a cable."""
    micropython = str(Path(sys.executable).parent / "micropython")
    command = [micropython, "-X", "heapsize=8M", "-m", "board.simulator.virtual_esp32", str(path), BOARD, "usb"]
    return Cable(command, ROOT, _environment())


def stock(node: str) -> Cable:
    """MicroPython's own REPL: that of its WebAssembly port."""
    return Cable([node, str(_STOCK), str(WASM)], ROOT, dict(os.environ))


def _environment() -> Mapping[str, str]:
    return os.environ | {"MICROPYPATH": search_path()}
