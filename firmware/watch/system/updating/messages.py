"""Answers to the messages about updates: docs/formats.md, messages 25 to 27."""

from micropython import const

from watch.exchange import messages
from watch.exchange.messages import expect, expect_list
from watch.kernel.errors import InputError, StateError
from watch.update.slots import TRIAL
from watch.update.statement import text_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.exchange.messages import Handler
    from watch.system.updating.course import Course
    from watch.system.updating.parts import Parts

_DIGEST_BYTES = const(32)
_SLOTS = "ab"


class UpdateMessages:
    """One method per message kind; each takes the body and returns the answer's body."""

    def __init__(self, parts: "Parts", course: "Course", running: int) -> None:
        """`running`: the slot that this start has taken; the record names the next one as soon as an update is in."""
        self._parts, self._course, self._running = parts, course, running

    def handlers(self) -> "dict[int, Handler]":
        """The rows for `Answers`."""
        return {
            messages.UPDATE_STATE: self._state,
            messages.UPDATE_PART: self._part,
            messages.UPDATE_GO: self._go,
        }

    def _state(self, body: "Any") -> "dict[int, Any]":
        record, check, incoming = self._parts.slots.record(), self._parts.check, self._parts.updates.incoming
        if record is None:
            raise StateError("this watch has no slot record")
        return {
            1: text_of(check.system.version),
            2: check.system.posture,
            3: _SLOTS[self._running],
            4: "trial" if record.states[self._running] == TRIAL else "proved",
            5: record.digests[self._running],
            6: [incoming.digest, incoming.held, incoming.total] if incoming.total else None,
            7: check.system.board,
            8: text_of(check.floor.read()),
        }

    def _part(self, body: "Any") -> int:
        digest, offset, total, part = expect_list(body, 4, "the body")
        expect(digest, bytes, "the hash")
        expect(part, bytes, "the part")
        expect(offset, int, "the offset")
        return self._course.take(digest, offset, expect(total, int, "the length"), part)

    def _go(self, body: "Any") -> "list[Any]":
        if len(expect(body, bytes, "the hash")) != _DIGEST_BYTES:
            raise InputError("a hash has 32 bytes")
        state, percent = self._course.go(body)
        return [state, percent]


def refusing() -> "dict[int, Handler]":
    """The rows of a watch that is not updated this way."""

    def refuse(body: "Any") -> "Any":
        raise StateError("this watch is not updated by messages")

    return dict.fromkeys((messages.UPDATE_STATE, messages.UPDATE_PART, messages.UPDATE_GO), refuse)
