"""Deltas from one system image to another, `.twd`: made here, and worked through as a watch does it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from tapwatch.images import container
from tapwatch.images.blocks import Copy, OldBytes, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAGIC = b"TWD1"
MOST_STEP_BYTES = 65_536
MOST_STEPS = 65_536
PAYS_BELOW = 0.8
"""Part of the whole image: above it a delta is not worth its work."""
_LITERAL = 1 << 31
_HASH_BYTES = 32
_HEAD_BYTES = len(MAGIC) + 2 * _HASH_BYTES + 4


class DeltaProblem(ValueError):
    """The bytes are no delta, or none for this image."""


@dataclass(frozen=True)
class Steps:
    """What a delta consists of."""

    copies: int
    copied: int
    """Bytes."""
    literals: int
    written: int
    """Bytes of all literals."""


def make(old: bytes, new: bytes) -> bytes:
    """The delta that makes the image `new` of the image `old`.

    Raises ImageProblem if one of them is none, DeltaProblem if it takes more steps than a watch does.
    """
    head = MAGIC + sha256(old).digest() + sha256(new).digest() + len(new).to_bytes(4, "big")
    steps = [_step(piece) for piece in _cut(_joined(_pieces(old, new)))]
    if len(steps) > MOST_STEPS:
        raise DeltaProblem(f"the two are too different: {len(steps)} steps, at most {MOST_STEPS}")
    return head + b"".join(steps)


def _pieces(old: bytes, new: bytes) -> Iterator[Piece]:
    """First the files that are the same, wherever they were; what is not is looked for block by block."""
    before, after = _files(old), _files(new)
    same = {old[start : start + length]: start for start, length in before.values()}
    blocks = OldBytes(old)
    first = min((start for start, _ in after.values()), default=len(new))
    yield from blocks.pieces(new[:first], (0, min((start for start, _ in before.values()), default=0)))
    for path, (start, length) in sorted(after.items(), key=lambda entry: entry[1]):
        data = new[start : start + length]
        if data in same:
            yield Copy(same[data], length)
        else:
            yield from blocks.pieces(data, before.get(path, (0, 0)))


def _files(image: bytes) -> dict[str, tuple[int, int]]:
    """Offset in the whole image and length of each file. Raises ImageProblem."""
    read = container.read(image)
    body_at = len(image) - len(read.body)
    return {path: (body_at + start, length) for path, (start, length) in container.read_index(read.body).items()}


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours as one piece, where they are neighbours in the old image too."""
    last: Piece = b""
    for piece in pieces:
        if isinstance(piece, Copy) and isinstance(last, Copy) and last.offset + last.length == piece.offset:
            last = Copy(last.offset, last.length + piece.length)
        elif isinstance(piece, bytes) and isinstance(last, bytes):
            last += piece
        else:
            yield last
            last = piece
    yield last


def _cut(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same in pieces that are no longer than a step, without empty ones."""
    for piece in pieces:
        if isinstance(piece, Copy):
            for done in range(0, piece.length, MOST_STEP_BYTES):
                yield Copy(piece.offset + done, min(MOST_STEP_BYTES, piece.length - done))
        else:
            for done in range(0, len(piece), MOST_STEP_BYTES):
                yield piece[done : done + MOST_STEP_BYTES]


def _step(piece: Piece) -> bytes:
    if isinstance(piece, Copy):
        return piece.length.to_bytes(4, "big") + piece.offset.to_bytes(4, "big")
    return (_LITERAL | len(piece)).to_bytes(4, "big") + piece


def apply(old: bytes, delta: bytes) -> bytes:
    """The image that a delta makes of `old`. Raises DeltaProblem unless all of it is right."""
    if len(delta) < _HEAD_BYTES or not delta.startswith(MAGIC):
        raise DeltaProblem("it does not begin as a delta does")
    source, target = delta[4:36], delta[36:68]
    length = int.from_bytes(delta[68:_HEAD_BYTES], "big")
    if sha256(old).digest() != source:
        raise DeltaProblem("it starts from another image")
    made = bytearray()
    for piece in _steps(delta):
        made += old[piece.offset : piece.offset + piece.length] if isinstance(piece, Copy) else piece
        if len(made) > length or (isinstance(piece, Copy) and piece.offset + piece.length > len(old)):
            raise DeltaProblem("a step goes beyond the end")
    if len(made) != length or sha256(made).digest() != target:
        raise DeltaProblem("it does not make the image that it names")
    return bytes(made)


def counted(delta: bytes) -> Steps:
    """What the steps of a delta do. Raises DeltaProblem for steps that are none."""
    pieces = list(_steps(delta))
    copies = [piece.length for piece in pieces if isinstance(piece, Copy)]
    literals = [len(piece) for piece in pieces if isinstance(piece, bytes)]
    return Steps(len(copies), sum(copies), len(literals), sum(literals))


def _steps(delta: bytes) -> Iterator[Piece]:
    at = _HEAD_BYTES
    while at < len(delta):
        number = int.from_bytes(delta[at : at + 4], "big")
        length, at = number & ~_LITERAL, at + 4
        more = length if number & _LITERAL else 4
        if not 0 < length <= MOST_STEP_BYTES or at + more > len(delta):
            raise DeltaProblem("a step is cut off, empty or too long")
        piece, at = delta[at : at + more], at + more
        yield piece if number & _LITERAL else Copy(int.from_bytes(piece, "big"), length)


def pays(delta_bytes: int, image_bytes: int) -> bool:
    """True if a delta is so much smaller than the image that it is worth its work."""
    return delta_bytes < PAYS_BELOW * image_bytes
