"""tools/setup.sh: what failed is not taken for done the next time."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.tools.trees import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GOOD, BAD = "exit 0", "echo no such package >&2; exit 1"


def program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def setup(folder: Path, what: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "tools/setup.sh", what], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the script reads, with an environment whose pip does nothing."""
    for name in ("tools/setup.sh", "pyproject.toml", "tests/wasm/package-lock.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    node = "tests/interop/ble/node/package-lock.json"
    (tmp_path / node).parent.mkdir(parents=True)
    shutil.copy(ROOT / node, tmp_path / node)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    program(tmp_path / ".venv/bin/pip", GOOD)
    program(tmp_path / ".venv/bin/python", GOOD)
    return tmp_path


def test_a_second_run_does_nothing(copy: Path) -> None:
    assert "installing the packages for run" in setup(copy, "run").stdout
    program(copy / ".venv/bin/pip", BAD)
    again = setup(copy, "run")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.parametrize("what", ["run", "test", "voice"])
def test_what_failed_is_done_again(copy: Path, what: str) -> None:
    program(copy / ".venv/bin/pip", BAD)
    for _ in range(2):
        done = setup(copy, what)
        assert done.returncode != 0 and "no such package" in done.stderr
        assert not list((copy / ".venv").glob(".tapwatch-*"))


def test_running_needs_nothing_of_the_voice(copy: Path) -> None:
    """Who only wants to see the watch does not wait for PyTorch."""
    program(copy / ".venv/bin/pip", 'echo "$*" >>asked')
    assert setup(copy, "run").returncode == 0
    asked = (copy / "asked").read_text()
    assert "run.lock" in asked and "voice.lock" not in asked and "torch" not in asked
