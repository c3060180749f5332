"""Compiled firmware: made when a source changes, gone with its source, whole or not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.compiled import ROOT, refresh, search_path
from tapwatch.errors import UserError

MICROPYTHON = Path(sys.executable).with_name("micropython")
EVERYTHING = ("**/*.py",)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "parts" / "deep").mkdir(parents=True)
    (tmp_path / "parts" / "one.py").write_text("WORD = 'one'\n")
    (tmp_path / "parts" / "deep" / "two.py").write_text("WORD = 'two'\ndef fail():\n    raise ValueError\n")
    return tmp_path


def said(tree: Path, program: str) -> str:
    """What MicroPython prints with only the compiled files to import."""
    command = [str(MICROPYTHON), "-c", program]
    environment = {"MICROPYPATH": str(tree)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout


def times(tree: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in tree.rglob("*.mpy")}


def test_only_what_changed_is_compiled_again(root: Path) -> None:
    tree = refresh("parts", EVERYTHING, root=root)
    assert said(tree, "import one; from deep import two; print(one.WORD, two.WORD)") == "one two\n"
    first = times(tree)
    refresh("parts", EVERYTHING, root=root)
    assert times(tree) == first
    source = root / "parts" / "one.py"
    source.write_text("WORD = 'new'\n")
    os.utime(source, ns=(0, 0))  # an older file than before is another file, too
    refresh("parts", EVERYTHING, root=root)
    assert said(tree, "import one; print(one.WORD)") == "new\n"
    assert times(tree)["two.mpy"] == first["two.mpy"]


def test_what_has_no_source_any_more_is_not_imported(root: Path) -> None:
    tree = refresh("parts", EVERYTHING, root=root)
    (root / "parts" / "one.py").unlink()
    refresh("parts", EVERYTHING, root=root)
    assert set(times(tree)) == {"two.mpy"}


def test_a_traceback_names_the_source(root: Path) -> None:
    tree = refresh("parts", EVERYTHING, root=root)
    program = "import sys\nfrom deep import two\ntry:\n two.fail()\nexcept ValueError as e:\n sys.print_exception(e)"
    assert 'File "parts/deep/two.py", line 3, in fail' in said(tree, program)


def test_a_mistake_is_named_and_leaves_nothing_half(root: Path) -> None:
    (root / "parts" / "bad.py").write_text("def (\n")
    with pytest.raises(UserError) as problem:
        refresh("parts", EVERYTHING, root=root)
    assert "parts/bad.py" in problem.value.message and "line 1" in problem.value.hint
    assert not list(root.rglob("*.part")) and not list(root.rglob("bad.mpy"))


def test_the_watch_runs_what_is_compiled() -> None:
    environment = {"MICROPYPATH": search_path()}
    program = "import watch.kernel.clock as room, drivers.st25r3916 as chip; print(room.__file__, chip.__file__)"
    command = [str(MICROPYTHON), "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert [Path(name).suffix for name in done.stdout.split()] == [".mpy", ".mpy"], done.stdout + done.stderr
