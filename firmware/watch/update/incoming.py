"""What arrives: parts of an image or a delta that come one after the other, also with restarts between them.

What is held is the length of the file; whose bytes they are stands in a small file beside it. A part that could not be
written was not taken: the length tells.
"""

import errno

from micropython import const

from watch.crypto.hashes import equal
from watch.kernel.errors import FullError, InputError, StorageError
from watch.update import files
from watch.update.head import MAX_HEAD_BYTES, PREFIX_BYTES
from watch.update.statement import MAX_BODY_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.update.files import Places

_DIGEST_BYTES = const(32)
_NOTE_BYTES = const(40)  # magic, SHA-256, length
_MAGIC = b"TWU1"
_LENGTH_AT = const(36)
_PART_BYTES = const(2048)
_SPARE_BYTES = const(65_536)
"""Left free for everything else that the watch keeps in files."""
MAX_BYTES = PREFIX_BYTES + MAX_HEAD_BYTES + MAX_BODY_BYTES
"""Of one file."""


class Incoming:
    """The files `update.part` and `update.note`. Nothing in them is looked at here."""

    def __init__(self, places: "Places") -> None:
        self._places = places
        self.digest = b""
        """SHA-256 of the file that is coming or here, as its sender says; empty if there is none."""
        self.total = 0
        """Its length."""
        self.held = 0
        """Bytes of it that are here."""

    @property
    def whole(self) -> bool:
        """True once every byte is here."""
        return self.total > 0 and self.held == self.total

    def resume(self) -> None:
        """Find what had come before the last start. Raises CorruptError if it cannot be read."""
        self._forget()
        try:
            with open(self._places.note, "rb") as file:
                note = file.read(_NOTE_BYTES + 1)
        except OSError as error:
            if error.errno == errno.ENOENT:
                return  # nothing was coming
            raise files.unreadable(error, self._places.note)
        held = files.size(self._places.part) or 0
        total = int.from_bytes(note[_LENGTH_AT:], "big")
        if len(note) == _NOTE_BYTES and note[: len(_MAGIC)] == _MAGIC and held <= total <= MAX_BYTES:
            self.digest, self.total, self.held = note[len(_MAGIC) : _LENGTH_AT], total, held

    def take(self, digest: bytes, offset: int, total: int, part: bytes) -> int:
        """Keep a part; returns the bytes held so far. Offset 0 starts anew, and ends what was coming.

        Raises InputError for a part that does not fit, FullError, WriteError; what is held is as it was then, or gone
        if the file system could not keep it.
        """
        _expect(digest, offset, total, part)
        if offset == 0:
            self._begin(digest, total)
        elif not equal(digest, self.digest) or offset != self.held or total != self.total:
            raise InputError("%d bytes of the update are held" % self.held)
        try:
            with open(self._places.part, "ab" if offset else "wb") as file:
                if file.write(part) != len(part):
                    raise OSError
        except OSError as error:
            self._after_failure(offset)
            raise files.refused(error, self._places.part)
        self.held = offset + len(part)
        return self.held

    def drop(self) -> None:
        """Forget what has come. Raises WriteError if a file stays; nobody takes it for whole then."""
        self._forget()
        files.remove(self._places.note)
        files.remove(self._places.part)

    def _begin(self, digest: bytes, total: int) -> None:
        """The bytes of what came before go first: they are never taken for those of the new one."""
        self._forget()
        files.remove(self._places.part)
        if self._places.free_bytes() < total + _SPARE_BYTES:
            raise FullError("the watch has no room for an update of %d bytes" % total)
        try:
            with open(self._places.note, "wb") as file:
                file.write(_MAGIC + digest + total.to_bytes(4, "big"))
        except OSError as error:
            raise files.refused(error, self._places.note)
        self.digest, self.total = digest, total

    def _after_failure(self, held: int) -> None:
        """A write failed at the place `held`. If the file has another length now, nobody knows what is in it."""
        try:
            if (files.size(self._places.part) or 0) != held:
                self.drop()
        except StorageError:
            self._forget()  # safe: the next part with offset 0 deletes it

    def _forget(self) -> None:
        self.digest, self.total, self.held = b"", 0, 0


def _expect(digest: bytes, offset: int, total: int, part: bytes) -> None:
    if len(digest) != _DIGEST_BYTES or not 0 < len(part) <= _PART_BYTES:
        raise InputError("an update comes with a hash of 32 bytes, in parts of 2,048 bytes at most")
    if not 0 < total <= MAX_BYTES or not 0 <= offset <= total - len(part):
        raise InputError("the update is too long")
