"""Drives an update from its parts to the restart: asks the wearer, and lets what takes long run beside the tasks.

The work is a generator in small steps. It is kept here and not in the task that takes them: a task that is stopped
goes on with the same step when it is started again. While a card is armed or a reader is served no step is taken.
"""

from micropython import const

from watch.access import states
from watch.crypto.hashes import equal
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import LostError, StateError, StorageError, UpdateError, WatchError, WriteError
from watch.kernel.loop import Flag, sleep_ms
from watch.services.offers import ACCEPTED, Update
from watch.services.update_news import FAILED
from watch.update.statement import DEVELOPMENT
from watch.update.updates import ASKED, COMING, WRITING

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Generator, Optional

    from watch.kernel.log import Log
    from watch.system.services import Services
    from watch.update.updates import Offer, Updates

    Steps = Generator[None, None, None]

REST_MS = const(200)
"""Between two looks whether the payment is over."""
FAREWELL_MS = const(1_500)
"""From the last step to the restart: whoever sent the update asks how it goes, and the wearer sees that it is done."""
PATIENCE_MS = const(600_000)
"""So long after the yes, or the part before, a part may come: then the wearer is asked again."""
_HALF = const(2)
"""Coming is one half of an update for the wearer, what the watch makes of it the other."""
_HALF_PERCENT = const(50)
_WHOLE = const(100)


class Course:
    """Takes updates.

    Args:
        updates: does the work.
        services: where the wearer is asked and told.
        version: of the system that runs, as text.
        restart: starts the watch anew.
        log: where unexpected errors go.
    """

    def __init__(
        self, updates: "Updates", services: "Services", version: str, restart: "Callable[[], None]", log: "Log"
    ) -> None:
        self._updates, self._services, self._version = updates, services, version
        self._restart, self._log = restart, log
        self._news = Flag()
        self._steps: "Optional[Steps]" = None
        self._found: "Optional[Offer]" = None
        """What the wearer is asked about."""
        self._question: "Optional[Update]" = None
        self._agreed = False
        self._trouble: "Optional[tuple[bytes, str]]" = None
        """File, and the code of the error that ended its last step. It may be tried again."""
        self._moved_ms = 0
        """When a part came, or the last step was taken."""

    def take(self, digest: bytes, offset: int, total: int, part: bytes) -> int:
        """Keep a part of an image or a delta; bytes held so far.

        Raises InputError for one that does not fit, StateError while a card is armed or an update is under way,
        NoPasscodeError on a watch whose wearer could not be asked, FullError, WriteError.
        """
        self._services.offers.expect_wearer()
        self._expect_calm()
        try:
            held = self._updates.take(digest, offset, total, part)
        except StorageError:
            if not self._updates.incoming.total:
                self._give_up()  # what had come is lost
            raise
        self._trouble = None
        self._moved_ms = self._services.clock.ticks_ms()
        self._follow()
        return held

    def go(self, digest: bytes) -> "tuple[str, int]":
        """Go on with a file that is coming or here; its state and how far that is in percent.

        Raises LostError on a lost watch and NoPasscodeError on one that is not set up: nobody could be asked there.
        """
        if self._services.guard.state == states.LOST:
            raise LostError("a lost watch is not updated")
        trouble, self._trouble = self._trouble, None
        if trouble is not None and equal(trouble[0], digest):
            return trouble[1], _WHOLE
        state = self._updates.state(digest)
        if state[0] == COMING:
            self._services.offers.expect_wearer()
        if self._steps is None and state[0] == COMING:
            self._begin(self._looking(digest))
        elif state[0] == ASKED and self._question is None and not self._agreed:
            self._ask()  # there was no room for the question
        return state

    def clear(self) -> None:
        """Forget all of it: the watch erases itself. Raises WriteError if a file stays."""
        self._drop()
        self._updates.clear()

    def tick(self) -> None:
        """To be called about once a second."""
        idle_ms = ticks_diff(self._services.clock.ticks_ms(), self._moved_ms)
        if self._updates.wants_restart and self._steps is None:
            if idle_ms >= FAREWELL_MS and self._services.guard.state not in states.PAYING:
                self._moved_ms = self._services.clock.ticks_ms()
                self._restart()
        elif self._agreed and self._steps is None and not 0 <= idle_ms < PATIENCE_MS:
            self._give_up()

    async def serve(self) -> None:
        """The task: takes every step there is."""
        while True:
            if self._steps is None:
                await self._news.wait()
            elif self._services.guard.state in states.PAYING:
                await sleep_ms(REST_MS)
            else:
                self._step()
                await sleep_ms(0)

    def _step(self) -> None:
        """One step. What it raises ends the work, and stands in the answer to the next question how it goes."""
        steps, self._steps = self._steps, None
        if steps is None:
            return
        try:
            next(steps)
            self._steps = steps
        except StopIteration:
            self._follow()
        except WatchError as error:
            self._ended(error)
        except Exception:
            self._fail()
            raise
        self._moved_ms = self._services.clock.ticks_ms()
        self._tell()

    def _looking(self, digest: bytes) -> "Steps":
        self._found = yield from self._updates.looking(digest)
        if self._found is not None:
            self._ask()

    def _ask(self) -> None:
        """Put the question; where too many wait it is put the next time that somebody asks how it goes."""
        found, offers = self._found, self._services.offers
        if found is None:
            return
        development = found.posture == DEVELOPMENT
        number = offers.next_number()
        question = Update(number, self._told, found.version, self._version, found.bytes, development)
        try:
            offers.put(question)
            self._question = question
        except StateError:
            pass  # safe: nobody is asked, so nobody agrees

    def _told(self, answer: str) -> None:
        """The wearer has said yes, no, or nothing."""
        question, self._question = self._question, None
        if question is None:
            return
        if answer == ACCEPTED:
            self._agreed = True
            self._moved_ms = self._services.clock.ticks_ms()
            self._services.update_news.begin(question.version)
            self._follow()
        else:
            self._drop()
            try:
                self._updates.decline()
            except WriteError as error:
                self._log.fault("update", error)  # its state says no; the next first part deletes what stays

    def _follow(self) -> None:
        """Begin to install what was agreed to, once it is whole."""
        if self._agreed and self._steps is None and self._updates.incoming.whole and not self._updates.wants_restart:
            self._begin(self._updates.installing())
        self._tell()

    def _tell(self) -> None:
        """Let the wearer see how far it is."""
        if self._agreed:
            state, percent = self._updates.state(self._updates.digest)
            shown = percent // _HALF
            if state == WRITING:
                shown += _HALF_PERCENT
            self._services.update_news.progress(_WHOLE if self._updates.wants_restart else shown)

    def _begin(self, steps: "Steps") -> None:
        self._steps = steps
        self._news.set()

    def _ended(self, error: WatchError) -> None:
        """A step has raised."""
        if not isinstance(error, UpdateError):  # of those the state of the file itself tells
            self._trouble = (self._updates.digest, error.code)
            self._log.fault("update", error)
        self._fail()

    def _fail(self) -> None:
        """It goes on no longer; a wearer who has agreed is told."""
        if self._agreed:
            self._services.update_news.end(FAILED, "")
        self._drop()

    def _give_up(self) -> None:
        """What the wearer was asked about does not come."""
        self._updates.waive()
        self._fail()

    def _drop(self) -> None:
        """Nobody is asked, and nothing is done."""
        if self._steps is not None:
            self._steps.close()
        question, self._question = self._question, None
        if question is not None:
            self._services.offers.take_back(question.number)
        self._steps, self._found, self._agreed = None, None, False

    def _expect_calm(self) -> None:
        if self._services.guard.state in states.PAYING:
            raise StateError("a card is armed; send it again afterwards")
