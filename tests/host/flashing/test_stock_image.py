"""The stock image: what is changed in it, as esptool changes it, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from mp_image_tool_esp32.firmware import Firmware

from tapwatch.errors import UserError
from tapwatch.flashing import partitions, stock_image
from tapwatch.images import boards
from tests.host.flashing import kit
from tests.host.flashing.kit import MB

if TYPE_CHECKING:
    from pathlib import Path

BOARD = boards.read(kit.BOARD)


def read(files: kit.Files) -> stock_image.StockImage:
    return stock_image.read(files.stock, BOARD, files.sha256)


def test_only_table_and_flash_size_change(files: kit.Files) -> None:
    """The bytes that differ: the table's sector, the size in the header, the SHA-256 of the bootloader."""
    image = read(files)
    table = partitions.make_table(image.table, 16 * MB)
    made = stock_image.prepared(image, table, 16 * MB)
    assert len(made) == len(image.data)
    different = {at for at, (old, new) in enumerate(zip(image.data, made, strict=True)) if old != new}
    outside = {at for at in different if not 0x8000 <= at < 0x9000}
    bootloader_bytes = len(kit.program(16_000, seed=2))
    assert outside - {3} <= set(range(bootloader_bytes - 32, bootloader_bytes))
    assert (image.data[3], made[3]) == (0x2F, 0x4F)


def test_esptool_would_change_the_bootloader_alike(files: kit.Files, tmp_path: Path) -> None:
    image = read(files)
    made = stock_image.prepared(image, image.table, 16 * MB)
    out = tmp_path / "merged.bin"
    words = ["--chip", "esp32s3", "merge-bin", "-o", out, "--flash-size", "16MB", "0", files.stock]
    subprocess.run([sys.executable, "-m", "esptool", *map(str, words)], check=True, capture_output=True)
    assert out.read_bytes() == made


def test_another_tool_reads_it(files: kit.Files, tmp_path: Path) -> None:
    image = read(files)
    table = partitions.make_table(image.table, 16 * MB)
    path = tmp_path / "made.bin"
    path.write_bytes(stock_image.prepared(image, table, 16 * MB))
    seen = Firmware(str(path))
    assert (seen.header.chip_name, seen.header.flash_size) == ("esp32s3", 16 * MB)
    assert [part.name for part in seen.table] == [part.name for part in table]


def test_a_larger_flash_is_used_as_16_mb(files: kit.Files) -> None:
    image = read(files)
    assert stock_image.prepared(image, image.table, 32 * MB)[3] == 0x4F


def test_the_list_has_no_made_up_hash() -> None:
    """Whoever adds an entry gives name, version and 64 digits."""
    for entry in stock_image.known():
        assert set(entry) == {"name", "version", "sha256"}
        assert len(entry["sha256"]) == 64
        assert set(entry["sha256"]) <= set("0123456789abcdef")


def test_an_image_on_the_list_needs_no_hash(files: kit.Files, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"name": "ESP32_GENERIC_S3", "version": "v0", "sha256": files.sha256}
    monkeypatch.setattr(stock_image, "known", lambda: [entry])
    assert stock_image.read(files.stock, BOARD).release == "ESP32_GENERIC_S3 v0"


def refused(files: kit.Files, data: bytes) -> str:
    files.stock.write_bytes(data)
    with pytest.raises(UserError) as caught:
        read(files)
    return caught.value.explain()


def test_what_is_no_whole_image(files: kit.Files, stock_image: bytes) -> None:
    for data, words in (
        (b"", "it ends too early"),
        (b"<html>404</html>" * 10_000, "there is no program at 0h"),
        (stock_image[:-1], "it ends too early"),
        (stock_image[: 0x10000 + 10], "it ends too early"),
        (stock_image[:0x9000], "it ends too early"),
        (stock_image[:100], "it ends too early"),
        (stock_image[:0x8000] + b"\xff" * 0x1000 + stock_image[0x9000:], "no partition table at 8000h"),
        (kit.stock(chip_id=5), "it is for esp32c3, not for esp32s3"),
        (kit.stock(chip_id=0), "it is for esp32, not for esp32s3"),
        (kit.stock(chip_id=0x7777), "it is for another chip"),
        (stock_image.ljust(3 * MB, b"\0"), "something follows the last partition"),
        (stock_image.ljust(9 * MB, b"\0"), "larger than"),
    ):
        explained = refused(files, data)
        assert words in explained, explained
        assert "https://micropython.org/download/ESP32_GENERIC_S3/" in explained


def test_a_program_larger_than_its_partition(files: kit.Files) -> None:
    table = [*kit.STOCK_TABLE[:2], kit.Partition("factory", kit.APP, 0, 0x10000, 0x4000)]
    assert "its program is larger than its partition" in refused(files, kit.stock(table=table))


def test_a_changed_program_is_refused(files: kit.Files, stock_image: bytes) -> None:
    """A byte in bootloader or program, anywhere: they carry a SHA-256 of themselves."""
    points = [*range(24, 16_000, 1999), *range(0x10020, len(stock_image), 1999)]
    for at in points:
        bent = bytearray(stock_image)
        bent[at] ^= 1
        files.stock.write_bytes(bytes(bent))
        with pytest.raises(UserError):
            read(files)
    print(f"NOTE flashing.stock_bytes_changed_refused {len(points)}")
