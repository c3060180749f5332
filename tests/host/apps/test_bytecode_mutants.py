"""Damaged modules of built-in apps: refused, or run in a process of their own without bringing it down."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tapwatch import compiled

ROOT = Path(__file__).parents[3]
COUNT = 2000 if os.environ.get("TAPWATCH_LONG") else 100
MOST_MS = 50
"""Longest that the check of one module may take, whatever is in it."""


def test_what_is_let_through_does_no_harm(tmp_path: Path) -> None:
    """Of mutants that the verifier accepts, none ends the interpreter, whatever is called with whatever."""
    path = compiled.search_path("tests/firmware")
    command = [str(Path(sys.executable).with_name("micropython")), "-X", "heapsize=16M"]
    command += ["tests/firmware/support/run_mutants.py", "20261123", str(COUNT), str(tmp_path)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"MICROPYPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-2000:]
    numbers = {name: int(value) for name, value in re.findall(r"(\w+) (\d+)", done.stdout.splitlines()[-1])}
    print(f"NOTE bytecode: {done.stdout.splitlines()[-1]}")
    assert numbers["ran"] == COUNT
    assert numbers["refused"] > COUNT
    assert numbers["calls"] > 10 * COUNT
    assert numbers["slowest_ms"] <= MOST_MS
