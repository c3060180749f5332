"""A full disk under bank and watch: a clear message each time, and everything goes on once there is room again."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZES_KB = (40, 200, 320, 400, 480)

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root"),
    pytest.mark.share("cuts and faults"),
]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    _mount(f"mount -t tmpfs -o size={SIZES_KB[0]}k none {folder}")
    yield folder
    _mount(f"umount -l {folder}")


def _mount(command: str) -> None:
    subprocess.run(command.split(), check=True, capture_output=True)


def _demo(folder: Path) -> int:
    """The exit code of a demo in this process: one of its own would mostly import."""
    return cli.main(["demo", "--state", f"{folder}/state", "--out", f"{folder}/out"])


def test_a_full_disk_is_told_and_loses_nothing(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = 0
    for size in SIZES_KB:
        _mount(f"mount -o remount,size={size}k {disk}")
        if _demo(disk):
            refused += 1
            messages = capsys.readouterr().err
            assert "Traceback" not in messages and "try:" in messages, messages
    _mount(f"mount -o remount,size=20m {disk}")
    assert _demo(disk) == 0
    assert "balanced" in capsys.readouterr().out
    assert refused >= 3
    print(f"NOTE system: {refused} demos on a full disk refused clearly; the next one on a larger disk paid")
