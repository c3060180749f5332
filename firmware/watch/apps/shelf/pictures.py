"""Pictures of an app as they lie in its bundle, `NAME.img`: one for small panels and one for large ones.

`TWI1`, the lengths of both (4 bytes each), then each of them: width, height (2 bytes each), number of colours (1), the
colours as RGB565 (2 bytes each), length of the runs (4), runs. A run is the colour in the upper half of a byte and its
length less one in the lower. All numbers are big-endian. `watch.ui.image` reads the same for the screen; here it is
checked once, in steps.
"""

import struct

from micropython import const

from watch.kernel.errors import BundleError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterator

_MAGIC = b"TWI1"
_FILE_HEAD = ">4sII"
_FILE_HEAD_BYTES = const(12)
_HEAD = ">HHB"
_HEAD_BYTES = const(5)
_LENGTH_BYTES = const(4)
_MOST_PX = (240, 502)
"""Width and height at most: those of the panels."""
_MOST_COLOURS = const(16)
_RUNS_A_STEP = const(2048)  # between two looks at the screen


def checking(name: str, data: bytes) -> "Iterator[None]":
    """Check a file in steps. Raises BundleError for one of another form."""
    if len(data) < _FILE_HEAD_BYTES:
        raise BundleError("%s is no picture" % name)
    magic, small, large = struct.unpack(_FILE_HEAD, data[:_FILE_HEAD_BYTES])
    if magic != _MAGIC or _FILE_HEAD_BYTES + small + large != len(data):
        raise BundleError("%s is no picture" % name)
    at = _FILE_HEAD_BYTES
    for length, most_px in zip((small, large), _MOST_PX):
        yield from _checking(name, memoryview(data)[at : at + length], most_px)
        at += length


def _checking(name: str, data: memoryview, most_px: int) -> "Iterator[None]":
    """One picture: its runs fill every row, and none goes over the end of one."""
    if len(data) < _HEAD_BYTES + _LENGTH_BYTES:
        raise BundleError("a picture of %s ends early" % name)
    width, height, colours = struct.unpack(_HEAD, data[:_HEAD_BYTES])
    if not 0 < width <= most_px or not 0 < height <= most_px or not 0 < colours <= _MOST_COLOURS:
        raise BundleError("size or colours of %s: at most %d pixels each way, 16 colours" % (name, most_px))
    start = _HEAD_BYTES + 2 * colours + _LENGTH_BYTES
    count = int.from_bytes(data[start - _LENGTH_BYTES : start], "big")
    if start + count != len(data):
        raise BundleError("the runs of %s do not end where it ends" % name)
    x = rows = 0
    for place in range(start, len(data)):
        run = data[place]
        x += (run & 15) + 1
        if run >> 4 >= colours or x > width:
            raise BundleError("a run of %s has no colour, or goes over the end of a row" % name)
        if x == width:
            x, rows = 0, rows + 1
        if place % _RUNS_A_STEP == 0:
            yield
    if x or rows != height:
        raise BundleError("the runs of %s do not fill its rows" % name)
