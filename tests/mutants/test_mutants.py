"""Hand-written mistakes in the rooms that hold money and secrets: the tests must notice nine of ten (R18)."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.mutants.hand_written import MUTANTS
from tests.tools.upy_process import ROOT, UpyProcess

LEAST_KILLED = 0.9
SAMPLE = 9
"""The short form tries every ninth; the long form, TAPWATCH_LONG=1, all of them."""
COPIED = ("firmware/watch", "board", "tests/firmware/support", "tests/firmware/access", "tests/firmware/payment")
TEST_NAME = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def copy_of_tree(folder: Path) -> Path:
    for part in COPIED:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests/vectors", folder / "tests/vectors")
    return folder


def first_failure(root: Path, files: tuple[str, ...]) -> str:
    """The first test that fails, "" if none does."""
    for path in files:
        process = UpyProcess(root)
        try:
            for name in TEST_NAME.findall((root / path).read_text()):
                if not process.alive:
                    process = UpyProcess(root)
                if process.run(path, name, 60).status not in ("passed", "skipped"):
                    return name
        finally:
            process.close()
    return ""


@pytest.mark.share("system")
def test_mutants_are_killed(tmp_path: Path) -> None:
    root = copy_of_tree(tmp_path)
    survivors = []
    tried = MUTANTS if os.getenv("TAPWATCH_LONG") else MUTANTS[::SAMPLE]
    for path, stands, mistake, files in tried:
        source = (ROOT / path).read_text()
        assert source.count(stands) == 1, f"{path}: {stands!r} stands there {source.count(stands)} times"
        (root / path).write_text(source.replace(stands, mistake))
        if not first_failure(root, files):
            survivors.append(f"{path}: {stands.strip()} -> {mistake.strip() or 'nothing'}")
        (root / path).write_text(source)
    killed = len(tried) - len(survivors)
    print(f"NOTE mutants in access and payment: {killed} of {len(tried)} killed")
    for survivor in survivors:
        print(f"NOTE mutant that survives: {survivor}")
    assert killed >= LEAST_KILLED * len(tried)
