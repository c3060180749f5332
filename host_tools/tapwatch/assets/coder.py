"""Packs pictures of four grey levels with a range coder and fixed statistics. Reader: `firmware/watch/ui/page_code.py`.

Each pixel is one of four levels. Its surroundings (two pixels to the left, three above) choose one of 1,024 contexts;
a context has three probabilities, one for each question that is asked until the level is known: is it 0? is it 3?
is it 1? A probability p of 1 to 255 says that "yes" has p/256 of the range.

The coder works on 24 bits: the range begins at 2^24, is cut at `(range >> 8) * p`, and whenever it falls below 2^16
both range and value take in eight more bits. Zero bytes at the end are left out; the reader adds them again.
"""

from __future__ import annotations

from collections.abc import Iterable

CONTEXTS = 1024
QUESTIONS = 3
ORDER = (0, 3, 1, 2)
"""Levels in the order of the questions: paper, full ink, and the edges between."""
_RANK = (0, 2, 3, 1)
"""Number of "no" before each level."""
_TOP = 1 << 24
_LOW = 1 << 16


def contexts(levels: bytes, width: int) -> list[int]:
    """The context of each pixel of a picture, row by row. Outside of it everything is paper."""
    found = []
    above = bytes(width + 3)
    for start in range(0, len(levels), width):
        row = b"\0\0" + levels[start : start + width] + b"\0"
        for x in range(2, width + 2):
            found.append(_context(row, above, x))
        above = row
    return found


def _context(row: bytes | bytearray, above: bytes | bytearray, x: int) -> int:
    """Ten bits: left, left of that, then above from left to right."""
    return row[x - 1] << 8 | row[x - 2] << 6 | above[x - 1] << 4 | above[x] << 2 | above[x + 1]


def statistics(pictures: Iterable[bytes], width: int) -> bytes:
    """The probabilities that suit these pictures, `QUESTIONS` bytes for each context."""
    counts = [[0, 0] for _ in range(CONTEXTS * QUESTIONS)]
    for levels in pictures:
        for context, level in zip(contexts(levels, width), levels, strict=True):
            for question in range(min(_RANK[level] + 1, QUESTIONS)):
                counts[context * QUESTIONS + question][_RANK[level] == question] += 1
    return bytes(min(max((256 * yes + 128) // (yes + no), 1), 255) if yes + no else 128 for no, yes in counts)


def pack(levels: bytes, width: int, odds: bytes) -> bytes:
    """One picture, packed with the probabilities `odds`."""
    low, span, used = 0, _TOP, 3
    for context, level in zip(contexts(levels, width), levels, strict=True):
        at = context * QUESTIONS
        rank = _RANK[level]
        for question in range(min(rank + 1, QUESTIONS)):
            bound = (span >> 8) * odds[at + question]
            if rank == question:
                span = bound
            else:
                low += bound
                span -= bound
            if span < _LOW:
                low <<= 8
                span <<= 8
                used += 1
    return _shortest(low, span, used)


def _shortest(low: int, span: int, used: int) -> bytes:
    """The value between `low` and `low + span` that ends in the most zero bytes, without them."""
    for zeros in range(8 * used, -1, -8):
        value = (low + (1 << zeros) - 1) >> zeros << zeros
        if value < low + span:
            return value.to_bytes(used + 1, "big")[1:].rstrip(b"\0")
    raise ValueError("an empty range")


def unpack(data: bytes, width: int, height: int, odds: bytes) -> bytes:
    """The levels of a packed picture: the plain form of what the watch does."""
    value, span, at = int.from_bytes(data[:3].ljust(3, b"\0"), "big"), _TOP, 3
    above = bytes(width + 3)
    levels = bytearray()
    for _ in range(height):
        row = bytearray(width + 3)
        for x in range(2, width + 2):
            place = _context(row, above, x)
            rank = 0
            while rank < QUESTIONS:
                bound = (span >> 8) * odds[place * QUESTIONS + rank]
                yes = value < bound
                value, span = (value, bound) if yes else (value - bound, span - bound)
                if span < _LOW:
                    value = value << 8 | (data[at] if at < len(data) else 0)
                    span <<= 8
                    at += 1
                if yes:
                    break
                rank += 1
            row[x] = ORDER[rank]
        levels += row[2:-1]
        above = row
    return bytes(levels)
