"""A thousand notifications a second: what a reader that comes meanwhile may have to wait for."""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.bench.scenes.worn import without_scrub, worn_watch
from watch.services.notifications import QUEUE

DROPPED = 100
_MINUTE_US = 60_000_000
_LONG = {"src": "W" * 48, "title": "A title that is long " * 8, "body": "Words of all kinds, and so on. " * 30}


class _Flood:
    """Posts into a queue with room and into a full one; then the tick that keeps some and draws a card.

    A tick looks at the radio after each strip of the picture: what it does in between is a part.
    """

    def __init__(self, marks):
        self._watch, self._board = worn_watch()
        self._marks = marks
        self._watch.stack.interrupt_by(self._strip)
        self._prefix = "warm-up/"
        self._stretches = 0

    def run(self, prefix):
        """One burst. Returns how many stretches its tick has."""
        self._rest()
        self._prefix = prefix
        self._post()
        self._board.clock.now_us += _MINUTE_US
        self._stretches = 0
        gc.collect()
        self._marks.cut(NOT_OURS)
        self._watch.navigator.tick()
        self._marks.cut(prefix + "stretch/end")
        return self._stretches

    def _rest(self):
        """The card of the burst before goes away."""
        self._prefix = "rest/"
        self._board.clock.now_us += _MINUTE_US
        self._watch.navigator.tick()

    def _post(self):
        notify, cut = self._watch.services.phone.notify, self._marks.cut
        for number in range(QUEUE):
            cut(NOT_OURS)
            notify(dict(_LONG, id=number))
            cut("%skept/%d" % (self._prefix, number))
        cut(NOT_OURS)
        for _ in range(DROPPED):
            notify(_LONG)
        cut(self._prefix + "dropped")

    def _strip(self):
        self._marks.cut("%sstretch/%d" % (self._prefix, self._stretches))
        self._stretches += 1
        self._marks.cut(NOT_OURS)
        return False


def load(marks):
    """Three bursts, of which the last one counts."""
    without_scrub()
    flood = _Flood(marks)
    for prefix in ("warm-up/", "warm-up/", "load/"):
        stretches = flood.run(prefix)
    return {"dropped": DROPPED, "stretches": stretches}
