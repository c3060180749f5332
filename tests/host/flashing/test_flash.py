"""`tapwatch flash` end to end: the real esptool writes to a mock bootloader, and what is on its flash is looked at."""

from __future__ import annotations

import binascii
import hashlib
import os
import pty
import struct
import threading
import tty
from typing import TYPE_CHECKING

import pytest

from tapwatch.flashing import boot_lines, filesystem, partitions, stock_image
from tapwatch.flashing.partitions import named
from tapwatch.images import boards
from tests.host.flashing import kit
from tests.host.flashing.kit import MB
from tests.host.flashing.test_filesystem import hashes, mounted_by_micropython

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.host.flashing.mock_chip import Mock

BOARD = boards.read(kit.BOARD)
TABLE = partitions.make_table(kit.STOCK_TABLE, 16 * MB)


def part(chip: Mock, name: str) -> bytes:
    place = named(TABLE, name)
    return bytes(chip.flash.data[place.offset : place.end])


def check_everything(chip: Mock, files: kit.Files) -> None:
    """The flash is that of a new watch: every partition is compared."""
    image = stock_image.read(files.stock, BOARD, files.sha256)
    assert chip.flash.data[: len(image.data)] == stock_image.prepared(image, TABLE, 16 * MB)
    assert part(chip, "nvs") == b"\xff" * 0x6000
    assert part(chip, "vault") == b"\xff" * 0x40000
    check_slots(part(chip, "slots"), files.image.read_bytes())
    assert filesystem.contents(part(chip, "vfs")) == {"/boot.py": kit.BOOT, "/a.twi": files.image.read_bytes()}


def check_slots(slots: bytes, system: bytes) -> None:
    """docs/updates.md, "The slot record", taken apart by hand."""
    assert slots[:4] == b"TWS1"
    sequence, active, state_a, state_b, tries, length_a, length_b = struct.unpack(">IBBBBII", slots[4:20])
    assert (sequence, active, state_a, state_b, tries) == (1, 0, 2, 0, 2)
    assert (length_a, length_b) == (len(system), 0)
    assert slots[20:28] == hashlib.sha256(system).digest()[:8]
    assert slots[28:36] == bytes(8)
    assert slots[36:40] == binascii.crc32(slots[:36]).to_bytes(4, "big")
    assert slots[40:] == b"\xff" * (8192 - 40)


def test_a_new_watch(
    chip: Mock, files: kit.Files, flash_outside: Callable[..., int], capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    """Over the remains of something else; then its files are mounted by MicroPython too."""
    chip.flash.data[:] = kit.noise(1 << 16) * (len(chip.flash.data) >> 16)
    assert flash_outside(chip.port) == 0
    check_everything(chip, files)
    found, _ = mounted_by_micropython(part(chip, "vfs"), tmp_path)
    contents = {"/boot.py": kit.BOOT, "/a.twi": files.image.read_bytes()}
    assert found == {**hashes(contents), "/w/files": "folder"}
    said = capsys.readouterr().out
    for words in (
        f"LilyGO T-Watch Ultra on {chip.port}",
        "ESP32S3, 16 MB of flash, MAC 24:0a:c4:80:33:5f",
        "PSRAM beside the chip cannot be seen from here",
        "System 1.2.3, development,",
        "written and read back",
    ):
        assert words in said, said
    free = named(TABLE, "vfs").end - 4 * 4096
    assert chip.flash.data[free : free + 4096] != b"\xff" * 4096, "blocks that nothing names are left as they are"


def test_erase_leaves_nothing(chip: Mock, files: kit.Files, flash: Callable[..., int]) -> None:
    chip.flash.data[-4096:] = b"\0" * 4096
    assert flash(chip.port, "--erase") == 0
    check_everything(chip, files)
    assert chip.flash.data[-MB:] == b"\xff" * MB


def test_without_the_stub(chip: Mock, files: kit.Files, flash: Callable[..., int]) -> None:
    """The ROM alone can do it: without compression, and erasing by the begin of a write."""
    chip.flash.data[0x8000:0x9000] = b"\0" * 4096
    chip.flash.data[0x200000:0x280000] = b"\0" * 0x80000
    assert flash(chip.port, "--no-stub") == 0
    check_everything(chip, files)


@pytest.fixture
def talker() -> Iterator[str]:
    """A port that says what a watch might say while it starts, again and again: opening a port empties it."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    quiet = threading.Event()

    def talk() -> None:
        while not quiet.wait(0.05):
            os.write(master, b"ESP-ROM:esp32s3\r\nboot: slot a\r\n\x1b[0mtext\r\n")

    writer = threading.Thread(target=talk, daemon=True)
    writer.start()
    yield os.ttyname(slave)
    quiet.set()
    writer.join(5)
    os.close(master)
    os.close(slave)


def test_the_first_lines_of_the_start_are_shown(talker: str) -> None:
    said: list[str] = []
    assert boot_lines.show(boot_lines.read(talker, BOARD, seconds=5, most=3), said.append) == 3
    assert said == ["  | ESP-ROM:esp32s3", "  | boot: slot a", "  | ·[0mtext"]


def test_a_silent_watch_is_waited_for_only_so_long(chip: Mock) -> None:
    assert list(boot_lines.read("/dev/not-there", BOARD, seconds=0.2)) == []
    assert list(boot_lines.read(chip.port, BOARD, seconds=0.2)) == []
