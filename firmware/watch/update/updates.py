"""The course of an update until the watch starts again: docs/updates.md "An update". What follows is in `starts`.

    take ... take -> looking -> (the wearer is asked) -> installing -> restart

One file at a time. Everything that takes long is a generator in small steps, which whoever drives it may drop at any
step: nothing that counts is half done then. After any cut the parts that were here are still here, and the course
goes on with `looking`.
"""

from micropython import const

from watch.crypto.hashes import equal
from watch.kernel.errors import ImageError, StateError, UpdateError, WatchError, WriteError
from watch.update import files
from watch.update.delta import MAGIC as DELTA_MAGIC
from watch.update.delta import Delta
from watch.update.head import MOST_BYTES, PREFIX_BYTES, Head, bytes_of
from watch.update.image import Image, head_of
from watch.update.incoming import Incoming
from watch.update.slots import DIGEST_BYTES, PROVED
from watch.update.statement import text_of
from watch.update.work import Work

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator, Optional

    from watch.update.check import Check
    from watch.update.files import Places
    from watch.update.slots import Record, Slots

UNKNOWN, COMING, CHECKING, ASKED = "unknown", "coming", "checking", "asked"
WRITING, RESTARTING, DECLINED = "writing", "restarting", "declined"
"""States of an update: docs/formats.md, message 27. The others are codes of errors."""
_WHOLE = const(100)


class Offer:
    """What the wearer is asked about: its signatures are good, and this watch may take it."""

    def __init__(self, head: Head, size: int) -> None:
        statement = head.statement
        self.version = text_of(statement.version)
        self.posture = statement.posture
        self.bytes = size
        """Of what comes over the link."""
        self.payload = statement.payload
        """What was signed."""


class Updates:
    """Takes updates.

    Args:
        places: the files.
        slots: the slot record.
        check: judges images.
    """

    def __init__(self, places: "Places", slots: "Slots", check: "Check") -> None:
        self._places, self._slots, self._check = places, slots, check
        self._work = Work()
        self.incoming = Incoming(places)
        self._state = UNKNOWN
        self._digest = b""
        """Of the file that the state is about."""
        self._offer: "Optional[Offer]" = None

    # What comes.

    def resume(self) -> None:
        """At the start: find what had come before. Raises CorruptError if it cannot be read."""
        self.incoming.resume()
        self._set(self.incoming.digest, COMING if self.incoming.digest else UNKNOWN)

    def take(self, digest: bytes, offset: int, total: int, part: bytes) -> int:
        """Keep a part of an image or a delta; returns the bytes held so far.

        Raises InputError for a part that does not fit, StateError while an update is looked at or another one is asked
        about, FullError, WriteError.
        """
        known = equal(digest, self._digest)
        if self._state in (CHECKING, WRITING, RESTARTING) or (self._state == ASKED and (offset == 0 or not known)):
            raise StateError("an update is under way")
        held = self.incoming.take(digest, offset, total, part)
        if self._state != ASKED:
            self._set(digest, COMING)
        return held

    def state(self, digest: bytes) -> "tuple[str, int]":
        """What has become of a file, and how far that is in percent."""
        if not self._digest or not equal(digest, self._digest):
            return UNKNOWN, 0
        if self._state in (COMING, ASKED):
            total = self.incoming.total
            return (self._state, _WHOLE * self.incoming.held // total) if total else (UNKNOWN, 0)
        return self._state, self._work.percent if self._state in (CHECKING, WRITING) else _WHOLE

    def clear(self) -> None:
        """Forget all of it: the watch erases itself. Raises WriteError if a file stays."""
        self._set(b"", UNKNOWN)
        self.incoming.drop()

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file that all of this is about; empty if there is none."""
        return self._digest

    @property
    def wants_restart(self) -> bool:
        """True once the next start takes the new image."""
        return self._state == RESTARTING

    # The question.

    def looking(self, digest: bytes) -> "Generator[None, None, Optional[Offer]]":
        """Judge what has come of a file, in steps; gives what to ask the wearer, None if its head is not here yet.

        An image is judged by its head, a delta once it is whole. Raises StateError if nothing of it is here or another
        step of the course is due, UpdateError for what no watch, or not this one, takes: it is gone then; StorageError.
        """
        if self._state != COMING or not equal(digest, self._digest):
            raise StateError("this update is not on its way")
        self._expect_proved()
        self._set(digest, CHECKING)
        try:
            head = yield from self._coming_head()
            if head is None:
                return None
            yield from self._check.head(head)
            self._offer = Offer(head, self.incoming.total)
            self._state = ASKED
            return self._offer
        except WatchError as error:
            self._fail(error)
            raise
        finally:
            if self._state == CHECKING:
                self._state = COMING

    def decline(self) -> None:
        """The wearer has said no. Raises StateError if nobody was asked, WriteError if a file stays."""
        self._expect(ASKED)
        self._set(self._digest, DECLINED)
        self.incoming.drop()

    def waive(self) -> None:
        """Whoever sent it has gone: nobody is asked any more, and what has come stays."""
        if self._state == ASKED:
            self._set(self._digest, COMING)

    # The image.

    def installing(self) -> "Generator[None, None, None]":
        """The wearer has agreed and the file is whole: make, check and switch, in steps; then a restart is wanted.

        Raises StateError if it is not time for that, UpdateError for a file that is not what was agreed to: it is gone
        then; StorageError, after which the same may be tried again from `looking`.
        """
        self._expect(ASKED)
        if not self.incoming.whole:
            raise StateError("the rest of the update has to come first")
        self._state = WRITING
        try:
            image, wanted = yield from self._made()
            yield from self._checking(image, wanted)
            self._switch(image, wanted)
        except WatchError as error:
            self._fail(error)
            raise
        finally:
            if self._state == WRITING:
                self._set(self._digest, COMING)

    def _made(self) -> "Generator[None, None, tuple[Image, bytes]]":
        """The whole image, and the SHA-256 that its file must have."""
        if not self._is_delta():
            return Image(self._places.part), self.incoming.digest
        delta = Delta(self._places.part)
        yield from delta.making(self._base(), self._places.new, self._work)
        return Image(self._places.new), delta.result_hash

    def _checking(self, image: Image, wanted: bytes) -> "Generator[None, None, None]":
        """It is the image that the wearer was asked about, and good."""
        offer = self._offer
        if offer is None or not equal(image.statement.payload, offer.payload):
            raise ImageError("the image is not the one that the wearer has agreed to")
        if not equal((yield from self._check.image(image, self._work)), wanted):
            raise ImageError("the file is not what its hash says")

    def _switch(self, image: Image, digest: bytes) -> None:
        """Give the image the slot that is not active. Whatever is cut off when: what the record says can be started."""
        other = 1 - self._expect_proved().active
        self._slots.empty(other)
        files.rename(image.path, self._places.slot(other))
        self._slots.try_out(other, image.bytes, digest[:DIGEST_BYTES])
        self._set(self._digest, RESTARTING)
        try:
            self.incoming.drop()
        except WriteError:
            pass  # safe: it is swept away at the next start, and nobody takes it for anything before

    # Small things.

    def _coming_head(self) -> "Generator[None, None, Optional[Head]]":
        """The head of the image that comes, or that the delta makes."""
        incoming = self.incoming
        if incoming.whole and self._is_delta():
            return (yield from self._delta_head())
        start = self._start()
        if not incoming.whole and (len(start) < PREFIX_BYTES or start[: len(DELTA_MAGIC)] == DELTA_MAGIC):
            return None
        if not incoming.whole and incoming.held < bytes_of(start):
            return None
        head = head_of(self._places.part)
        if head.file_bytes != incoming.total:
            raise ImageError("the image has %d bytes, not %d" % (head.file_bytes, incoming.total))
        return head

    def _delta_head(self) -> "Generator[None, None, Head]":
        delta = Delta(self._places.part)
        yield from delta.expecting_whole(self.incoming.digest, self._work)
        yield from delta.expecting_base(self._base(), self._work)
        head = Head((yield from delta.starting(self._base(), self._work, MOST_BYTES)))
        if head.file_bytes != delta.length:
            raise ImageError("the image has %d bytes, the delta makes %d" % (head.file_bytes, delta.length))
        return head

    def _start(self) -> bytes:
        """The first bytes of what is coming."""
        try:
            with open(self._places.part, "rb") as file:
                return file.read(PREFIX_BYTES)
        except OSError as error:
            raise files.unreadable(error, self._places.part)

    def _is_delta(self) -> bool:
        return self._start()[: len(DELTA_MAGIC)] == DELTA_MAGIC

    def _base(self) -> str:
        """The image that runs."""
        return self._places.slot(self._expect_proved().active)

    def _expect_proved(self) -> "Record":
        """The slot record. Raises StateError unless the slot that runs has proved itself, StorageError."""
        record = self._slots.record()
        if record is None or record.states[record.active] != PROVED:
            raise StateError("the system that runs has not proved itself, or there is no slot record")
        return record

    def _expect(self, state: str) -> None:
        if self._state != state:
            raise StateError("the update is %s, not %s" % (self._state, state))

    def _set(self, digest: bytes, state: str) -> None:
        self._digest, self._state, self._offer = digest, state, None

    def _fail(self, error: WatchError) -> None:
        """What cannot be taken goes; what could not be read or written stays, and may be tried again."""
        if isinstance(error, UpdateError):
            self._set(self._digest, error.code)
            try:
                self.incoming.drop()
            except WriteError:
                pass  # safe: the state says what it is, and the next part with offset 0 deletes it
