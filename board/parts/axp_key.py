"""`ports.Buttons`: the key of the power chip; and two sources of buttons as one."""

from micropython import const

from drivers.axp2101_events import KEY_DOWN, KEY_SHORT, KEY_UP

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.parts.axp_events import AxpEvents
    from board.ports import Buttons

_CHANGES = const(16)
_KEY = KEY_DOWN | KEY_UP | KEY_SHORT
_NONE = const(-1)
_SAME_MS = const(300)
"""A short press that is told within this time after its edges is no other one."""
_TICKS = const(0x3FFF_FFFF)


class AxpKey:
    """`ports.Buttons`: bit 0 is the key.

    The chip tells edges without their order or number. An edge down and one up are a press if the key was up, and a
    release and a new press if it was held. A short press without edges, as after sleep, is a press too.
    """

    def __init__(self, events: "AxpEvents", ticks_ms: "Callable[[], int]") -> None:
        self._events = events
        self._ticks_ms = ticks_ms
        self._changed_ms = ticks_ms() - _SAME_MS
        self._changes = bytearray(_CHANGES)
        self._count = 0
        self._held = 0
        events.add(_KEY, self._on_key)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when the key goes down or up."""
        self._events.listen(callback)

    def read(self) -> int:
        """1 or 0 at the oldest unread change, -1 when there is none."""
        if not self._count:
            self._events.take()
        if not self._count:
            return _NONE
        held = self._changes[0]
        self._count -= 1
        for index in range(self._count):
            self._changes[index] = self._changes[index + 1]
        return held

    def _on_key(self, found: int) -> None:
        if found & KEY_DOWN:
            down_last = self._held or not found & (KEY_UP | KEY_SHORT)
            self._change(0)
            self._change(1)
            if not down_last:
                self._change(0)
        elif found & KEY_UP or self._held or (self._ticks_ms() - self._changed_ms) & _TICKS >= _SAME_MS:
            self._change(1)
            self._change(0)

    def _change(self, held: int) -> None:
        if held == self._held:
            return
        self._held = held
        self._changed_ms = self._ticks_ms()
        if self._count == _CHANGES:
            self._count -= 1  # the last word counts
        self._changes[self._count] = held
        self._count += 1


class TwoButtons:
    """`ports.Buttons` of two sources with a button each: bit 0 is the first one, bit 1 the second."""

    def __init__(self, first: "Buttons", second: "Buttons") -> None:
        self._sources = (first, second)
        self._held = 0

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when a button goes down or up."""
        for source in self._sources:
            source.listen(callback)

    def read(self) -> int:
        """The bits of the buttons held down at the oldest unread change of the first, then of the second, or -1."""
        for index in (0, 1):
            held = self._sources[index].read()
            if held != _NONE:
                self._held = self._held & ~(1 << index) | (held & 1) << index
                return self._held
        return _NONE
