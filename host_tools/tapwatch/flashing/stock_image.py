"""The stock MicroPython image: checked, and made ready for the watch.

Two things in it are changed. The partition table becomes ours. And the header of the bootloader says how large the
flash is: the bootloader compares the table with what this header says, not with the chip, and starts nothing if a
partition ends behind it (ESP-IDF, `bootloader_support/src/flash_partitions.c`). MicroPython itself asks the chip. With
the header the SHA-256 at the end of the bootloader changes.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.flashing import app_image, partitions
from tapwatch.flashing.app_image import ImageError
from tapwatch.flashing.partitions import APP, SECTOR_BYTES, TABLE_OFFSET, Partition, TableError
from tapwatch.images.boards import MOST_FLASH_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.images.boards import Board

KNOWN = "stock_images.toml"
_MOST_BYTES = 8 << 20
_SHA256_DIGITS = 64


@dataclass(frozen=True)
class StockImage:
    """A stock image that is whole, for the right chip."""

    data: bytes
    table: list[Partition]
    release: str
    """What the list of known images calls it; empty for one the user vouched for."""

    @property
    def after_table(self) -> int:
        """Where the part behind the partition table begins."""
        return TABLE_OFFSET + SECTOR_BYTES


def read(path: Path, board: Board, expected_sha256: str = "") -> StockImage:
    """Read and check a stock image. `expected_sha256`: given by the user, for one that is not on our list.

    Raises UserError.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as problem:
        hint = f"download it from {board.stock.page}: {board.stock.text}"
        raise UserError(f"the stock image {path} cannot be read", hint) from problem
    table = _checked(data, board)
    return StockImage(data, table, _release(data, expected_sha256, path))


def _checked(data: bytes, board: Board) -> list[Partition]:
    again = f"download {board.stock.image} again from {board.stock.page}: {board.stock.text}"
    try:
        if len(data) > _MOST_BYTES:
            raise ImageError(f"it is larger than {_MOST_BYTES} bytes")
        bootloader = app_image.find(data, 0)
        if bootloader.end > TABLE_OFFSET:
            raise ImageError("its bootloader reaches into the partition table")
        if bootloader.chip_id != app_image.CHIP_IDS[board.chip]:
            names = {number: name for name, number in app_image.CHIP_IDS.items()}
            raise ImageError(f"it is for {names.get(bootloader.chip_id, 'another chip')}, not for {board.chip}")
        table = partitions.read_table(data[TABLE_OFFSET : TABLE_OFFSET + SECTOR_BYTES])
        _check_app(data, table)
    except (ImageError, TableError) as problem:
        raise UserError("this is not a whole MicroPython image for the watch", again, EXIT_FAILED) from problem
    return table


def _check_app(data: bytes, table: list[Partition]) -> None:
    apps = [part for part in table if part.type == APP]
    if not apps:
        raise ImageError("its partition table has no program")
    program = app_image.find(data, apps[0].offset)
    if program.end > apps[0].end:
        raise ImageError("its program is larger than its partition")
    if len(data) > max(part.end for part in table):
        raise ImageError("something follows the last partition")


def _release(data: bytes, expected: str, path: Path) -> str:
    """What the image is called on our list. Raises UserError if nobody vouches for it."""
    digest = hashlib.sha256(data).hexdigest()
    expected = expected.strip().lower()
    if expected:
        if len(expected) != _SHA256_DIGITS or set(expected) - set("0123456789abcdef"):
            raise UserError("--stock-sha256 takes 64 hexadecimal digits", exit_code=EXIT_USAGE)
        if digest != expected:
            hint = "download it again, and compare with the hash of somebody you trust"
            raise UserError(f"the SHA-256 of {path} is {digest}, not the one you gave", hint, EXIT_FAILED)
        return ""
    for entry in known():
        if entry["sha256"] == digest:
            return f"{entry['name']} {entry['version']}"
    raise UserError(
        f"the stock image {path} is not on the list of known ones; its SHA-256 is {digest}",
        "compare it with that of a second download or of somebody you trust, then give it: --stock-sha256 HASH",
        EXIT_FAILED,
    )


def known() -> list[dict[str, str]]:
    """The images on the list of this package: name, version, sha256."""
    text = files("tapwatch.flashing").joinpath(KNOWN).read_text(encoding="utf-8")
    return tomllib.loads(text).get("image", [])


def prepared(image: StockImage, table: list[Partition], flash_bytes: int) -> bytes:
    """The image as it is written: with our table, and the size of the flash in the header of the bootloader."""
    bootloader = app_image.find(image.data, 0)
    data = app_image.with_flash_size(image.data, bootloader, min(flash_bytes, MOST_FLASH_BYTES))
    return data[:TABLE_OFFSET] + partitions.table_bytes(table) + data[image.after_table :]
