"""Updates of the system on the whole watch: builds what drives them, and starts the watch anew for them."""

from micropython import const

from watch.access import states
from watch.kernel.errors import StorageError, WatchError
from watch.system.updating.checks import checks_of
from watch.system.updating.course import Course
from watch.system.updating.messages import UpdateMessages, refusing
from watch.system.updating.parts import parts_of
from watch.system.updating.proving import Proving
from watch.update.statement import text_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.ports import Board
    from watch.exchange.messages import Handler
    from watch.kernel.log import Log
    from watch.kernel.tasks import Body
    from watch.system.services import Services
    from watch.system.updating.parts import Parts


class UpdateFlow:
    """What the messages about updates lead to. On a watch without slots it does nothing, and says so."""

    def __init__(self, board: "Board", services: "Services", log: "Log") -> None:
        """A slot record or files that cannot be read leave everything else to work; without one nothing is taken."""
        self._power, self._services, self._log = board.power, services, log
        self._watchdog = board.watchdog
        self._course: "Optional[Course]" = None
        self._proving: "Optional[Proving]" = None
        self._handlers = refusing()
        parts = parts_of(board, services)
        if parts is not None:
            self._build(parts, board)

    def _build(self, parts: "Parts", board: "Board") -> None:
        version, services = text_of(parts.check.system.version), self._services
        self._course = Course(parts.updates, services, version, self._restart, self._log)
        self._proving = Proving(parts.starts, checks_of(board, services), services, version, self._restart, self._log)
        services.guard.listen(self._state_changed)
        try:
            record = parts.slots.record()
            if record is not None:
                self._handlers = UpdateMessages(parts, self._course, record.active).handlers()
            self._proving.begin()
            parts.updates.resume()
        except StorageError as error:
            self._log.fault("update", error)

    def handlers(self) -> "dict[int, Handler]":
        """What `Answers` answers about updates."""
        return self._handlers

    def bodies(self) -> "list[tuple[str, Body]]":
        """The tasks, by name."""
        return [("update", self._serve)] if self._course is not None else []

    def tick(self) -> None:
        """To be called about once a second, when a frame was served."""
        if self._course is not None and self._proving is not None:
            self._proving.served()
            self._course.tick()
        if self._watchdog is not None and (self._proving is None or self._proving.passed):
            self._watchdog.settle()
            self._watchdog = None

    async def _serve(self) -> None:
        if self._course is not None and self._proving is not None:
            await self._proving.run()
            await self._course.serve()

    def _restart(self) -> None:
        """An orderly end: no session, and the floor of security time kept."""
        services = self._services
        try:
            if services.guard.state != states.WIPING:
                services.guard.lock()
                services.save_clock()
        except WatchError as error:
            self._log.fault("update", error)  # a restart ends the session anyway; the clock is at an older floor then
        self._power.restart()

    def _state_changed(self, old: str, new: str) -> None:
        """A watch that erases itself forgets what was coming."""
        if new == states.WIPING and self._course is not None:
            try:
                self._course.clear()
            except StorageError as error:
                self._log.fault("update", error)  # nobody takes it for whole, and nothing in it is secret
