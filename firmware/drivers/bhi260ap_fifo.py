"""Bosch BHI260AP: what comes out of its FIFOs.

Each read begins with how many bytes there are. Events follow: a number, and as many bytes as belong to it. Nobody can
tell where the next event begins after a number that is not known; the rest of what was announced is thrown away then,
and the next read begins with an event again. Source: BST-BHI260AP-DS000; Bosch's `bhy2.c` for the lengths.
"""

from micropython import const

from drivers import bhi260ap_bus as hub

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from drivers.bhi260ap_bus import HubBus

    Take = Callable[[int, bytearray], object]

ACCELERATION = const(4)
WRIST_TILT = const(67)
WAKE_GESTURE = const(57)
GLANCE = const(59)
STATIONARY = const(75)
MOTION = const(77)
ANY_MOTION = const(142)
ANY_MOTION_WAKE = const(143)
STEPS = const(52)
STEPS_WAKE = const(53)
STEPS_LOW = const(136)
STEPS_LOW_WAKE = const(139)
META_WAKE = const(248)
META = const(254)
_PAD = const(0)

_LENGTHS = (
    # what may come, and how many bytes follow the number
    (ACCELERATION, 6),
    (STEPS, 4),
    (STEPS_WAKE, 4),
    (STEPS_LOW, 4),
    (STEPS_LOW_WAKE, 4),
    (WAKE_GESTURE, 0),
    (GLANCE, 0),
    (WRIST_TILT, 0),
    (STATIONARY, 0),
    (MOTION, 0),
    (ANY_MOTION, 0),
    (ANY_MOTION_WAKE, 0),
    (245, 1),  # times, short, long and whole
    (246, 2),
    (247, 5),
    (251, 1),
    (252, 2),
    (253, 5),
    (META_WAKE, 3),
    (META, 3),
    (250, 17),  # text for its developers
    (255, 0),  # filler
)
_UNKNOWN = const(255)
_LONGEST = const(17)

MOST_BYTES = const(4096)
"""More is not taken at once: it would be a chip that has lost its mind, or forty seconds of acceleration."""
_SIZES = (64, 32, 16, 8, 4, 2, 1)
_ABORT_WAKE, _ABORT_QUIET = const(0x02), const(0x04)


class Parser:
    """Takes bytes as they come and hands out events."""

    def __init__(self, take: "Take") -> None:
        """`take(number, data)`: data is lent, and longer than what belongs to the event."""
        self._take = take
        self._lengths = bytearray((_UNKNOWN,) * 256)
        for number, length in _LENGTHS:
            self._lengths[number] = length
        self._data = bytearray(_LONGEST)
        self.begin()

    def begin(self) -> None:
        """The next byte is the number of an event. Allocates nothing."""
        self._number = self._have = self._want = 0

    def feed(self, data: bytearray, length: int) -> bool:
        """Take bytes; False, at once, for an event that nobody knows. Allocates nothing."""
        for place in range(length):
            byte = data[place]
            if not self._number:
                if byte == _PAD:
                    continue
                if self._lengths[byte] == _UNKNOWN:
                    return False
                self._number, self._have, self._want = byte, 0, self._lengths[byte]
            else:
                self._data[self._have] = byte
                self._have += 1
            if self._have == self._want:
                number, self._number = self._number, 0
                self._take(number, self._data)
        return True

    def whole(self) -> bool:
        """True if the last event has come to its end."""
        return not self._number


class Fifo:
    """Reads FIFOs of one hub."""

    def __init__(self, bus: "HubBus", take: "Take") -> None:
        """`take` as for Parser."""
        self._bus = bus
        self._parser = Parser(take)
        self._count = bytearray(2)
        self._chunk = bytearray(_SIZES[0])
        view = memoryview(self._chunk)
        self._views = tuple(view[:size] for size in _SIZES)

    def drain(self, channel: int) -> bool:
        """Read all of FIFO_WAKE or FIFO_QUIET; False if it made no sense. Allocates nothing. Raises OSError."""
        bus = self._bus
        bus.fill(channel, self._count)
        left = self._count[0] | self._count[1] << 8
        if left > MOST_BYTES:
            bus.write(hub.INTERFACE, _ABORT_WAKE if channel == hub.FIFO_WAKE else _ABORT_QUIET)
            bus.write(hub.INTERFACE, 0)
            return False
        self._parser.begin()
        good, place = True, 0
        while left:
            size = _SIZES[place]
            if size > left:
                place += 1
                continue
            bus.fill(channel, self._views[place])
            left -= size
            good = good and self._parser.feed(self._chunk, size)
        return good and self._parser.whole()
