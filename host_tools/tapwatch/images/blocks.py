"""Finds in old bytes what new bytes are made of: runs to copy, and literals between them.

The old file of the same name is looked through byte by byte, everything else that is old in steps: code moves within
its file more often than between files.
"""

from __future__ import annotations

from dataclasses import dataclass

_WINDOW = 12
"""Bytes that must be the same before anything is copied: a copy costs 8, and 4 for the literal that goes on behind."""
_STEP = 8
"""Between the places of the whole old image that are remembered."""
_STRIDE = 256


@dataclass(frozen=True)
class Copy:
    """Bytes that are in the old image."""

    offset: int
    length: int


Piece = Copy | bytes
"""A copy, or a literal."""


class OldBytes:
    """The old image, and where which bytes are in it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._everywhere = _places(data, 0, len(data), _STEP)

    def pieces(self, new: bytes, near: tuple[int, int] = (0, 0)) -> list[Piece]:
        """What `new` is made of, in order. `near`: start and length of the old bytes to look through closely."""
        close = _places(self.data, near[0], near[0] + near[1], 1)
        found: list[Piece] = []
        at = begun = 0
        while at <= len(new) - _WINDOW:
            window = new[at : at + _WINDOW]
            place = close.get(window, self._everywhere.get(window))
            if place is None:
                at += 1
                continue
            back = self._same_before(new, begun, at, place)
            ahead = self._same_after(new, at, place)
            if at - back > begun:
                found.append(new[begun : at - back])
            found.append(Copy(place - back, back + ahead))
            at = begun = at + ahead
        return [*found, new[begun:]] if begun < len(new) else found

    def _same_before(self, new: bytes, least: int, at: int, place: int) -> int:
        """How many bytes before both places are the same, without going into what is copied already."""
        count = 0
        while at - count > least and place > count and new[at - count - 1] == self.data[place - count - 1]:
            count += 1
        return count

    def _same_after(self, new: bytes, at: int, place: int) -> int:
        """How many bytes from both places on are the same."""
        most = min(len(new) - at, len(self.data) - place)
        count = 0
        while count < most:
            step = min(_STRIDE, most - count)
            if new[at + count : at + count + step] != self.data[place + count : place + count + step]:
                break
            count += step
        while count < most and new[at + count] == self.data[place + count]:
            count += 1
        return count


def _places(data: bytes, start: int, end: int, step: int) -> dict[bytes, int]:
    """Where each window begins; the first of several places."""
    starts = range(start, end - _WINDOW + 1, step)
    return {data[at : at + _WINDOW]: at for at in reversed(starts)}
