"""What the packer makes, the watch's own check of bytecode takes: the two were written separately."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.apps import compile as compiler
from tapwatch.apps import pack, project, scaffold
from tapwatch.apps.faults import PackProblem
from tapwatch.compiled import search_path
from tests.host.apps.accepted_sources import ACCEPTED
from tests.host.apps.endless_sources import ENDLESS
from tests.host.apps.hostile_sources import HOSTILE
from tests.host.apps.projects import APP, faults_of, files, written
from tests.host.apps.test_pack_fuzz import mutated

ROOT = Path(__file__).parents[3]
MICROPYTHON = Path(sys.executable).parent / "micropython"
LONG = bool(os.environ.get("TAPWATCH_LONG"))
_NUMBERS_S = 0.5
"""The compiler takes some milliseconds, but for numbers of a million digits, which the rules spare it."""
_CHECK = """
import os, sys
from watch.apps.verifier import bytecode
from watch.kernel.errors import BytecodeError
root = "%s"
count = 0
for app in os.listdir(root):
    found = os.listdir(root + "/" + app)
    modules = tuple([name[:-4] for name in found if name.endswith(".mpy")])
    for module in modules:
        count += 1
        try:
            with open("%%s/%%s/%%s.mpy" %% (root, app, module), "rb") as file:
                for _ in bytecode.verify(file.read(), modules, "tally"):
                    pass
        except BytecodeError as error:
            print(app, module, error)
print(count)
"""


def refused(folder: Path, built: dict[str, pack.Built]) -> tuple[list[str], int]:
    """What the watch says against packed apps, and how many modules it has looked at."""
    for name, one in built.items():
        written(folder / name, {file: data for file, data in one.files.items() if file.endswith(".mpy")})
    environment = dict(os.environ, MICROPYPATH=search_path())
    command = [str(MICROPYTHON), "-X", "heapsize=16M", "-c", _CHECK % folder]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    *lines, count = done.stdout.splitlines()
    return lines, int(count)


def _built(code: str) -> pack.Built:
    return pack.build(project.parse(files(app__py=code), "test"))


def test_every_form_that_the_rules_allow_is_taken(tmp_path: Path) -> None:
    for name, code in ACCEPTED.items():
        assert faults_of(code) == (), name
    built = {f"form{place}": _built(APP + code) for place, code in enumerate(ACCEPTED.values())}
    built |= {f"endless{place}": _built(code) for place, code in enumerate(ENDLESS.values())}
    for kind in ("app", "face"):
        built[kind] = pack.build(project.load(scaffold.write(tmp_path / "new", "of_" + kind, kind)))
    lines, count = refused(tmp_path / "made", built)
    print(f"NOTE apps.forms {count} packed modules in every form of source, {len(lines)} refused by the watch")
    assert lines == [] and count == len(built)


@pytest.mark.share("mutants")
@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # a mutant is what Python warns its writer of
def test_what_mutated_sources_are_packed_to_is_taken(tmp_path: Path) -> None:
    dice = random.Random(7)
    sources = [APP] * len(ACCEPTED) + [APP + code for code in ACCEPTED.values()]
    built: dict[str, pack.Built] = {}
    for place in range(6000 if LONG else 500):
        try:
            built[f"app{place}"] = _built(mutated(dice.choice(sources), dice))
        except PackProblem:
            continue
    lines, count = refused(tmp_path, built)
    print(f"NOTE apps.fuzz.watch {count} modules of mutated sources packed, {len(lines)} refused by the watch")
    assert lines == [] and count > 10


@pytest.mark.share("mutants")
def test_hostile_sources_that_the_rules_refuse_are_refused_by_the_watch_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guard, and a number: without its rules the packer would pass these on, and the watch has the last word."""
    monkeypatch.setattr(compiler, "_TIMEOUT_S", _NUMBERS_S)
    built = {}
    for place, (_, code) in enumerate(HOSTILE):
        try:
            built[f"hostile{place}"] = _unjudged(APP + code)
        except (PackProblem, SyntaxError):
            continue
    lines, count = refused(tmp_path, built)
    print(
        f"NOTE apps.hostile {len(lines)} of {count} sources that only the rules refuse are refused by the watch as well"
    )
    assert len(lines) > count // 3


def _unjudged(code: str) -> pack.Built:
    before = pack.rules.judge
    pack.rules.judge = lambda source: []
    try:
        return _built(code)
    finally:
        pack.rules.judge = before


def test_the_map_of_every_form_can_be_written() -> None:
    for code in ACCEPTED.values():
        assert json.loads(json.dumps(_built(APP + code).map))["names"]
