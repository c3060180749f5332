"""A full disk under bank and watch: a clear message each time, and everything goes on once there is room again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
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


def _demo(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tapwatch.cli", "demo", "--state", f"{folder}/state", "--out", f"{folder}/out"]
    environment = dict(os.environ, PYTHONPATH="host_tools")
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_full_disk_is_told_and_loses_nothing(disk: Path) -> None:
    refused = 0
    for size in SIZES_KB:
        _mount(f"mount -o remount,size={size}k {disk}")
        result = _demo(disk)
        if result.returncode:
            refused += 1
            assert "Traceback" not in result.stderr and "try:" in result.stderr, result.stderr
    _mount(f"mount -o remount,size=20m {disk}")
    result = _demo(disk)
    assert result.returncode == 0 and "balanced" in result.stdout, result.stderr
    assert refused >= 3
    print(f"NOTE system: {refused} demos on a full disk refused clearly; the next one on a larger disk paid")
