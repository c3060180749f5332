"""Runs the MicroPython scripts of this folder from the host."""

import os
import subprocess
import sys
from pathlib import Path

from tapwatch.compiled import search_path

ROOT = Path(__file__).resolve().parents[2]
MICROPYTHON = Path(sys.executable).with_name("micropython")
_LIMIT_S = 240
_SOURCES = "firmware:.:.frozen"
"""Where the modules of another checkout are found: as they were written, since nothing is compiled there."""


def run(
    script: str, *arguments: str, before: tuple[str, ...] = (), root: Path = ROOT, given: str = ""
) -> subprocess.CompletedProcess:
    """Run a script of this folder under unix MicroPython, as the watch would import its modules.

    `before`: what to run it with; `root`: another checkout to run it in; `given`: its standard input. Raises
    AssertionError if it fails.
    """
    command = [*before, str(MICROPYTHON), "-X", "heapsize=32M", f"tests/screens/{script}", *arguments]
    environment = dict(os.environ, MICROPYPATH=search_path() if root == ROOT else _SOURCES)
    options = {"cwd": root, "env": environment, "input": given, "timeout": _LIMIT_S}
    result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if result.returncode:
        raise AssertionError(f"{script} failed:\n{result.stdout}{result.stderr}")
    return result
