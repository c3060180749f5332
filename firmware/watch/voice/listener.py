"""Listens once: from the microphone to one word, or the reason why there is none. Nothing that was heard stays."""

import errno
from array import array

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import StateError
from watch.kernel.loop import sleep_ms
from watch.voice.endpoint import BANDS, FRAME_MS, Endpoint
from watch.voice.features import FrontEnd
from watch.voice.heard import CANCELLED, HEARD, MICROPHONE, NOISE, SILENCE, Heard
from watch.voice.samples import clipped, constant, copy_frame, put, total, wipe

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from board.ports import Microphone
    from watch.kernel.clock import Clock
    from watch.voice.decision import Recogniser

    class Front(Protocol):
        """What is used of `watch.voice.features.FrontEnd`."""

        def frame(self, samples: "array[int]", at: int, into: bytearray, offset: int) -> int:
            """Store the 32 bands of the 512 samples from `at`; their level."""
            ...

        def clear(self) -> None:
            """Overwrite what the last frame has left."""
            ...


WINDOW_FRAMES = const(48)
_WINDOW_BYTES = const(1536)
_FRAME_SAMPLES = const(512)
_HOP_SAMPLES = const(320)
_OVERLAP_SAMPLES = const(192)
_RING_FRAMES = const(128)
"""A power of two, and not less than half a window, half the longest word, and the 74 frames after a word in which
nearer talk may still turn out to be only that."""
_STUCK_MS = const(500)
"""A microphone that gives nothing for so long gives nothing any more: its driver holds 20 ms back."""
_DEAD_FRAMES = const(25)
"""Frames of a line that does not move, one after the other, after which there is no microphone: 0.5 s."""
_QUIET_LEVEL = const(90)
_LOUD_LEVEL = const(200)
"""Levels of the front end that are 0 and 100 in the picture."""


class Listener:
    """The one that starts the microphone for words. One listening at a time."""

    def __init__(
        self,
        microphone: "Optional[Microphone]",
        recogniser: "Recogniser",
        clock: "Clock",
        front: "Optional[Front]" = None,
    ) -> None:
        """`microphone`: None where the board has none. `front`: the front end; made here if it is not given."""
        self.level = 0
        """How loud it is, 0 to 100, for the picture while listening."""
        self.listening = False
        """True while the microphone is on: what the screen must show."""
        self._microphone = microphone
        self._recogniser = recogniser
        self._clock = clock
        self._front = FrontEnd() if front is None else front
        self._endpoint = Endpoint()
        self._part = array("h", bytes(2 * _HOP_SAMPLES))
        self._part_view = memoryview(self._part)
        self._samples = array("h", bytes(2 * (_FRAME_SAMPLES + _HOP_SAMPLES)))
        self._ring = bytearray(_RING_FRAMES * BANDS)
        self._window = bytearray(_WINDOW_BYTES)
        self._tells_stuck = hasattr(microphone, "stuck")
        self._reset()

    async def listen(self, mask: "tuple[str, ...]", limit_ms: int) -> Heard:
        """Hear one word of `mask`, within `limit_ms`. Raises StateError while it listens already."""
        return await self._hear(limit_ms, lambda window: self._recogniser.decide(window, mask))

    async def record(self, into: bytearray, limit_ms: int) -> Heard:
        """Hear one utterance and make a shot of it (`Prototypes.add`) in `into`; its reason is "" if there is one.

        Raises StateError while it listens already.
        """

        def embed(window: bytearray) -> Heard:
            self._recogniser.embed(window, into)
            return Heard("", HEARD)

        return await self._hear(limit_ms, embed)

    def cancel(self) -> None:
        """End the listening: it returns "cancelled" within 20 ms. No error while nobody listens."""
        self._cancelled = True

    async def _hear(self, limit_ms: int, answer: "Callable[[bytearray], Heard]") -> Heard:
        """Wait for an utterance and hand its window to `answer`."""
        if self.listening:
            raise StateError("the watch listens already; cancel that, or wait until it has ended")
        self.listening = True
        self._reset()
        self._endpoint.start(limit_ms // FRAME_MS)
        try:
            reason = await self._catch(limit_ms)
            self._stop()
            if reason != HEARD:
                return Heard("", reason)
            self._cut()
            return answer(self._window)
        finally:
            self._forget()

    def _reset(self) -> None:
        """Nothing was heard yet."""
        self._cancelled = False
        self._filled = 0  # samples that wait
        self._frames = 0  # since the start
        self._dead = 0  # the last of them in which the line stood still
        self._lost = 0  # parts that the microphone has lost
        self._gaps = False  # some were lost while nobody spoke
        self.level = 0

    async def _catch(self, limit_ms: int) -> str:
        """Listen until there is an utterance, or a reason why there is none."""
        microphone, started_ms = self._microphone, self._clock.ticks_ms()
        if microphone is None:
            return MICROPHONE
        try:
            while not _started(microphone):
                await sleep_ms(FRAME_MS)
                if self._cancelled:
                    return CANCELLED
                if ticks_diff(self._clock.ticks_ms(), started_ms) >= limit_ms:
                    return NOISE  # its own
            return await self._follow(microphone, started_ms, limit_ms)
        except OSError:
            return MICROPHONE  # it answers an error, or nothing: nobody can do more than start the watch again

    async def _follow(self, microphone: "Microphone", started_ms: int, limit_ms: int) -> str:
        """Work on what the microphone gives, every 20 ms. Raises OSError."""
        given_ms = self._clock.ticks_ms()
        while True:
            await sleep_ms(FRAME_MS)
            if self._cancelled:
                return CANCELLED
            before = self._frames
            reason = self._take(microphone)
            if reason is not None:
                return reason
            now_ms = self._clock.ticks_ms()
            if self._frames != before:
                given_ms = now_ms
            elif ticks_diff(now_ms, given_ms) >= _STUCK_MS:
                return MICROPHONE
            if ticks_diff(now_ms, started_ms) >= limit_ms:
                self._endpoint.expire()
                return self._verdict()

    def _take(self, microphone: "Microphone") -> "Optional[str]":
        """Work on all that waits; the reason when there is nothing more to wait for. Allocates nothing."""
        while not self._endpoint.over:
            count = microphone.read(self._part_view)
            if not count:
                return MICROPHONE if self._has_lost(microphone) else None
            put(self._samples, self._filled, self._part, 0, count)
            self._filled += count
            if self._filled >= _FRAME_SAMPLES and self._frame(microphone):
                return MICROPHONE
        return self._verdict()

    def _frame(self, microphone: "Microphone") -> bool:
        """Work on one frame, and make room for the next. True if the line has been dead for long."""
        samples = self._samples
        offset = (self._frames & (_RING_FRAMES - 1)) * BANDS
        level = self._front.frame(samples, 0, self._ring, offset)
        full = clipped(samples, _OVERLAP_SAMPLES, _HOP_SAMPLES)
        still = getattr(microphone, "stuck", False) if self._tells_stuck else constant(samples, 0, _FRAME_SAMPLES)
        self._filled -= _HOP_SAMPLES
        put(samples, 0, samples, _HOP_SAMPLES, self._filled)
        self._frames += 1
        self._dead = self._dead + 1 if still else 0
        self._endpoint.frame(self._ring, offset, full)
        above = level - _QUIET_LEVEL
        self.level = 0 if above < 0 else min(100, above * 100 // (_LOUD_LEVEL - _QUIET_LEVEL))
        return self._dead >= _DEAD_FRAMES

    def _has_lost(self, microphone: "Microphone") -> bool:
        """True if the microphone has lost a part of a word. Before a word that does no harm."""
        lost = getattr(microphone, "lost", 0)
        if lost == self._lost:
            return False
        self._lost = lost
        self._gaps = True
        return self._endpoint.sounding()

    def _verdict(self) -> str:
        """What the endpoint says; where it heard nothing and sound was lost, the microphone is the reason."""
        reason = self._endpoint.reason
        return MICROPHONE if reason == SILENCE and self._gaps else reason

    def _cut(self) -> None:
        """Put the utterance in the middle of the window; what was not heard is like the quietest frame there."""
        endpoint = self._endpoint
        start = (endpoint.begin + endpoint.end) // 2 - WINDOW_FRAMES // 2
        heard = range(max(start, 0), min(start + WINDOW_FRAMES, self._frames))
        quietest = min(heard, key=self._sum)
        for frame in range(start, start + WINDOW_FRAMES):
            source = frame if frame in heard else quietest
            copy_frame(self._window, (frame - start) * BANDS, self._ring, self._place(source), BANDS)

    def _sum(self, frame: int) -> int:
        """Sum of the bands of a frame."""
        return total(self._ring, self._place(frame), BANDS)

    def _place(self, frame: int) -> int:
        """Where a frame lies in the ring."""
        return (frame & (_RING_FRAMES - 1)) * BANDS

    def _stop(self) -> None:
        """Switch the microphone off; asking again is safe."""
        if self._microphone is not None:
            try:
                self._microphone.stop()
            except OSError:
                pass  # it was to be off, and whatever it says, nobody reads it any more

    def _forget(self) -> None:
        """Switch the microphone off and overwrite all that holds sound or what was made of it."""
        try:
            self._stop()
        finally:
            self.listening = False
            self._wipe()

    def _wipe(self) -> None:
        """Overwrite every buffer."""
        wipe(self._part, 2 * len(self._part))
        wipe(self._samples, 2 * len(self._samples))
        wipe(self._ring, len(self._ring))
        wipe(self._window, len(self._window))
        self._endpoint.clear()
        self._reset()
        self._front.clear()
        self._recogniser.clear()


def _started(microphone: "Microphone") -> bool:
    """Switch it on; False while the speaker of the watch has the pin that they share, and sounds. Raises OSError."""
    try:
        microphone.start()
    except OSError as error:
        if error.errno != errno.EAGAIN:
            raise
        return False
    return True
