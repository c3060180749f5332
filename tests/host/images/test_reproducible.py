"""The same source makes the same bytes: in another folder, at another place in the world, in another order."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.errors import UserError
from tapwatch.images.build import Built, build, built_time
from tapwatch.images.source_digest import source_digest
from tests.host.images import trees

TAPWATCH = Path(sys.executable).with_name("tapwatch")
RECIPE = (
    "find firmware board -type f -not -name '*.pyc' -not -path '*/.*' -print0"
    " | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
)
PLACES = (
    {"TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "1", "umask": "0022"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "umask": "0077"},
)


def test_two_builds_in_different_places_have_the_same_bytes(tmp_path: Path, small: Built) -> None:
    for place in PLACES:
        folder = tmp_path / place["TZ"].replace("/", "_")
        texts = list(trees.SMALL)
        for path in texts if place["umask"] == "0022" else reversed(texts):  # the order in which a folder lists them
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(trees.SMALL[path])
        command = [str(TAPWATCH), "build", "--board", trees.BOARD, "--source", ".", "--out", "out"]
        environment = {**os.environ, **place, "SOURCE_DATE_EPOCH": str(trees.BUILT_S)}
        umask = int(place["umask"], 8)
        subprocess.run(command, cwd=folder, env=environment, umask=umask, check=True, capture_output=True)
        made = (folder / "out/trial.twi").read_bytes()
        assert hashlib.sha256(made).hexdigest() == hashlib.sha256(small.image).hexdigest()


def test_what_is_kept_of_another_source_is_not_used(tmp_path: Path) -> None:
    """Also if it has the same time and length."""
    tree = trees.small(tmp_path)
    first = build(trees.plan_of(tree))
    path = tree / "firmware/drivers/lamp.py"
    times = path.stat()
    path.write_text(path.read_text().replace("3", "4"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    second = build(trees.plan_of(tree))
    changed = [name for name in first.files if first.files[name] != second.files[name]]
    assert changed == ["drivers/lamp.mpy"] and first.statement.source != second.statement.source
    path.write_text(trees.SMALL["firmware/drivers/lamp.py"])
    assert build(trees.plan_of(tree)).image == first.image


def test_the_hash_of_the_source_is_what_a_shell_works_out(tmp_path: Path) -> None:
    tree = trees.small(tmp_path)
    for path in ("firmware/watch/__pycache__/x.pyc", "firmware/.hidden", "board/.git/config"):
        (tree / path).parent.mkdir(exist_ok=True)
        (tree / path).write_text("not of the tree")
    for path in ("firmware/watch/z.py", "firmware/watch/Z.py", "firmware/watch-1.py", "firmware/watch/é.txt"):
        (tree / path).write_text(path)
    said = subprocess.run(RECIPE, shell=True, cwd=tree, check=True, capture_output=True, text=True)  # noqa: S602
    assert said.stdout.split()[0] == source_digest(tree).hex()


def test_the_recipe_is_that_of_the_page() -> None:
    assert RECIPE.replace(" | LC_ALL", " \\\n  | LC_ALL") in (trees.ROOT / "docs/building.md").read_text()


def test_the_time_is_that_of_the_commit_or_must_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    with pytest.raises(UserError, match="nothing says when"):
        built_time(tmp_path)
    stamp = {"GIT_AUTHOR_DATE": "1795000000 +0800", "GIT_COMMITTER_DATE": "1795000000 +0800", "HOME": str(tmp_path)}
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for words in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", *words], cwd=tmp_path, env={**os.environ, **stamp}, check=True)
    assert built_time(tmp_path) == 1_795_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000001")
    assert built_time(tmp_path) == 1_795_000_001
    for wrong in ("now", "-1", "1.5", str(1 << 32)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(UserError, match="SOURCE_DATE_EPOCH"):
            built_time(tmp_path)
