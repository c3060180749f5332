"""`tapwatch flash --keep-state`: what is kept, and what is said where nothing can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.flashing import filesystem, partitions
from tapwatch.flashing.partitions import named
from tests.host.flashing import kit
from tests.host.flashing.test_pulled_cable import KEPT, TABLE, VAULT, check_kept, place, wear

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.host.flashing.mock_chip import Mock


def put_stock(chip: Mock, files: kit.Files) -> None:
    """A watch that has its interpreter and its table, as a first run leaves them."""
    image = files.stock.read_bytes()
    chip.flash.data[: len(image)] = image
    chip.flash.data[0x8000:0x9000] = partitions.table_bytes(TABLE)


def test_with_another_interpreter(small: Mock, files: kit.Files, flash: Callable[..., int]) -> None:
    put_stock(small, files)
    wear(small)
    files.stock.write_bytes(kit.stock(program_bytes=30_000))
    assert flash(small.port, "--keep-state") == 0
    check_kept(small, files)
    program = files.stock.read_bytes()[0x10000:]
    assert small.flash.data[0x10000 : 0x10000 + len(program)] == program
    assert small.flash.data[3] == 0x2F, "the header says 4 MB, as the chip has"


def test_where_nothing_can_be_kept(
    small: Mock,
    files: kit.Files,
    flash: Callable[..., int],
    capsys: pytest.CaptureFixture,
) -> None:
    """Each is refused before anything is written, and says what to do."""
    assert flash(small.port, "--keep-state", stock=False) == 1
    assert "the watch has no partition table" in capsys.readouterr().err
    put_stock(small, files)
    place(small, "vfs", b"\0" * 8192)
    assert flash(small.port, "--keep-state", stock=False) == 1
    said = capsys.readouterr().err
    assert "the file system of the watch cannot be mounted" in said
    assert "--lose-files makes a new one: apps and files are lost" in said
    assert "the vault itself is not touched" in said
    wear(small)
    other = [*kit.STOCK_TABLE[:2], kit.Partition("factory", kit.APP, 0, 0x10000, 0x200000)]
    files.stock.write_bytes(kit.stock(table=other))
    assert flash(small.port, "--keep-state") == 1
    assert "this stock image divides the flash in another way" in capsys.readouterr().err
    small.flash.data[0x8000:0x9000] = partitions.table_bytes(kit.STOCK_TABLE)
    assert flash(small.port, "--keep-state", stock=False) == 1
    assert "this is no Tapwatch watch: there is no state to keep" in capsys.readouterr().err
    assert small.flash.blocks == 0


def test_a_full_file_system(
    small: Mock, files: kit.Files, flash: Callable[..., int], capsys: pytest.CaptureFixture
) -> None:
    put_stock(small, files)
    wear(small)
    files.image.write_bytes(kit.system(size=named(TABLE, "vfs").size - 30_000))
    before = bytes(small.flash.data)
    assert flash(small.port, "--keep-state", stock=False) == 1
    assert "there is no room for /a.twi" in capsys.readouterr().err
    assert bytes(small.flash.data) == before


def test_files_that_are_lost_on_purpose(
    small: Mock,
    files: kit.Files,
    flash: Callable[..., int],
    capsys: pytest.CaptureFixture,
) -> None:
    put_stock(small, files)
    place(small, "vault", VAULT)
    place(small, "vfs", kit.noise(200_000))
    assert flash(small.port, "--keep-state", "--lose-files", stock=False) == 0
    assert "The files of the watch are lost; its vault is not touched" in capsys.readouterr().out
    assert place(small, "vault") == VAULT
    contents = filesystem.contents(place(small, "vfs"))
    assert contents == {"/boot.py": kit.BOOT, "/a.twi": files.image.read_bytes()}
    assert not set(KEPT) & set(contents)
