"""Files to flash, for tests. The stock image is a made-up one: nobody here has a real one for the ESP32-S3.

It has what a real one has where the tools look: a bootloader and a program in the ESP32's own image format, each with
checksum and SHA-256, and between them the partition table of ESP32_GENERIC_S3.
"""

from __future__ import annotations

import hashlib
import random
import struct
from typing import TYPE_CHECKING

from tapwatch.flashing import partitions
from tapwatch.flashing.partitions import APP, DATA, Partition
from tapwatch.images import container, development
from tapwatch.images.statement import Statement

if TYPE_CHECKING:
    from pathlib import Path

BOARD = "lilygo_twatch_ultra"
MB = 1 << 20
BOOT = b"# picks a slot\nprint('boot')\n"
STOCK_TABLE = [
    Partition("nvs", DATA, 0x02, 0x9000, 0x6000),
    Partition("phy_init", DATA, 0x01, 0xF000, 0x1000),
    Partition("factory", APP, 0x00, 0x10000, 0x1F0000),
]
_SEGMENT_ADDRESS = 0x3FCD_0000
_CHECKSUM_SEED = 0xEF


def noise(size: int, seed: int = 7) -> bytes:
    """Bytes that do not compress."""
    return random.Random(seed).randbytes(size)


def program(size: int, chip_id: int = 9, flash_size: int = 0x20, seed: int = 1) -> bytes:
    """An image of one segment in the ESP32's format; 20h stands for 4 MB."""
    data = noise(size & -4, seed)
    header = struct.pack("<BBBBI4xH9xB", 0xE9, 1, 2, flash_size | 0x0F, _SEGMENT_ADDRESS, chip_id, 1)
    body = header + struct.pack("<II", _SEGMENT_ADDRESS, len(data)) + data
    checksum = _CHECKSUM_SEED
    for byte in data:
        checksum ^= byte
    body += bytes(15 - len(body) % 16) + bytes((checksum,))
    return body + hashlib.sha256(body).digest()


def stock(chip_id: int = 9, table: list[Partition] = STOCK_TABLE, program_bytes: int = 20_000) -> bytes:
    """A stock image: bootloader, table, gap, program."""
    image = program(16_000, chip_id, seed=2).ljust(0x8000, b"\xff") + partitions.table_bytes(table)
    app = next(part for part in table if part.type == APP)
    return image.ljust(app.offset, b"\xff") + program(program_bytes, chip_id, seed=3)


def system(board: str = BOARD, size: int = 60_000, machine: str = "xtensawin", seed: int = 4, **files: bytes) -> bytes:
    """A system image, signed with the key that everybody knows."""
    content = {"main.py": b"print('main')\n", "facts.py": b"", "filler.bin": noise(size, seed), **files}
    body = container.write_body(content)
    digest = hashlib.sha256(body).digest()
    said = Statement(board, (1, 2, 3), (1, 0, 0), 1_750_000_000, "development", len(body), digest, bytes(32), machine)
    return container.write([development.entry(said.encoded())], body)


class Files:
    """What a run needs, in a folder."""

    def __init__(self, folder: Path, image: bytes, stock_image: bytes) -> None:
        self.image = folder / "system.twi"
        self.stock = folder / "stock.bin"
        self.boot = folder / "boot.py"
        self.image.write_bytes(image)
        self.stock.write_bytes(stock_image)
        self.boot.write_bytes(BOOT)

    @property
    def sha256(self) -> str:
        """Of the stock image as it is now."""
        return hashlib.sha256(self.stock.read_bytes()).hexdigest()
