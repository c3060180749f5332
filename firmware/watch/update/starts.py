"""What an update is after the watch has started: tried, proved or given up. docs/updates.md "An update"."""

from micropython import const

from watch.kernel.errors import CorruptError, ImageError, ImageSignerError, StateError
from watch.update import files
from watch.update.floor import NONE
from watch.update.image import head_of
from watch.update.slots import EMPTY, FAILED, PROVED, TRIAL
from watch.update.statement import RELEASE, text_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator, Optional

    from watch.update.check import Check
    from watch.update.files import Places
    from watch.update.head import Head
    from watch.update.health import Report
    from watch.update.slots import Record, Slots
    from watch.update.statement import Statement, Version

_NAMES = "ab"


class Start:
    """What runs, and how the last update ended."""

    def __init__(self, record: "Record", given_up: "Optional[str]") -> None:
        self.slot = _NAMES[record.active]
        self.on_trial = record.states[record.active] == TRIAL
        self.digest = record.digests[record.active]
        """First bytes of the SHA-256 of the image."""
        self.given_up = given_up
        """The version that was tried and given up, empty if nobody can tell which; None if none was."""


class Starts:
    """The other half of an update: the new system proves itself, or the old one tells that it is back."""

    def __init__(self, places: "Places", slots: "Slots", check: "Check") -> None:
        """As for `Updates`."""
        self._places, self._slots = places, slots
        self._signers, self._floor, self._system = check.signers, check.floor, check.system

    def started(self) -> "Optional[Start]":
        """What runs; None on a watch without a slot record. Raises StorageError."""
        record = self._slots.record()
        if record is None:
            return None
        other = 1 - record.active
        return Start(record, self._version(other) if record.states[other] == FAILED else None)

    def told(self) -> None:
        """The wearer knows that an update was given up. Raises StorageError."""
        self._slots.clear_failed()

    def confirming(self, report: "Report") -> "Generator[None, None, bool]":
        """Keep the system that runs if every device has answered; in steps, and safe to repeat after a cut at any.

        First the slot is proved, and in the same record a slot below the floor of the image is made empty, then the
        floor of the watch rises to that. False for a system on trial that has failed: nothing is written, and after the
        next starts the other one runs. A proved system is kept whatever its devices say. Raises StateError without a
        slot record, StorageError.
        """
        record = self._slots.record()
        if record is None:
            raise StateError("this watch has no slot record")
        on_trial = record.states[record.active] == TRIAL
        if on_trial and report.failed:
            return False
        self._slots.up()
        yield
        floor = yield from self._floor_of(record.active)
        other = 1 - record.active
        if on_trial:
            self._slots.prove(record.states[other] != EMPTY and self._is_below(other, floor))
        self._floor.raise_to(floor)
        self._empty_below(other, self._floor.read())
        return True

    def tidy(self) -> None:
        """At the start, before `Updates.resume`: delete what no step of an update needs any more. Raises StorageError.

        That is what a cut has left, and on trial what the image came as.
        """
        record = self._slots.record()
        if record is not None and record.states[record.active] == TRIAL:
            files.remove(self._places.note)
        if record is not None and record.states[1 - record.active] == EMPTY:
            files.remove(self._places.slot(1 - record.active))
        if files.size(self._places.note) is None:
            files.remove(self._places.part)
        files.remove(self._places.new)

    def _floor_of(self, slot: int) -> "Generator[None, None, Version]":
        """The floor that the signers of the image that runs ask for; none if nobody whom this watch trusts does."""
        head = self._head(slot)
        if head is None or not self._is_running(head.statement) or head.statement.floor <= self._floor.read():
            return NONE
        try:
            yield from self._signers.judging_again(head)
        except ImageSignerError:
            return NONE  # safe: it was flashed over USB, and nobody whom this watch trusts speaks for its floor
        return head.statement.floor

    def _is_running(self, statement: "Statement") -> bool:
        return statement.version == self._system.version and statement.board == self._system.board

    def _empty_below(self, slot: int, floor: "Version") -> None:
        """A system below the floor is never started again, nor one for development on a released watch."""
        record = self._slots.record()
        if record is None or record.states[slot] not in (EMPTY, PROVED) or not self._is_below(slot, floor):
            return
        self._slots.empty(slot)
        files.remove(self._places.slot(slot))

    def _is_below(self, slot: int, floor: "Version") -> bool:
        head = self._head(slot)
        return head is not None and (head.statement.version < floor or self._is_unfit(head.statement))

    def _is_unfit(self, statement: "Statement") -> bool:
        """A released watch runs no system for development, not even one that was here before."""
        return self._system.posture == RELEASE and statement.posture != RELEASE

    def _version(self, slot: int) -> str:
        head = self._head(slot)
        return "" if head is None else text_of(head.statement.version)

    def _head(self, slot: int) -> "Optional[Head]":
        """What the image of a slot says of itself; None if it cannot be read, when nothing is done about it."""
        try:
            return head_of(self._places.slot(slot))
        except (ImageError, CorruptError):
            return None
