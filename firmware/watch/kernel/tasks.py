"""Named tasks under supervision.

A task that raises is started again after a pause that doubles from 100 ms to one minute. If it is critical,
`on_critical` is called first, at once, and locks the watch. A task that returns is done; a cancelled one stays so.
"""

import asyncio

from micropython import const

from watch.kernel.errors import StateError
from watch.kernel.loop import sleep_ms, stop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Coroutine, Optional

    from watch.kernel.clock import Clock
    from watch.kernel.log import Log

    Body = Callable[[], Coroutine[None, None, None]]

RUNNING = "running"
WAITING = "waiting"  # failed; will be started again
DEAD = "dead"  # failed, and so did `on_critical`
DONE = "done"
CANCELLED = "cancelled"

_PAUSE_MIN_MS = const(100)
_PAUSE_MAX_MS = const(60000)
_HEALTHY_S = const(60)  # a run this long starts the next series of pauses from the shortest


class Job:
    """One supervised task: its name, state and history."""

    def __init__(self, name: str, body: "Body", critical: bool) -> None:
        """`body()` makes a new coroutine for each start."""
        self.name = name
        self.critical = critical
        self.state = RUNNING
        self.restarts = 0
        self.body = body
        self.unwanted = False
        self.started_s = 0
        self.task: "Optional[asyncio.Task[None]]" = None


class Supervisor:
    """Starts tasks, restarts those that fail, and knows how they are."""

    def __init__(self, clock: "Clock", log: "Log", on_critical: "Callable[[str, Exception], None]") -> None:
        """`on_critical(name, error)` is called in the moment a critical task fails; it must not wait."""
        self._clock = clock
        self._log = log
        self._on_critical = on_critical
        self._jobs: "list[Job]" = []

    def start(self, name: str, body: "Body", critical: bool = False) -> Job:
        """Run `body()` as the task `name`. Raises StateError if a task of that name is still alive."""
        old = self._find(name)
        if old is not None:
            if old.state in (RUNNING, WAITING):
                raise StateError("task runs already: " + name)
            self._jobs.remove(old)
        job = Job(name, body, critical)
        self._jobs.append(job)
        job.task = asyncio.create_task(self._supervise(job))
        return job

    def jobs(self) -> "list[Job]":
        """The latest task of each name, in the order they were started."""
        return list(self._jobs)

    async def cancel(self, name: str) -> None:
        """Cancel one task and wait until its `finally` blocks have run. Raises KeyError for an unknown name."""
        job = self._find(name)
        if job is None or job.task is None:
            raise KeyError(name)
        job.unwanted = True
        await stop(job.task)
        if job.state != DONE:
            job.state = CANCELLED

    async def cancel_all(self) -> None:
        """Cancel every task, the latest first, as they may use those started before them."""
        for job in reversed(self._jobs):
            await self.cancel(job.name)

    def _find(self, name: str) -> "Optional[Job]":
        """The latest task of that name."""
        for job in self._jobs:
            if job.name == name:
                return job
        return None

    async def _supervise(self, job: Job) -> None:
        """Run one job until it is done or unwanted, however often it fails."""
        pause_ms = _PAUSE_MIN_MS
        while not await self._run_once(job):
            if self._clock.security_s() - job.started_s >= _HEALTHY_S:
                pause_ms = _PAUSE_MIN_MS
            await sleep_ms(pause_ms)
            pause_ms = min(2 * pause_ms, _PAUSE_MAX_MS)
            job.restarts += 1

    async def _run_once(self, job: Job) -> bool:
        """Run the body to its end and note the outcome in the job. True when it must not be started again."""
        job.state = RUNNING
        job.started_s = self._clock.security_s()
        try:
            await job.body()
            job.state = DONE
        except KeyboardInterrupt:
            job.task = asyncio.create_task(self._supervise(job))  # for a loop that goes on: this task goes with it
            raise
        except Exception as error:  # noqa: BLE001
            # Supervision is the last line: whatever a task raises is noted, acted on and answered by a restart.
            self._fail(job, error)
        return job.unwanted or job.state == DONE

    def _fail(self, job: Job, error: Exception) -> None:
        """A body has raised."""
        job.state = DEAD
        self._log.fault(job.name, error)
        if job.critical:
            self._on_critical(job.name, error)
        job.state = WAITING
