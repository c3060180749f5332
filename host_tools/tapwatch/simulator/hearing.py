"""What the microphone of the simulated watch hears: sounds that wait for it to listen, and somebody who speaks now."""

from __future__ import annotations

import asyncio
import errno
from array import array
from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tapwatch.simulator.wav import RATE_HZ

DELAY_MS = 300
"""Silence before a sound: the watch throws away its first 40 ms, and measures how loud the room is."""
MOST_WAITING_S = 120
"""What may wait at once."""
_LIVE_S = 2.0
"""What may wait of somebody who speaks now; a watch that is late does not hear more than this."""
_HEADWAY_MS = 80
"""Live sound begins when so much of it is there: pieces come in fits and starts, and a gap is a click."""
_MS = RATE_HZ // 1000
_ALIVE, _LOW, _HIGH = 0, 1, 2

FAULTS: Mapping[str, int] = MappingProxyType({"": _ALIVE, "missing": _LOW, "low": _LOW, "high": _HIGH, "error": _ALIVE})
"""What a script can do to the microphone, and what its line does then. `error`: it does not start."""


class Said:
    """One sound that was given to the watch. `over` is true once it was heard, or will not be any more."""

    def __init__(self, samples: array[int]) -> None:
        self.samples = samples
        self.at = 0
        self.heard = asyncio.Event()
        self.whole = False
        """True if the watch listened to its end."""


class Hearing:
    """The air before the microphone. It stays over a restart of the watch."""

    def __init__(self, tell: Callable[[str, object], None]) -> None:
        """`tell` is called with the event `microphone`, whether the watch listens."""
        self._tell = tell
        self.listening = False
        self.fault = ""
        self._waiting: deque[Said] = deque()
        self._live = array("h")
        self._flowing = False

    @property
    def unheard_ms(self) -> int:
        """How much waits to be heard."""
        return sum(len(said.samples) - said.at for said in self._waiting) // _MS

    def say(self, samples: array[int], delay_ms: int = DELAY_MS) -> Said:
        """Let it be heard after what waits already, from the next time on that the watch listens.

        `delay_ms` of silence come first. A sound in whose middle the watch stops to listen is not heard on.
        Raises ValueError if too much waits.
        """
        if self.unheard_ms + delay_ms + len(samples) // _MS > MOST_WAITING_S * 1000:
            raise ValueError(f"at most {MOST_WAITING_S} s of sound wait for the watch to listen")
        said = Said(array("h", bytes(2 * delay_ms * _MS)) + samples)
        self._waiting.append(said)
        return said

    def hush(self) -> None:
        """Forget what waits."""
        while self._waiting:
            self._waiting.popleft().heard.set()
        del self._live[:]

    def speak(self, samples: array[int]) -> None:
        """Somebody speaks now: heard if the watch listens, and not if it does not."""
        if not self.listening:
            return
        self._live += samples
        late = len(self._live) - int(_LIVE_S * RATE_HZ)
        if late > 0:
            del self._live[:late]

    def begin(self) -> None:
        """The watch begins to listen. Raises OSError as a microphone that does not start."""
        if self.fault == "error":
            raise OSError(errno.EIO, "the microphone was told to fail")
        self._listen(True)

    def end(self) -> None:
        """The watch stops to listen."""
        if self.listening:
            if self._waiting and self._waiting[0].at:
                self._waiting.popleft().heard.set()
            self._listen(False)

    def part(self, samples: int) -> bytes:
        """What the line does, and what comes next: the answer to SOUND_WANTED."""
        sound = self._queued(samples)
        live = self._spoken(samples)
        if live:
            sound.extend([0] * (len(live) - len(sound)))
            for place, sample in enumerate(live):
                sound[place] = max(-32768, min(32767, sound[place] + sample))
        return bytes([FAULTS[self.fault]]) + sound.tobytes()

    def _queued(self, samples: int) -> array[int]:
        sound = array("h")
        while self._waiting and len(sound) < samples:
            said = self._waiting[0]
            piece = said.samples[said.at : said.at + samples - len(sound)]
            sound += piece
            said.at += len(piece)
            if said.at == len(said.samples):
                said.whole = True
                said.heard.set()
                self._waiting.popleft()
        return sound

    def _spoken(self, samples: int) -> array[int]:
        if not self._flowing and len(self._live) < _HEADWAY_MS * _MS:
            return array("h")
        piece = self._live[:samples]
        del self._live[:samples]
        self._flowing = len(piece) == samples
        return piece

    def _listen(self, on: bool) -> None:
        self.listening = on
        self._flowing = False
        del self._live[:]
        self._tell("microphone", on)
