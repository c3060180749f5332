"""The sixteen places, and what a stroke does to them. A place holds n for a tile of 2^n, 0 for none."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

SIDE = const(4)
PLACES = const(16)
STILL, MERGED, NEW = const(0), const(1), const(2)
_LINES = {
    # first place of the first line, from line to line, from place to place against the stroke
    "left": (0, SIDE, 1),
    "right": (SIDE - 1, SIDE, -1),
    "up": (0, 1, SIDE),
    "down": (PLACES - SIDE, 1, -SIDE),
}
_TEN = const(10)


class Board:
    """One game."""

    def __init__(self, below: "Callable[[int], int]") -> None:
        """`below(n)` throws a number from 0 to n - 1. The board is empty until `start` or `restore`."""
        self._below = below
        self.cells = bytearray(PLACES)
        self.news = bytearray(PLACES)
        """What the last stroke has made of each place: `STILL`, `MERGED` or `NEW`."""
        self.score = 0

    def begin(self) -> None:
        """Begin with two tiles."""
        self.score = 0
        for place in range(PLACES):
            self.cells[place] = self.news[place] = 0
        self._throw()
        self._throw()

    def restore(self, places: "list[int]", score: int) -> bool:
        """Go on with a game. False if these are not sixteen places with a tile; then nothing is changed."""
        if len(places) != PLACES or not any(places) or not all(0 <= value < PLACES + 2 for value in places):
            return False
        for place in range(PLACES):
            self.cells[place] = places[place]
            self.news[place] = STILL
        self.score = score
        return True

    def slide(self, direction: str) -> bool:
        """Push all tiles `left`, `right`, `up` or `down`; equal ones become one. False if nothing moves.

        A new tile appears where there is room.
        """
        first, across, along = _LINES[direction]
        for place in range(PLACES):
            self.news[place] = STILL
        moved = False
        for number in range(SIDE):
            moved = self._slide_line(first + number * across, along) or moved
        if moved:
            self._throw()
        return moved

    def stuck(self) -> bool:
        """True if no stroke moves anything."""
        places = self.cells
        for place in range(PLACES):
            right = place % SIDE < SIDE - 1 and places[place] == places[place + 1]
            low = place < PLACES - SIDE and places[place] == places[place + SIDE]
            if not places[place] or right or low:
                return False
        return True

    def _slide_line(self, first: int, along: int) -> bool:
        """Move one line towards its first place."""
        places, to, moved = self.cells, first, False
        for step in range(SIDE):
            place = first + step * along
            value = places[place]
            if not value:
                continue
            places[place] = 0
            if to != place and places[to] == value and self.news[to] == STILL:
                self._merge(to)
                moved = True
                continue
            if places[to]:
                to += along
            places[to] = value
            moved = moved or to != place
        return moved

    def _merge(self, place: int) -> None:
        self.cells[place] += 1
        self.news[place] = MERGED
        self.score += 1 << self.cells[place]

    def _throw(self) -> None:
        """Put a 2 on an empty place, or a 4 once in ten times."""
        empty = [place for place in range(PLACES) if not self.cells[place]]
        place = empty[self._below(len(empty))]
        self.cells[place] = 1 if self._below(_TEN) else 2
        self.news[place] = NEW
