"""A chip to flash, files to flash it with, and the command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.flashing import esptool_run, sources, volume
from tapwatch.images import boards
from tests.host.flashing import inside, kit, mock_chip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def system_image() -> bytes:
    """One system image for all: signing takes a while."""
    return kit.system()


@pytest.fixture(scope="session")
def stock_image() -> bytes:
    return kit.stock()


@pytest.fixture(scope="module")
def chip() -> Iterator[mock_chip.Mock]:
    """One ESP32-S3 with 16 MB for all tests of a file; each begins with what the last one left."""
    with mock_chip.running() as there:
        yield there


@pytest.fixture
def files(tmp_path: Path, system_image: bytes, stock_image: bytes, monkeypatch: pytest.MonkeyPatch) -> kit.Files:
    """Files, and a place for what the command keeps."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = kit.Files(tmp_path, system_image, stock_image)
    monkeypatch.setattr(sources, "BOOT", made.boot)
    return made


@pytest.fixture
def flash_outside(files: kit.Files) -> Callable[..., int]:
    """`tapwatch flash` on a port, with esptool as a program of its own; returns its exit code."""

    def run(port: str, *more: str, stock: bool = True) -> int:
        words = ["flash", "--board", kit.BOARD, "--image", str(files.image), "--port", port, "--no-start", *more]
        if stock:
            words += ["--stock", str(files.stock), "--stock-sha256", files.sha256]
        return cli.main(words)

    return run


@pytest.fixture
def flash(flash_outside: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The same with esptool in this process: a quarter of the time."""
    monkeypatch.setattr(esptool_run, "_watched", inside.watched)
    return flash_outside


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[mock_chip.Mock]:
    """A watch with 4 MB of flash, to make it short."""
    board = replace(boards.read(kit.BOARD), flash_bytes=4 * kit.MB)
    monkeypatch.setattr(boards, "read", lambda name: board)
    monkeypatch.setattr(volume, "PIECE_BYTES", 8 * volume.BLOCK_BYTES)
    with mock_chip.running(flash_mb=4) as there:
        yield there
