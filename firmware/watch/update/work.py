"""What all long work on images shares: one buffer, small steps, and how far it is."""

from micropython import const

from watch.kernel.errors import CorruptError, ImageError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, BinaryIO, Generator, Iterable

CHUNK_BYTES = const(4096)
"""Read, hashed or written at a time: one block of the file system."""
_CHUNKS_A_STEP = const(4)
"""16 KB between two looks at the screen."""
_WHOLE = const(100)


class Work:
    """Made once, lent to whoever reads or makes an image."""

    def __init__(self) -> None:
        self.buffer = bytearray(CHUNK_BYTES)
        self.view = memoryview(self.buffer)
        self._done = self._total = self._chunks = 0

    def begin(self, total: int) -> None:
        """So many bytes lie ahead."""
        self._done, self._total, self._chunks = 0, total, 0

    def advance(self, count: int) -> bool:
        """That many more are done; True if it is time to let others run."""
        self._done += count
        self._chunks += 1
        return self._chunks % _CHUNKS_A_STEP == 0

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(_WHOLE, _WHOLE * self._done // self._total) if self._total else 0

    def hashing(self, file: "BinaryIO", length: int, digests: "Iterable[Any]") -> "Generator[None, None, None]":
        """Feed the next `length` bytes of a file to the hashes. Raises ImageError if it ends before, CorruptError."""
        while length:
            try:
                count = file.readinto(self.view[: min(length, CHUNK_BYTES)])
            except OSError:
                raise CorruptError("the image cannot be read")
            if not count:
                raise ImageError("the image ends early")
            for digest in digests:
                digest.update(self.view[:count])
            length -= count
            if self.advance(count):
                yield
