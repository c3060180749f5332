"""What the simulated watch plays: samples for the page, and what tone they were, for people and scripts."""

from __future__ import annotations

import base64
import sys
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tapwatch.simulator.link import Listener

RATE_HZ = 32_000
_PEAK = 32_767
_MS = RATE_HZ // 1000
_MOST_SAMPLES = 10 * RATE_HZ
"""A sound is told of after so long even if it does not end."""


class Loudspeaker:
    """Events of kind `sound` while there is something to hear, and one of kind `tone` behind it."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._heard = array("h")

    def take(self, payload: bytes) -> None:
        """The next part. Raises ValueError for half a sample."""
        part = array("h", payload)
        if sys.byteorder == "big":
            part.byteswap()
        if any(part):
            self._listener("sound", {"rate": RATE_HZ, "samples": base64.b64encode(payload).decode()})
            self._heard += part
        if self._heard and (not any(part) or len(self._heard) > _MOST_SAMPLES):
            self._listener("tone", measured(self._heard))
            self._heard = array("h")


def measured(samples: array[int]) -> dict[str, int]:
    """Pitch, length and loudness of a tone: `hz`, `ms`, `percent` of the loudest."""
    loud = [place for place, sample in enumerate(samples) if sample]
    peak = max(abs(sample) for sample in samples)
    rising = [_crossing(samples, place) for place in range(1, len(samples)) if samples[place - 1] < 0 <= samples[place]]
    rising = rising[:-1]  # the last one may be where it has faded away
    hz = round((len(rising) - 1) * RATE_HZ / (rising[-1] - rising[0])) if len(rising) > 1 else 0
    return {"hz": hz, "ms": round((loud[-1] - loud[0]) / _MS), "percent": round(100 * peak / _PEAK)}


def _crossing(samples: array[int], place: int) -> float:
    """Where between two samples it goes through zero."""
    before, after = samples[place - 1], samples[place]
    return place - after / (after - before)
