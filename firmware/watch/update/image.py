"""One file that should be a system image: docs/updates.md "The image". Its body is read in small steps."""

from hashlib import sha256

from micropython import const

from watch.crypto.hashes import equal
from watch.kernel.errors import ImageError
from watch.update import files, index
from watch.update.head import MOST_BYTES, Head

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator

    from watch.update.work import Work


def head_of(path: str) -> Head:
    """The head of a file, which may still be arriving. Raises ImageError, CorruptError."""
    try:
        with open(path, "rb") as file:
            return Head(file.read(MOST_BYTES))
    except OSError as error:
        raise files.unreadable(error, path)


class Image:
    """A file as long as its head says. Who signed it is for `signers`, whether it fits this watch for `rules`."""

    def __init__(self, path: str) -> None:
        """Read the head. Raises ImageError if the file is laid out otherwise, StateError, CorruptError."""
        self.path = path
        self.head = head_of(path)
        self.statement = self.head.statement
        self.bytes = files.expect_size(path)
        """Of the whole file."""
        if self.bytes != self.head.file_bytes:
            raise ImageError("the image has %d bytes, not %d" % (self.bytes, self.head.file_bytes))

    def checking(self, work: "Work") -> "Generator[None, None, bytes]":
        """Hash the file and read its index, in steps; gives the SHA-256 of the whole file.

        Raises ImageError if the body is not what the statement says, CorruptError.
        """
        whole, body = sha256(), sha256()
        work.begin(self.bytes)
        try:
            with open(self.path, "rb") as file:
                yield from work.hashing(file, self.head.body_at, (whole,))
                yield from work.hashing(file, self.statement.body_bytes, (whole, body))
                if not equal(body.digest(), self.statement.body_hash):
                    raise ImageError("the body is not what its hash says")
                file.seek(self.head.body_at)
                yield from index.checking(file, self.statement.body_bytes, self.statement.board)
        except OSError as error:
            raise files.unreadable(error, self.path)
        return whole.digest()
