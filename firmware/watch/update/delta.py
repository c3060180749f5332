"""A delta: how the image that runs becomes another one. docs/updates.md "The delta"."""

from hashlib import sha256

from micropython import const

from watch.crypto.hashes import equal
from watch.kernel.errors import DeltaBaseError, ImageError
from watch.update import files
from watch.update.head import MAX_HEAD_BYTES, PREFIX_BYTES
from watch.update.statement import MAX_BODY_BYTES
from watch.update.work import CHUNK_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import BinaryIO, Generator, Optional

    from watch.update.work import Work

MAGIC = b"TWD1"
HEAD_BYTES = const(72)
MAX_STEP_BYTES = const(65_536)
MAX_STEPS = const(65_536)
_HASH_BYTES = const(32)
_BASE_AT = const(4)
_RESULT_AT = const(36)
_LENGTH_AT = const(68)
_WORD_BYTES = const(4)
_LITERAL = 0x8000_0000  # the highest bit of a step; no small int on the board


class Delta:
    """A file that should be a delta."""

    def __init__(self, path: str) -> None:
        """Read the head. Raises ImageError, CorruptError."""
        try:
            with open(path, "rb") as file:
                head = file.read(HEAD_BYTES)
        except OSError as error:
            raise files.unreadable(error, path)
        if len(head) != HEAD_BYTES or head[: len(MAGIC)] != MAGIC:
            raise ImageError("this is no delta")
        self.path = path
        self.base_hash = head[_BASE_AT : _BASE_AT + _HASH_BYTES]
        self.result_hash = head[_RESULT_AT : _RESULT_AT + _HASH_BYTES]
        self.length: int = int.from_bytes(head[_LENGTH_AT:], "big")
        """Of the image that it makes."""
        if not 0 < self.length <= PREFIX_BYTES + MAX_HEAD_BYTES + MAX_BODY_BYTES:
            raise ImageError("a delta makes an image of at most %d bytes" % MAX_BODY_BYTES)

    def expecting_whole(self, digest: bytes, work: "Work") -> "Generator[None, None, None]":
        """Hash the delta itself, in steps. Raises ImageError if that is another hash, CorruptError."""
        if not equal((yield from _hash_of(self.path, work)), digest):
            raise ImageError("the delta is not what its hash says")

    def expecting_base(self, base: str, work: "Work") -> "Generator[None, None, None]":
        """Hash the image that runs, in steps. Raises DeltaBaseError if it is another one, CorruptError."""
        if not equal((yield from _hash_of(base, work)), self.base_hash):
            raise DeltaBaseError("the delta starts from another image than the one that runs")

    def starting(self, base: str, work: "Work", most: int) -> "Generator[None, None, bytes]":
        """The first bytes of what it makes, `most` at most, in steps; nothing is written.

        Raises ImageError for a step that no delta has, CorruptError.
        """
        start = bytearray()
        try:
            with open(self.path, "rb") as delta, open(base, "rb") as old:
                delta.seek(HEAD_BYTES)
                for count in self._pieces(delta, old, files.expect_size(base), work):
                    start.extend(work.view[: min(count, most - len(start))])
                    if len(start) == most:
                        break
                    yield
        except OSError as error:
            raise files.unreadable(error, self.path)
        return bytes(start)

    def making(self, base: str, into: str, work: "Work") -> "Generator[None, None, None]":
        """Write what it makes, in steps; a file of that name goes. After an error there is none.

        Raises ImageError if a step is wrong or the result is not what the head says, FullError, WriteError.
        """
        files.remove(into)
        try:
            yield from self._making(base, into, work)
        except OSError as error:
            files.remove(into)
            raise files.refused(error, into)
        except ImageError:
            files.remove(into)
            raise

    def _making(self, base: str, into: str, work: "Work") -> "Generator[None, None, None]":
        digest = sha256()
        work.begin(self.length)
        with open(self.path, "rb") as delta, open(base, "rb") as old, open(into, "wb") as new:
            delta.seek(HEAD_BYTES)
            for count in self._pieces(delta, old, files.expect_size(base), work):
                digest.update(work.view[:count])
                if new.write(work.view[:count]) != count:
                    raise OSError
                if work.advance(count):
                    yield
        if not equal(digest.digest(), self.result_hash):
            raise ImageError("what the delta makes is not what its hash says")

    def _pieces(self, delta: "BinaryIO", old: "BinaryIO", old_bytes: int, work: "Work") -> "Generator[int, None, None]":
        """What it makes, piece by piece in the buffer of `work`; gives the length of each. Raises ImageError."""
        made = steps = 0
        while made < self.length:
            count, offset = _step(delta)
            steps += 1
            made += count
            if steps > MAX_STEPS or made > self.length:
                raise ImageError("the delta has too many steps, or makes more than its head says")
            source = delta
            if offset is not None:
                if offset + count > old_bytes:
                    raise ImageError("the delta copies what is not there")
                old.seek(offset)
                source = old
            while count:
                piece = min(count, CHUNK_BYTES)
                if source.readinto(work.view[:piece]) != piece:
                    raise ImageError("the delta ends early")
                count -= piece
                yield piece
        if delta.read(1):
            raise ImageError("something follows the delta")


def _hash_of(path: str, work: "Work") -> "Generator[None, None, bytes]":
    """SHA-256 of a file, in steps."""
    length, digest = files.expect_size(path), sha256()
    work.begin(length)
    try:
        with open(path, "rb") as file:
            yield from work.hashing(file, length, (digest,))
    except OSError as error:
        raise files.unreadable(error, path)
    return digest.digest()


def _step(delta: "BinaryIO") -> "tuple[int, Optional[int]]":
    """How many bytes come next, and from where in the old image; None for those that follow. Raises ImageError."""
    word = _word(delta)
    count = word & ~_LITERAL
    if not 0 < count <= MAX_STEP_BYTES:
        raise ImageError("a step of a delta has 1 to %d bytes" % MAX_STEP_BYTES)
    return count, None if word & _LITERAL else _word(delta)


def _word(delta: "BinaryIO") -> int:
    data = delta.read(_WORD_BYTES)
    if len(data) != _WORD_BYTES:
        raise ImageError("the delta ends early")
    return int.from_bytes(data, "big")
