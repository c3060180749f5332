"""A watch in a MicroPython process of its own, asked by lines of JSON (server.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tapwatch.compiled import search_path
from tests.tools.children import Deadline, leave

ROOT = Path(__file__).resolve().parents[2]
INTERPRETER = Path(sys.executable).parent / "micropython"


class WatchProcess:
    """Started once; `ask` is one deed."""

    def __init__(self, *bug: str) -> None:
        """`bug`: a mistake of planted.py to put into the watch."""
        command = [str(INTERPRETER), "-X", "heapsize=16M", "tests/lives/server.py", *bug]
        environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware")}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)
        self._deadline = Deadline(self._process)

    def ask(self, do: str, **what: Any) -> dict[str, Any]:
        """Let the watch do this; what it says. Raises RuntimeError if the process has ended."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._process.stdin.flush()
        with self._deadline.waiting(f"answer to {do}"):
            line = self._process.stdout.readline()
        if not line.startswith("{"):
            raise RuntimeError(f"the watch has ended at {do}: {line}{self._process.stdout.read()}")
        return json.loads(line)

    def close(self) -> None:
        """End it."""
        leave(self._process)
