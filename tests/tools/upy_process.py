"""A unix MicroPython process that runs firmware tests one after the other."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from tapwatch.compiled import search_path
from tests.tools.firmware_coverage import HITS, TREE

ROOT = Path(__file__).resolve().parents[2]
MICROPYTHON = Path(sys.executable).parent / "micropython"
RUNNER = "tests/tools/upy_runner.py"
HEAP = "8M"
"""As much as the boards have. More would cost time: every lock writes over all of it that is free."""
GRACE_S = 3
LONG = "TAPWATCH_LONG"
"""Environment variable: the long forms of the tests run."""
COVERAGE = "TAPWATCH_COVERAGE"
"""Environment variable: run the marked copy of the firmware and report the lines covered."""
MARK = "\x1e"


@dataclass(frozen=True)
class Outcome:
    """What one firmware test did."""

    status: str
    """`passed`, `failed`, `skipped`, `crashed` or `timeout`."""
    text: str
    """Traceback, reason of the skip, or exit status; empty for a pass."""
    output: str
    """Everything the test printed."""


class UpyProcess:
    """One interpreter. A crash or a timeout ends it; the caller then makes another."""

    def __init__(self, root: Path = ROOT, heap: str = HEAP) -> None:
        """Start the interpreter with `root` as its working directory and a heap of this size."""
        path = search_path("tests/firmware")
        environment = dict(os.environ, MICROPYPATH=path)
        command = [str(MICROPYTHON), "-X", f"heapsize={heap}", str(ROOT / RUNNER)]
        if os.environ.get(COVERAGE):
            environment["MICROPYPATH"] = f"{TREE}:{path}"
            command.append(f"{HITS}/{uuid.uuid4()}.json")
        self._process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    @property
    def alive(self) -> bool:
        """True while the interpreter runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the interpreter."""
        try:
            self._process.communicate(timeout=GRACE_S)  # closes its input: it saves what it has to and leaves
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def run(self, path: str, name: str, timeout_s: float) -> Outcome:
        """Run the function `name` of the test file `path` (relative to the root).

        At the timeout the test is interrupted, which shows where it hung; if that does not help, it is killed.
        """
        interrupt = threading.Timer(timeout_s, self._process.send_signal, (signal.SIGINT,))
        kill = threading.Timer(timeout_s + GRACE_S, self._process.kill)
        start = time.monotonic()
        interrupt.start()
        kill.start()
        try:
            outcome = self._exchange(f"{path}\t{name}\n")
        finally:
            interrupt.cancel()
            kill.cancel()
        if time.monotonic() - start < timeout_s:
            return outcome
        self.close()
        return Outcome("timeout", f"no result within {timeout_s:g} s\n{outcome.text}", outcome.output)

    def _exchange(self, request: str) -> Outcome:
        """Send one request and read up to its result, or to the end of the interpreter."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # then reading ends at once and the exit status is reported
            self._process.stdin.write(request.encode())
            self._process.stdin.flush()
        output, result = self._read()
        if result is None:
            return Outcome("crashed", f"MicroPython ended with status {self._process.wait()}", output)
        return Outcome(result["status"], result.get("text", ""), output)

    def _read(self) -> "tuple[str, dict | None]":
        """Collect printed lines up to the result line; no result when the interpreter ended first."""
        assert self._process.stdout is not None
        printed: list[str] = []
        for raw in self._process.stdout:
            line = raw.decode(errors="replace")
            if MARK not in line:
                printed.append(line)
                continue
            before, _, result = line.partition(MARK)
            return "".join(printed) + before, json.loads(result)
        return "".join(printed), None
