"""`tapwatch voice train`: what it says when it cannot."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from tapwatch.cli import main
from tapwatch.errors import EXIT_ENVIRONMENT, EXIT_USAGE

if TYPE_CHECKING:
    from pathlib import Path


def run(work: Path, *arguments: str) -> int:
    return main(["voice", "train", "--work", str(work), "--size", "smoke", "--processes", "1", *arguments])


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for stage, hint in (("calibrate", "student"), ("report", "calibrate")):
        assert run(tmp_path, "--stage", stage) == EXIT_ENVIRONMENT
        assert f"run the stage `{hint}`" in capsys.readouterr().err
    for minutes in ("0", "-1", "nan"):
        assert run(tmp_path, "--minutes", minutes) == EXIT_USAGE
    assert not list(tmp_path.rglob("*.npz"))


def test_a_package_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = ModuleNotFoundError("No module named 'torch'", name="torch")

    real = importlib.import_module

    def without(name: str) -> object:
        if name.endswith("_stage"):
            raise missing
        return real(name)

    monkeypatch.setattr(importlib, "import_module", without)
    assert run(tmp_path, "--stage", "student") == EXIT_ENVIRONMENT
    said = capsys.readouterr().err
    assert "torch is missing" in said and "tools/setup.sh voice" in said
    missing.name = "tapwatch.voice.nothing"
    with pytest.raises(ModuleNotFoundError):
        run(tmp_path, "--stage", "student")
