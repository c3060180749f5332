"""What `tapwatch flash` has written, through esptool and a mock of the chip, starts a watch on virtual hardware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.flashing import sources
from tapwatch.images import build, statement
from tests.host.flashing import kit
from tests.host.flashing.test_virtual_esp32 import ROOT, start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.host.flashing.mock_chip import Mock


def test_a_watch_starts_from_what_was_written(
    chip: Mock, files: kit.Files, flash: Callable[..., int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All of the system, with machine code for this computer: what is for a watch cannot run here."""
    monkeypatch.setattr(sources, "BOOT", ROOT / "firmware/boot.py")
    monkeypatch.setattr(statement, "XTENSAWIN", statement.X64)
    files.image.write_bytes(build.build(build.plan(ROOT, kit.BOARD, machine=statement.X64)).image)
    chip.flash.data[:] = b"\xa5" * len(chip.flash.data)
    assert flash(chip.port) == 0
    path = tmp_path / "flash.bin"
    path.write_bytes(chip.flash.data)
    status, said = start(path)
    assert status == 0, said
    print(f"NOTE flashing.booted_image_bytes {files.image.stat().st_size}")
