"""Runs MicroPython programs of the bench and counts what they cost.

Instructions are counted by callgrind on the unix port (64-bit), in two ways. A *slope* is the difference between two
numbers of repetitions of a whole program (`tests/bench/scenarios.py`). *Parts* are pieces of one run
(`tests/bench/marked.py`): callgrind writes its count down and starts anew whenever the program calls `time.ticks_cpu`,
which nothing else does.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tapwatch.compiled import PLACES, refresh

ROOT = Path(__file__).resolve().parents[2]
MICROPYTHON = Path(sys.executable).with_name("micropython")
CUT_FUNCTION = "time_ticks_cpu"
"""The C function behind `time.ticks_cpu`."""
FEW, MANY = 5, 25
HEAP = "8M"
"""What stands for a board with 4 MB of PSRAM: objects are twice as large on 64 bit."""
BOARD_HEAP = "4M"
"""What a board with 2 MB of PSRAM has."""
DEADLINE_S = 1200
"""A program under callgrind runs fifty times slower, and more slowly still on a busy computer."""
_TOTAL = re.compile(r"Collected : (\d+)")
_SUMMARY = re.compile(r"^summary: (\d+)$", re.MULTILINE)
_EVERYTHING = "**/*.py"
_BESIDE = (
    "tests/bench/scenes/*.py",
    f"tests/firmware/{_EVERYTHING}",
    *(f"tests/screens/{name}.py" for name in ("panel", "known", "touches", "television", "*desk", "*scenes")),
)
_PLACES = PLACES | {".": PLACES["."] + _BESIDE, "tests/firmware": (_EVERYTHING,)}
_CUT = "cut"
"""Name of the part that only measures what a cut costs: tests/bench/scenes/marks.py."""


class BenchError(Exception):
    """Something could not be measured."""


@dataclass
class Parts:
    """What the parts of a run have cost, in sum by name."""

    cost: dict[str, int]
    notes: dict[str, Any]


def need_valgrind() -> None:
    """Raise BenchError without valgrind."""
    if shutil.which("valgrind") is None:
        raise BenchError("valgrind is missing; apt-get install valgrind")


@functools.cache
def search_path() -> str:
    """Where programs find the firmware and what the bench needs beside it, as .mpy files, which is what a watch has.

    A program starts thirty times faster from these, which is most of its time under callgrind.
    """
    return ":".join([*(str(refresh(place, names, under="build/bench")) for place, names in _PLACES.items()), ".frozen"])


def run(script: str, *arguments: str, before: tuple[str, ...] = (), heap: str = HEAP) -> subprocess.CompletedProcess:
    """Run a MicroPython script from the root of the repository. Raises BenchError if it fails."""
    command = [*before, str(MICROPYTHON), "-X", f"heapsize={heap}", script, *arguments]
    environment = dict(os.environ, MICROPYPATH=search_path())
    options = {"cwd": ROOT, "env": environment, "capture_output": True, "text": True, "timeout": DEADLINE_S}
    result = subprocess.run(command, check=False, **options)
    if result.returncode:
        raise BenchError(f"{script} {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
    return result


def slope(script: str, *arguments: str, few: int = FEW, many: int = MANY) -> int:
    """Instructions of one repetition: the slope between `few` and `many`."""

    def total(repetitions: int) -> int:
        result = run(script, *arguments, str(repetitions), before=_callgrind("/dev/null"))
        found = _TOTAL.search(result.stderr)
        if not found:
            raise BenchError("callgrind printed no count")
        return int(found[1])

    return (total(many) - total(few)) // (many - few)


def scenario(name: str, few: int = FEW, many: int = MANY) -> int:
    """Instructions of one repetition of a scenario."""
    return slope("tests/bench/scenarios.py", name, few=few, many=many)


def timed(name: str, repetitions: int = 20, heap: str = HEAP) -> dict[str, Any]:
    """What a scenario prints: its fastest time in us, and its notes."""
    return _last_line(run("tests/bench/scenarios.py", name, str(repetitions), heap=heap))


def counted(scene: str) -> Parts:
    """Instructions of the parts of a scene, less what a cut costs."""
    parts, notes = _paid(scene)
    return Parts(_sums(parts), notes)


def longest(scene: str) -> dict[str, int]:
    """As `counted`, but of all parts of a name the dearest one; parts without a name are left out."""
    found: dict[str, int] = {}
    for name, cost in _paid(scene)[0]:
        if name not in ("", _CUT):
            found[name] = max(cost, found.get(name, 0))
    return found


def _paid(scene: str) -> tuple[list[tuple[str, int]], dict[str, Any]]:
    """Name and instructions of each part of a scene, less what a cut costs, and what the scene notes."""
    told, costs = cut_up("tests/bench/marked.py", scene, "instructions")
    names = [name for name, _, _ in told["parts"]]
    cut = costs[names.index(_CUT)]
    return [(name, cost - cut) for name, cost in zip(names, costs[: len(names)], strict=True)], told["notes"]


def cut_up(script: str, *arguments: str) -> tuple[Any, list[int]]:
    """What a script prints in its last line, as JSON, and the instructions up to its first cut, to its second, ...

    What comes behind the last cut is the last of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "parts"
        before = (*_callgrind(str(out)), f"--dump-before={CUT_FUNCTION}")
        told = _last_line(run(script, *arguments, before=before))
        dumps = [out.with_name(f"parts.{i}") for i in range(1, 1 + len(list(out.parent.iterdir())))]
        return told, [_summary(dump) for dump in dumps if dump.exists()]


def sampled(scene: str, what: str, heap: str = HEAP) -> Parts:
    """The parts of a scene in "bytes" allocated or in "us"."""
    told = _last_line(run("tests/bench/marked.py", scene, what, heap=heap))
    return Parts(_sums((name, after - before) for name, before, after in told["parts"]), told["notes"])


def fastest_us(call: Callable[[], object], repetitions: int = 20) -> float:
    """The fastest of a few calls here in Python, in microseconds."""
    times = []
    for _ in range(repetitions):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times) * 1e6


def _callgrind(out: str) -> tuple[str, ...]:
    return ("valgrind", "--tool=callgrind", f"--callgrind-out-file={out}")


def _last_line(result: subprocess.CompletedProcess) -> dict[str, Any]:
    return json.loads(result.stdout.splitlines()[-1])


def _summary(dump: Path) -> int:
    found = _SUMMARY.search(dump.read_text())
    if not found:
        raise BenchError("callgrind wrote no summary")
    return int(found[1])


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for name, cost in pairs:
        sums[name] += cost
    return dict(sums)
