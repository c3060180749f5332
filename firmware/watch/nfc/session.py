"""Serving one reader from field-on to field-off.

A tap must not wait for anything else on the watch, so the first two seconds run synchronously with the collector off.
A reader that stays longer (a person with a shell, a script) is then served frame by frame between the other tasks.
"""

import gc

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.loop import Flag, sleep_ms
from watch.nfc.isodep import IsoDep

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import Nfc
    from watch.kernel.clock import Clock
    from watch.nfc.ats import Ats
    from watch.nfc.isodep import Card, Slow

_TAP_MS = const(2000)
"""Longest synchronous run from field-on: four times what a payment terminal may take."""
_SILENCE_US = const(500_000)
"""A payment terminal is through in this time (EMV's target for a whole tap), so a reader that is silent for as long is
done or slow; the wearer should not wait for it to see what was sent."""
_VISIT_MS = const(50)
"""Longest synchronous run later in the same field: a long chained exchange still goes through in one go."""
_NEXT_FRAME_US = const(5000)
"""How long such a visit waits for the reader's next frame: well over the pause of a reader in mid-exchange."""
_GARBAGE_BYTES = const(1 << 20)
"""How much may be allocated between two collections, half of the smallest heap of a board. A run does without the
collector; if it began with a heap full of garbage, it would end with none left."""


class FieldSession:
    """Runs the block protocol whenever the radio calls."""

    def __init__(
        self,
        port: "Nfc",
        card: "Card",
        clock: "Clock",
        served: "Callable[[], None]",
        slow: "Optional[Slow]" = None,
        ats: "Optional[Ats]" = None,
    ) -> None:
        """`served` is called after each synchronous run, outside the time-critical path, to look at what happened."""
        self._ticks_ms = clock.ticks_ms
        self._isodep = IsoDep(port, card, slow, ats)
        self._receive = self._isodep.receive
        self._called = Flag()
        self._served = served
        self._in_field = False
        self._looked = False
        self._busy_ms = 0
        port.listen(self._called.set)

    async def serve(self) -> None:
        """The task: answer readers for ever. Raises what the card raises; cancelling it releases the card."""
        threshold = gc.threshold()
        gc.threshold(_GARBAGE_BYTES)
        try:
            while True:
                await self._called.wait()
                self._looked = False
                self.run()
                self._served()
                await sleep_ms(0)  # a radio that calls without end must not keep the other tasks waiting
        finally:
            gc.threshold(threshold)
            self._isodep.lost()
            self._in_field = False

    def look_in(self) -> bool:
        """For whoever works for long: serve a reader that has come meanwhile. True if there was one.

        What came of it is looked at by `serve`, as always, once the caller is done.
        """
        if self._looked or not self._called.is_set():
            return False
        self._looked = True
        self.run()
        return True

    def run(self) -> None:
        """Serve the reader that is there now: until its field goes, it falls silent, or the time is up."""
        started_ms = self._ticks_ms()
        collecting = gc.isenabled()
        gc.disable()
        try:
            if self._in_field:
                self._exchange(_VISIT_MS, _NEXT_FRAME_US)
            else:
                self._in_field = True
                self._exchange(_TAP_MS, _SILENCE_US)
        finally:
            if collecting:
                gc.enable()
            self._busy_ms += ticks_diff(self._ticks_ms(), started_ms)

    @property
    def in_field(self) -> bool:
        """True from a reader's coming until its going has been seen."""
        return self._in_field

    def take_busy_ms(self) -> int:
        """Milliseconds in which readers were served since the last call."""
        busy_ms, self._busy_ms = self._busy_ms, 0
        return busy_ms

    def _exchange(self, limit_ms: int, wait_us: int) -> None:
        isodep = self._isodep
        start = self._ticks_ms()
        spent_ms = 0
        while spent_ms < limit_ms:
            length = self._receive(isodep.frame, min(wait_us, (limit_ms - spent_ms) * 1000))
            if length < 0:
                isodep.lost()
                self._in_field = False
                return
            if length == 0:
                return
            isodep.handle(length)
            spent_ms = ticks_diff(self._ticks_ms(), start)
