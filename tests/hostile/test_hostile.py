"""Each hostile app against each wall: the packer, the watch at install without the packer's rules, and its run."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tapwatch.apps.compile import compile_module
from tapwatch.apps.count import count
from tapwatch.apps.reduce import reduce
from tapwatch.apps.text import text_of
from tapwatch.apps.vocabulary import vocabulary
from tapwatch.compiled import search_path
from tests.host.apps.projects import APP_TOML, faults, files
from tests.hostile.corpus import CORPUS, HEAD, Hostile

pytestmark = pytest.mark.share("mutants")
ROOT = Path(__file__).parents[2]
MICROPYTHON = Path(sys.executable).parent / "micropython"
FOLDER = ROOT / "build/tests/hostile"
_ASKED = '"background", "complication", "haptics", "notify", "payment", "storage", "timers", "web"'
TOML = (APP_TOML.replace("app.Tally", "app.n0").replace('"haptics"', _ASKED) + 'hosts = ["api.example.com"]\n').encode()
LEAST = 60
_MOST_MS = 1000
_MOST_GROWN = 2048
"""Bytes: a line of the log and what counts strikes."""


def _raw(one: Hostile) -> bytes:
    """Compiled as a developer's own tools would: with fuel, since nothing else is let in, but without a rule."""
    tree = reduce(ast.parse(HEAD + one.code))
    return compile_module(text_of(count(tree, vocabulary().spend)), "app.py")


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    """What the watch makes of each."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for place, one in enumerate(CORPUS):
        (FOLDER / f"{place:03}.mpy").write_bytes(_raw(one))
    environment = dict(os.environ, MICROPYPATH=search_path("tests/firmware"))
    command = [str(MICROPYTHON), "-X", "heapsize=8M", "tests/firmware/support/hostile_run.py", str(FOLDER)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found = [json.loads(line)["told"] for line in done.stdout.splitlines() if line.startswith('{"')]
    assert len(found) == len(CORPUS), done.stdout[-2000:]
    return found


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: one.tries.replace(" ", "-"))
def test_the_packer_names_the_rule(one: Hostile) -> None:
    made = files(app__py=HEAD + one.code)
    made["app.toml"] = TOML
    found = faults(made)
    assert (one.rule in {fault.rule for fault in found}) if one.rule else not found, found
    assert all(fault.file == "app.py" and fault.line > 0 for fault in found if fault.rule == one.rule)


def test_none_escapes(told: list[dict[str, Any]]) -> None:
    walls: Counter[str] = Counter("packer" for one in CORPUS if one.rule)
    wrong = []
    for one, seen in zip(CORPUS, told, strict=True):
        fits = one.watch in seen["install"] if one.watch else not seen["install"]
        if seen["install"]:
            walls["install"] += 1
        else:
            walls["crash card" if seen["card"] else "nothing to be had"] += 1
            fits = fits and one.card in seen["card"] and bool(one.card) == bool(seen["card"])
            fits = fits and not seen["left"] and seen["ms"] < _MOST_MS and seen["grown"] < _MOST_GROWN
        if not fits:
            wrong.append((one.tries, seen))
    slowest = max((seen.get("ms", 0), one.tries) for one, seen in zip(CORPUS, told, strict=True))
    print(f"NOTE hostile: {len(CORPUS)} apps, {len(wrong)} escapes; stopped by {dict(walls)}; slowest stop {slowest}")
    assert not wrong, "\n".join(map(str, wrong))
    assert len(CORPUS) >= LEAST
