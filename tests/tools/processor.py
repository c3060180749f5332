"""Time in which a program had to wait because other programs had the processors: none of its own doing."""

from __future__ import annotations

import os
import time
from pathlib import Path

_WAITED = 1
"""Second number of a `schedstat`: ns in which a thread could have run and had no processor (Linux, sched-stats)."""


def queued_s(*pids: int) -> float:
    """Seconds that all threads of this process and of these have waited for a processor, in all their lives.

    0 where the system does not count them; then wall-clock limits are what they are.
    """
    waited_ns = 0
    for pid in (os.getpid(), *pids):
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                waited_ns += int(thread.read_text().split()[_WAITED])
            except (OSError, IndexError):  # it has ended meanwhile
                continue
    return waited_ns / 1e9


def queued_main_s() -> float:
    """The same for the main thread of this process alone."""
    try:
        return int(Path("/proc/self/schedstat").read_text().split()[_WAITED]) / 1e9
    except (OSError, IndexError):
        return 0.0


class Stopwatch:
    """Seconds since it was made, without those in which this process and some others waited for a processor.

    On a computer with nothing else to do this is the time on the wall. A limit on what our programs do by themselves
    holds on a busy computer too.
    """

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._queued_s = queued_s(*pids)
        self._began_s = time.monotonic()

    @property
    def waited_s(self) -> float:
        """Seconds that were waited for a processor."""
        return max(0.0, queued_s(*self._pids) - self._queued_s)

    @property
    def seconds(self) -> float:
        """As said above; a tenth of the time on the wall at least: several may have waited at once."""
        passed_s = time.monotonic() - self._began_s
        return max(passed_s / 10, passed_s - self.waited_s)
