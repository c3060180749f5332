"""The parts of the screen that have to be sent again: a short list of rectangles that never grows."""

from array import array

import micropython
from micropython import const

CAPACITY = const(40)
"""Rectangles kept apart: the hands of a watch need that many. More are merged where it costs least."""
MERGE_SLACK_PX = const(512)
"""Sending this many unchanged pixels costs less than the commands of another window."""
_BOX = const(4)
"""Numbers of a rectangle: left, top, right and low."""
_NEVER = const(0x3FFF_FFFF)


class Damage:
    """Rectangles as left, top, right, bottom (right and bottom exclusive)."""

    def __init__(self, width: int, height: int, align: int) -> None:
        """`align`: a power of two; windows of the panel begin and end at its multiples."""
        self._limits = array("h", (width, height, align))
        self._box = array("i", bytes(4 * _BOX))
        self.edges = array("h", bytes(2 * _BOX * (CAPACITY + 1)))
        """The rectangles: left, top, right and low of each."""
        self.count = 0

    def everything(self) -> None:
        """The whole screen."""
        self.count = 0
        self.add(0, 0, self._limits[0], self._limits[1])

    @micropython.native
    def add(self, x: int, y: int, w: int, h: int, slack: int = MERGE_SLACK_PX) -> None:
        """Mark a rectangle; it is cut to the screen and widened to what the panel can address.

        It becomes one with another if that sends at most `slack` pixels more.
        """
        right, low = x + w, y + h
        if right > 0 and low > 0:
            box = self._box
            box[0], box[1] = x if x > 0 else 0, y if y > 0 else 0
            box[2], box[3] = right, low
            self.add_box(box, 0, slack)

    @micropython.native
    def add_box(self, boxes: "array", at: int, slack: int) -> None:
        """As `add`, for left, top, right and low in an `array("i")`."""
        self.count = _add(self.edges, self._limits, self.count, boxes, at, slack)
        if self.count > CAPACITY:
            self.count = _merge_cheapest(self.edges, self.count)

    def clear(self) -> None:
        """Nothing is left to send."""
        self.count = 0

    @micropython.native
    def left(self, index: int) -> int:
        """Left edge of a rectangle."""
        return self.edges[index * _BOX]

    @micropython.native
    def top(self, index: int) -> int:
        """Top edge of a rectangle."""
        return self.edges[index * _BOX + 1]

    @micropython.native
    def width(self, index: int) -> int:
        """Width of a rectangle."""
        return self.edges[index * _BOX + 2] - self.edges[index * _BOX]

    @micropython.native
    def height(self, index: int) -> int:
        """Height of a rectangle."""
        return self.edges[index * _BOX + 3] - self.edges[index * _BOX + 1]


@micropython.viper
def _add(edges: ptr16, limits: ptr16, count: int, boxes: ptr32, at: int, slack: int) -> int:
    """Put a rectangle behind the others, joined with those where that sends hardly more. The new count."""
    aligned = 0 - int(limits[2])
    x = int(boxes[at])
    y = int(boxes[at + 1])
    right = (int(boxes[at + 2]) - aligned - 1) & aligned
    low = (int(boxes[at + 3]) - aligned - 1) & aligned
    if x < 0:
        x = 0
    if y < 0:
        y = 0
    x = x & aligned
    y = y & aligned
    if right > int(limits[0]):
        right = int(limits[0])
    if low > int(limits[1]):
        low = int(limits[1])
    if x >= right or y >= low:
        return count
    at = 0
    while at < count << 2:
        left = int(edges[at])
        top = int(edges[at + 1])
        to_x = int(edges[at + 2])
        to_y = int(edges[at + 3])
        waste = 0 - (to_x - left) * (to_y - top) - (right - x) * (low - y)
        if left > x:
            left = x
        if top > y:
            top = y
        if to_x < right:
            to_x = right
        if to_y < low:
            to_y = low
        waste += (to_x - left) * (to_y - top)
        at += _BOX
        if waste <= slack:
            x = left
            y = top
            right = to_x
            low = to_y
            while at < count << 2:
                edges[at - _BOX] = edges[at]
                at += 1
            count -= 1
            at = 0
    at = count << 2
    edges[at] = x
    edges[at + 1] = y
    edges[at + 2] = right
    edges[at + 3] = low
    return count + 1


@micropython.viper
def _merge_cheapest(edges: ptr16, count: int) -> int:
    """Make one of the two rectangles that waste least together; the last one takes the free place. The new count."""
    best = _NEVER
    one = 0
    other = 0
    i = 0
    end = count << 2
    while i < end:
        area = (int(edges[i + 2]) - int(edges[i])) * (int(edges[i + 3]) - int(edges[i + 1]))
        j = i + _BOX
        while j < end:
            left = int(edges[i])
            top = int(edges[i + 1])
            right = int(edges[i + 2])
            low = int(edges[i + 3])
            waste = 0 - area - (int(edges[j + 2]) - int(edges[j])) * (int(edges[j + 3]) - int(edges[j + 1]))
            if left > int(edges[j]):
                left = int(edges[j])
            if top > int(edges[j + 1]):
                top = int(edges[j + 1])
            if right < int(edges[j + 2]):
                right = int(edges[j + 2])
            if low < int(edges[j + 3]):
                low = int(edges[j + 3])
            waste += (right - left) * (low - top)
            if waste < best:
                best = waste
                one = i
                other = j
            j += _BOX
        i += _BOX
    i = 0
    while i < _BOX:
        a = int(edges[one + i])
        b = int(edges[other + i])
        if (i < 2 and b < a) or (i >= 2 and b > a):
            a = b
        edges[one + i] = a
        edges[other + i] = edges[end - _BOX + i]
        i += 1
    return count - 1
