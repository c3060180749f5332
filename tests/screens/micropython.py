"""Runs the MicroPython scripts of this folder from the host."""

import os
import subprocess
import sys
from pathlib import Path

from tapwatch.compiled import search_path

ROOT = Path(__file__).resolve().parents[2]
MICROPYTHON = Path(sys.executable).with_name("micropython")
_LIMIT_S = 120


def run(script: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """Run a script of this folder under unix MicroPython, as the watch would import its modules."""
    command = [*before, str(MICROPYTHON), "-X", "heapsize=16M", f"tests/screens/{script}", *arguments]
    environment = dict(os.environ, MICROPYPATH=search_path())
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_LIMIT_S, check=False
    )
    if result.returncode:
        raise AssertionError(f"{script} failed:\n{result.stdout}{result.stderr}")
    return result
