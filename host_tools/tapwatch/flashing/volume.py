"""The blocks of a partition, as littlefs works on them here; those of a watch are fetched when they are first read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from littlefs import UserContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from littlefs.lfs import LFSConfig

BLOCK_BYTES = 4096
PIECE_BYTES = 32 * BLOCK_BYTES
"""What is fetched at a time: asking again costs about as much as 100 KB."""
ERASED = b"\xff" * BLOCK_BYTES


@dataclass(frozen=True)
class Run:
    """Blocks that follow each other: offset in the partition, and what they hold."""

    offset: int
    data: bytes


class Volume(UserContext):
    """A partition of `size` bytes, a whole number of blocks.

    Args:
        size: bytes.
        fetch: reads bytes of the watch from an offset in the partition; without it the partition is blank.
    """

    def __init__(self, size: int, fetch: Callable[[int, int], bytes] | None = None) -> None:
        super().__init__(buffer=bytearray(b"\xff") * size)
        self._fetch = fetch
        self._fetched: set[int] = set()
        self.changed: set[int] = set()
        """Blocks that have been erased or programmed here."""

    def read(self, cfg: LFSConfig, block: int, off: int, size: int) -> bytearray:
        """Part of a block."""
        self._need(block)
        start = block * BLOCK_BYTES + off
        return self.buffer[start : start + size]

    def prog(self, cfg: LFSConfig, block: int, off: int, data: bytes) -> int:
        """Write into an erased part of a block."""
        self._need(block)
        self.changed.add(block)
        start = block * BLOCK_BYTES + off
        self.buffer[start : start + len(data)] = data
        return 0

    def erase(self, cfg: LFSConfig, block: int) -> int:
        """Erase a block."""
        self.changed.add(block)
        self.buffer[block * BLOCK_BYTES : (block + 1) * BLOCK_BYTES] = ERASED
        return 0

    def _need(self, block: int) -> None:
        """Fetch the piece with this block, but for blocks that were changed here."""
        piece = block * BLOCK_BYTES // PIECE_BYTES
        if self._fetch is None or block in self.changed or piece in self._fetched:
            return
        start = piece * PIECE_BYTES
        data = self._fetch(start, min(PIECE_BYTES, len(self.buffer) - start))
        self._fetched.add(piece)
        for at in range(0, len(data), BLOCK_BYTES):
            if (start + at) // BLOCK_BYTES not in self.changed:
                self.buffer[start + at : start + at + BLOCK_BYTES] = data[at : at + BLOCK_BYTES]

    @property
    def fetched_bytes(self) -> int:
        """How much was read from the watch."""
        return len(self._fetched) * PIECE_BYTES

    def image(self) -> bytes:
        """The partition as it is now; what was never fetched is blank."""
        return bytes(self.buffer)


def runs(image: bytes, blocks: Iterable[int]) -> list[Run]:
    """These blocks of an image; those that follow each other as one run."""
    spans: list[tuple[int, int]] = []
    for block in sorted(blocks):
        if spans and spans[-1][1] == block:
            spans[-1] = (spans[-1][0], block + 1)
        else:
            spans.append((block, block + 1))
    return [Run(first * BLOCK_BYTES, image[first * BLOCK_BYTES : end * BLOCK_BYTES]) for first, end in spans]
