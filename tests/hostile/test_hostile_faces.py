"""The chosen face crashes or hangs at every start: the watch comes up each time, and soon with another face."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess

import pytest

from tapwatch.apps.compile import compile_module
from tapwatch.apps.count import count
from tapwatch.apps.reduce import reduce
from tapwatch.apps.text import text_of
from tapwatch.apps.vocabulary import vocabulary
from tapwatch.compiled import search_path
from tests.hostile.test_hostile import MICROPYTHON, ROOT

pytestmark = pytest.mark.share("mutants")
FOLDER = ROOT / "build/tests/hostile_faces"
HEAD = "from watch.apps.api import Box, Face\n"
_CLASS = "class n0(Face):\n    def {}:\n        {}\n"
_SLOW = "class n1(Box):\n    def draw(self, canvas):\n        raise KeyError\n"
FACES = {
    "module": "n2 = 1\nif n2 > 0:\n    raise ValueError\n" + _CLASS.format("build(self)", "pass"),
    "module_loops": "n2 = 1\nwhile n2 > 0:\n    pass\n" + _CLASS.format("build(self)", "pass"),
    "makes": _CLASS.format("__init__(self, n2)", "raise ValueError"),
    "builds": _CLASS.format("build(self)", "raise ValueError"),
    "ends_tasks": _CLASS.format("build(self)", "raise StopIteration"),
    "loops": _CLASS.format("tick(self, now)", "while True:\n            pass"),
    "hoards": _CLASS.format("build(self)", "self.n1 = bytearray(1 << 28)"),
    "draws": _SLOW + _CLASS.format("build(self)", "self.add(n1(0, 0, 99, 99, 0, 1))"),
    "no_face": "n0 = 5\n",
    "hangs": _CLASS.format("build(self)", "pass"),
}
"""What each does wrong, by name. `hangs` is ended by the watchdog, which tells at the next start."""
_STRIKES = 3


def test_a_face_that_fails_at_every_start_gives_way() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name, code in FACES.items():
        tree = count(reduce(ast.parse(HEAD + code)), vocabulary().spend)
        (FOLDER / f"{name}.mpy").write_bytes(compile_module(text_of(tree), "app.py"))
    environment = dict(os.environ, MICROPYPATH=search_path("tests/firmware"))
    command = [str(MICROPYTHON), "-X", "heapsize=8M", "tests/firmware/support/hostile_faces.py", str(FOLDER)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"')]
    assert {one["name"] for one in told} == set(FACES)
    for one in told:
        boots = one["boots"]
        assert not one["refused"] and one["off"], one
        assert all(boot["answers"] for boot in boots), one
        assert sum(boot["ran"] == "hostile" for boot in boots) == _STRIKES, one
        assert boots[-1]["ran"] != "hostile" and boots[-1]["alive"], one
    starts = sum(len(one["boots"]) for one in told)
    print(f"NOTE hostile faces: {len(told)} that fail at every start, {starts} starts, off after {_STRIKES} of them")
