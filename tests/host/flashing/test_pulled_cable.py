"""The cable is pulled while something is written: the watch starts nothing, and the same command again repairs it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tapwatch.flashing import filesystem, partitions
from tapwatch.flashing.partitions import TableError, named
from tests.host.flashing import kit
from tests.host.flashing.kit import MB
from tests.host.flashing.test_flash import check_slots

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.host.flashing.mock_chip import Mock

LONG = bool(os.environ.get("TAPWATCH_LONG"))
TABLE = partitions.make_table(kit.STOCK_TABLE, 4 * MB)
KEPT = {"/secret.bin": b"s" * 32, "/files/photo": kit.noise(20_000, 1), "/files/tiny": b"t"}
VAULT = kit.noise(0x40000, 6)
NVS = kit.noise(0x6000, 8)


def place(chip: Mock, name: str, data: bytes | None = None) -> bytes:
    """What is in a partition; `data` is put there."""
    there = named(TABLE, name)
    if data is not None:
        chip.flash.data[there.offset : there.offset + len(data)] = data
    return bytes(chip.flash.data[there.offset : there.end])


def wear(chip: Mock) -> None:
    """It has been used: an older system in both slots, files, a full vault, a parcel of an update."""
    old = {
        "/boot.py": b"old",
        "/a.twi": kit.noise(50_000, 2),
        "/b.twi": kit.noise(50_000, 3),
        "/update.part": b"u" * 999,
    }
    place(chip, "vfs", filesystem.build({**old, **KEPT}, named(TABLE, "vfs").size))
    place(chip, "slots", b"\0" * 8192)
    place(chip, "vault", VAULT)
    place(chip, "nvs", NVS)


def check_kept(chip: Mock, files: kit.Files) -> None:
    system = files.image.read_bytes()
    assert filesystem.contents(place(chip, "vfs")) == {"/boot.py": kit.BOOT, "/a.twi": system, **KEPT}
    check_slots(place(chip, "slots"), system)
    assert place(chip, "vault") == VAULT
    assert place(chip, "nvs") == NVS
    assert partitions.read_table(chip.flash.data[0x8000:0x9000]) == TABLE


def starts(chip: Mock) -> bool:
    """True if the bootloader would look for a program."""
    try:
        partitions.read_table(bytes(chip.flash.data[0x8000:0x9000]))
    except TableError:
        return False
    return True


def points(count: int) -> list[int]:
    return list(range(count)) if LONG else sorted({0, count // 2, count - 1})


def pull_everywhere(
    chip: Mock, flash: Callable[..., int], whole: bytes, count: int, *more: str, stock: bool = True
) -> None:
    """One run after the other, each cut at another block. The last block is the table: half of it is all of it."""
    for point in points(count):
        chip.flash.blocks, chip.flash.pull_at = 0, point
        assert flash(chip.port, *more, stock=stock) == 3, f"cut at block {point}"
        assert not starts(chip) or bytes(chip.flash.data) == whole, f"cut at block {point}: it looks whole"
    assert chip.pulled == len(points(count))


def test_a_new_watch_with_its_cable_pulled(
    small: Mock, files: kit.Files, flash: Callable[..., int], capsys: pytest.CaptureFixture
) -> None:
    assert flash(small.port) == 0
    whole, count = bytes(small.flash.data), small.flash.blocks
    pull_everywhere(small, flash, whole, count)
    said = capsys.readouterr().err
    assert said.count("run the same command again: nothing else is needed") == len(points(count)), said
    assert flash(small.port) == 0
    assert bytes(small.flash.data) == whole
    print(f"NOTE flashing.cable_pulled_new {len(points(count))} of {count} blocks, 0 looked whole, 1 run repaired it")


def test_keeping_the_state_with_the_cable_pulled(
    small: Mock, files: kit.Files, flash: Callable[..., int], capsys: pytest.CaptureFixture, tmp_path: object
) -> None:
    """With the table and a mixture of blocks on the flash, the files come from the copy on this computer."""
    assert flash(small.port) == 0
    wear(small)
    worn = bytes(small.flash.data)
    small.flash.blocks = 0
    assert flash(small.port, "--keep-state", stock=False) == 0
    check_kept(small, files)
    whole, count = bytes(small.flash.data), small.flash.blocks
    small.flash.data[:] = worn
    pull_everywhere(small, flash, whole, count, "--keep-state", stock=False)
    small.flash.blocks = 0
    assert flash(small.port, "--keep-state", stock=False) == 0
    check_kept(small, files)
    assert "taken from the copy it made" in capsys.readouterr().out
    copies = list((files.image.parent / "state" / "tapwatch" / "flash").iterdir())
    assert copies == [], "the copy goes when the watch is whole"
    print(f"NOTE flashing.cable_pulled_keep_state {len(points(count))} of {count} blocks, 0 looked whole, 0 files lost")
