"""Card art as it comes from the bank: two pictures in one file, for small and large panels (docs/formats.md)."""

from array import array

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Tuple

MAX_BYTES = const(24_576)
_MAGIC = b"TWA1"
_SIZES = ((160, 100), (320, 200))
_HEADER_BYTES = const(5)  # width, height, number of colours
_COLOUR_BYTES = const(2)
_LENGTH_BYTES = const(2)
_MOST_COLOURS = const(16)


class Picture:
    """One picture: runs of one colour each, row by row."""

    def __init__(self, w: int, h: int, palette: array, runs: bytes) -> None:
        """`palette`: colours as the panel wants their bytes. Raises InputError unless the runs fill all rows."""
        self.width, self.height = w, h  # names that no app may set: pictures of cards are everybody's
        self.palette = palette
        self.runs = runs
        self.rows = array("H", bytes(2 * h))
        """Where each row begins in `runs`."""
        self._find_rows()

    def _find_rows(self) -> None:
        runs, w, colours = self.runs, self.width, len(self.palette)
        at = 0
        for row in range(self.height):
            self.rows[row] = at
            x = 0
            while x < w:
                if at == len(runs) or runs[at] >> 4 >= colours:
                    raise InputError("card art: the runs do not fill a row")
                x += (runs[at] & 15) + 1
                at += 1
            if x != w:
                raise InputError("card art: a run goes over the end of a row")
        if at != len(runs):
            raise InputError("card art: runs behind the last row")


def parse(data: bytes, large: bool) -> Picture:
    """The picture of a card art file that suits a panel. Raises InputError for a file that is not of the form."""
    if not 0 < len(data) <= MAX_BYTES or data[: len(_MAGIC)] != _MAGIC:
        raise InputError("card art: not a file of this kind")
    small, end = _picture(data, len(_MAGIC), _SIZES[0])
    big, end = _picture(data, end, _SIZES[1])
    if end != len(data):
        raise InputError("card art: bytes behind the pictures")
    return big if large else small


def _picture(data: bytes, at: int, size: "Tuple[int, int]") -> "Tuple[Picture, int]":
    """The picture that begins at `at`, and where it ends."""
    _expect(data, at, _HEADER_BYTES)
    w, h, colours = _number(data, at), _number(data, at + 2), data[at + 4]
    if (w, h) != size or not 1 <= colours <= _MOST_COLOURS:
        raise InputError("card art: wrong size or number of colours")
    at += _HEADER_BYTES
    _expect(data, at, colours * _COLOUR_BYTES + _LENGTH_BYTES)
    palette = array("H", bytes(colours * _COLOUR_BYTES))
    for colour in range(colours):  # bytes stay in the order of the panel
        palette[colour] = data[at] | data[at + 1] << 8
        at += _COLOUR_BYTES
    length = _number(data, at)
    at += _LENGTH_BYTES
    _expect(data, at, length)
    return Picture(w, h, palette, data[at : at + length]), at + length


def _expect(data: bytes, at: int, size: int) -> None:
    if at + size > len(data):
        raise InputError("card art: the file ends too early")


def _number(data: bytes, at: int) -> int:
    return data[at] << 8 | data[at + 1]
