"""The hot path and the parsers on 32-bit objects (R12): MicroPython's WebAssembly port against the 64-bit one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tapwatch.compiled import search_path
from tests.tools.upy_process import LONG
from tests.wasm import stage

if TYPE_CHECKING:
    from pathlib import Path

PORT = stage.ROOT / ".venv/wasm/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs"
RUNS = 1_000 if os.environ.get(LONG) else 40
MOST_A_TAP = 4_096
pytestmark = pytest.mark.share("system")


@dataclass
class Told:
    """What one interpreter printed."""

    same: list[str]
    measured: list[list[str]]

    def measure(self, name: str) -> list[int]:
        """The last number of every measurement of that name."""
        return [int(words[-1]) for words in self.measured if words[0] == name]


def told(command: list[str], environment: dict[str, str]) -> Told:
    """Run one interpreter to its end."""
    done = subprocess.run(command, cwd=stage.ROOT, env=environment, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert lines and lines[-1] == "= done", done.stdout[-2000:] + done.stderr[-2000:]
    return Told([line for line in lines if line[0] == "="], [line[2:].split() for line in lines if line[0] == "#"])


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The WebAssembly port."""
    node = shutil.which("node")
    if node is None or not PORT.exists():
        pytest.skip("node or the WebAssembly port of MicroPython is missing: run `make setup`")
    staged = tmp_path_factory.mktemp("wasm") / "stage.json"
    staged.write_text(json.dumps(stage.tree(RUNS)))
    return told([node, str(stage.ROOT / "tests/wasm/run.mjs"), str(PORT), str(staged)], dict(os.environ))


@pytest.fixture(scope="module")
def wide() -> Told:
    """The unix port with the firmware as it is, native code and all."""
    program = str(stage.ROOT / ".venv/bin/micropython")
    environment = {**os.environ, "MICROPYPATH": search_path()}
    return told([program, "-X", "heapsize=8M", "-c", "\n".join(stage.steps(RUNS))], environment)


def test_both_say_the_same(narrow: Told, wide: Told) -> None:
    assert narrow.measure("word") == [4]
    assert wide.measure("word") == [8]
    apart = [pair for pair in zip(narrow.same, wide.same, strict=True) if pair[0] != pair[1]]
    assert apart[:3] == []
    taps = sum(line.split()[1] in ("tap", "chained", "cut", "twice", "other", "deselect") for line in narrow.same)
    print(f"NOTE 32-bit objects: {taps} visits of a reader and {len(narrow.same) - taps} parser results as on 64 bit")


def test_memory_of_the_hot_path(narrow: Told, wide: Told) -> None:
    costs = narrow.measure("tap")
    assert max(costs) <= MOST_A_TAP
    assert narrow.measure("frames") == [0]
    growth = narrow.measure("growth")
    assert len(growth) == len(stage.CARDS)
    assert max(growth) < RUNS, "a block for each tap would be 16 bytes"
    assert max(wide.measure("growth")) <= 0
    print(f"NOTE 32-bit objects: a tap allocates {min(costs)} to {max(costs)} bytes, frames 0")
    print(f"NOTE 32-bit objects: bytes by which the heap grew in {RUNS} taps, by card: {growth}")


def test_nothing_that_runs_needs_pointers() -> None:
    """Beside the replaced file only code beside the hot path does arithmetic on pointers."""
    beside = {"blocks", "ghash", "limbs", "modular", "p256_comb", "p256_field", "p256_point", "p256_wnaf"}
    assert {path.split("/")[-1][:-3] for path in stage.untranslated(stage.firmware())} <= beside


def test_a_difference_is_noticed(wide: Told, tmp_path: Path) -> None:
    """The comparison can fail: an interpreter that loses the 31st bit of an amount tells something else."""
    program = (
        "import watch.payment.tlv as t; plain = t.parse_number\n"
        "t.parse_number = lambda *a: plain(*a) & 0x3FFFFFFF\n" + "\n".join(stage.steps(0))
    )
    environment = {**os.environ, "MICROPYPATH": search_path()}
    spoiled = told([str(stage.ROOT / ".venv/bin/micropython"), "-X", "heapsize=8M", "-c", program], environment)
    assert spoiled.same != wide.same
