"""Programs that tests start: nobody waits for one for ever, and none outlives its test."""

from __future__ import annotations

import contextlib
import math
import subprocess
import threading
import time
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 60.0
"""Longest wait for a line. On an idle computer it comes within a second; a busy one takes its time."""
GRACE_S = 10.0
"""A program that was told to end has so long before it is killed."""
_LOOK_S = 0.5


class Deadline:
    """Kills a program that keeps us waiting for too long, which ends every read of its output.

    One thread looks at the clock now and then, so that a question costs nothing.
    """

    def __init__(self, process: subprocess.Popen[Any], limit_s: float = PATIENCE_S) -> None:
        self._process, self._limit_s = process, limit_s
        self._until_s = math.inf
        self._late = False
        threading.Thread(target=self._look, daemon=True).start()

    @contextlib.contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Around a read of its output. Raises AssertionError, which names `what`, if it took too long."""
        self._until_s = time.monotonic() + self._limit_s
        try:
            yield
        finally:
            self._until_s = math.inf
            if self._late:
                raise AssertionError(f"{self._process.args} was killed: no {what} within {self._limit_s:g} s")

    def _look(self) -> None:
        while self._process.returncode is None:
            time.sleep(_LOOK_S)
            if time.monotonic() > self._until_s:
                self._late = True
                self._process.kill()
                return


def line(process: subprocess.Popen[Any], what: str, limit_s: float = PATIENCE_S) -> Any:
    """The next line that a program prints. Raises AssertionError if none comes in time, or it ends without one."""
    stream: IO[Any] = process.stdout  # type: ignore[assignment]
    with Deadline(process, limit_s).waiting(what):
        said = stream.readline()
    if not said:
        raise AssertionError(f"{process.args} ended with status {end(process)} before {what}{_words(process)}")
    return said


def end(process: subprocess.Popen[Any], grace_s: float = GRACE_S) -> int:
    """End a program: its input closes and it is told to; after a while it is killed. Returns its exit status."""
    with contextlib.suppress(OSError):  # what was not yet written: it has ended before
        if process.stdin is not None:
            process.stdin.close()
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(grace_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(grace_s)


def leave(process: subprocess.Popen[Any], grace_s: float = GRACE_S) -> int:
    """The same for a program that ends with its input, and has something to do before."""
    with contextlib.suppress(OSError):  # as above
        if process.stdin is not None:
            process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace_s)
    return end(process, grace_s)


def _words(process: subprocess.Popen[Any]) -> str:
    """What it said to its standard error, if that is ours to read."""
    said = process.stderr.read() if process.stderr is not None else ""
    return f": {said if isinstance(said, str) else said.decode(errors='replace')}" if said else ""
