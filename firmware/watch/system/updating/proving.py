"""After the start: a system on trial proves itself or makes room for the old one, and the wearer hears how it ended."""

from micropython import const

from watch.access import states
from watch.kernel.errors import DeadlineError, StorageError
from watch.kernel.loop import Flag, deadline, sleep_ms
from watch.services.update_news import DONE, ROLLED_BACK
from watch.update.health import Report, checking
from watch.update.slots import TRIAL, Slots

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Generator, Optional

    from board.ports import Flash
    from watch.kernel.log import Log
    from watch.system.services import Services
    from watch.update.health import Check
    from watch.update.starts import Start, Starts

TRIAL_MS = const(30_000)
"""From the first frame until every device must have answered."""
_REST_MS = const(200)


class Proving:
    """Runs once.

    Args:
        starts: reads and writes what the start means.
        checks: of `health.checking`.
        services: who is told.
        version: of the system that runs, as text.
        restart: starts the watch anew.
        log: says what a system on trial has failed at.
    """

    def __init__(
        self,
        starts: "Starts",
        checks: "list[tuple[str, Optional[Check]]]",
        services: "Services",
        version: str,
        restart: "Callable[[], None]",
        log: "Log",
    ) -> None:
        self._starts, self._checks, self._services = starts, checks, services
        self._version, self._restart, self._log = version, restart, log
        self._frame = Flag()
        self._over = self._answered = False
        self._start: "Optional[Start]" = None

    def begin(self) -> None:
        """Before anything is taken: tidy up, and see what runs. Raises StorageError."""
        self._start = self._starts.started()
        self._starts.tidy()

    def served(self) -> None:
        """The main loop has served a frame."""
        self._frame.set()

    @property
    def passed(self) -> bool:
        """False as long as a system on trial has not checked itself; whether that can be written down is not asked."""
        return self._start is None or not self._start.on_trial or self._answered

    async def run(self) -> None:
        """Once the first frame was served: mark the start as good, or restart. Safe to stop and to run again."""
        start = self._start
        if self._over or start is None:
            return
        await self._frame.wait()
        self._frame.set()  # for whoever runs this again
        report = await self._asked() if start.on_trial else Report([])
        self._answered = not report.failed
        if not await _taken(self._starts.confirming(report)):
            await self._give_up(report)
            return
        self._over = True
        if start.on_trial:
            self._services.update_news.end(DONE, self._version)
        elif start.given_up is not None:
            self._services.update_news.end(ROLLED_BACK, start.given_up, self._told)

    async def _asked(self) -> Report:
        """What the devices answer in time."""
        steps = checking(self._checks, self._services.clock.ticks_ms)
        try:
            return await deadline(TRIAL_MS, _taken(steps))
        except DeadlineError:
            return Report([])  # nobody has answered for all of them

    async def _give_up(self, report: Report) -> None:
        """Not over a payment; the next start, or the one after it, is that of the old system."""
        for device, _ in report.failed:
            self._log.error("update", "does not work: " + device)
        while self._services.guard.state in states.PAYING:
            await sleep_ms(_REST_MS)
        self._over = True
        self._restart()

    def _told(self) -> None:
        try:
            self._starts.told()
        except StorageError as error:
            self._log.fault("update", error)  # the wearer is told once more


def is_up_broken(flash: "Optional[Flash]") -> bool:
    """Mark the start of a watch that cannot open its vault and says so. False if its system is on trial: it failed.

    `flash` holds the slot record. A proved system is up: whatever is wrong, an older one would not put it right.
    """
    if flash is None:
        return True
    try:
        slots = Slots(flash)
        record = slots.record()
        if record is not None and record.states[record.active] == TRIAL:
            return False
        if record is not None:
            slots.up()
    except StorageError:
        pass  # safe: the start is not marked, and after some of them the other system is tried
    return True


async def _taken(steps: "Generator[None, None, Any]") -> "Any":
    """Every step, with the other tasks between them; what the last one gives."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value
        await sleep_ms(0)
