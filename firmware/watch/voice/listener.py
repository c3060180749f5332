"""Listens once: from the microphone to one word, or the reason why there is none. Nothing that was heard stays."""

from micropython import const

from watch.kernel.errors import StateError
from watch.voice.heard import MICROPHONE, Heard

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from array import array
    from typing import Optional, Protocol

    from board.ports import Microphone
    from watch.kernel.clock import Clock
    from watch.voice.decision import Recogniser

    class Front(Protocol):
        """What is used of `watch.voice.features.FrontEnd`."""

        def frame(self, samples: "array[int] | memoryview", at: int, into: bytearray, offset: int) -> int:
            """Store the 32 bands of the 512 samples from `at`; the level of them."""
            ...

        def clear(self) -> None:
            """Overwrite what the last frame has left."""
            ...


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

    async def listen(self, mask: "tuple[str, ...]", limit_ms: int) -> Heard:
        """Hear one word of `mask`, within `limit_ms`. Raises StateError while it listens already."""
        return await self._hear(limit_ms)

    async def record(self, into: bytearray, limit_ms: int) -> Heard:
        """Hear one utterance and make a shot of it (`Prototypes.add`) in `into`; its reason is "" if there is one.

        Raises StateError while it listens already.
        """
        return await self._hear(limit_ms)

    def cancel(self) -> None:
        """End the listening: it returns "cancelled" within 20 ms. No error while nobody listens."""

    async def _hear(self, limit_ms: int) -> Heard:
        """Not there yet."""
        if self.listening:
            raise StateError("the watch listens already")
        return Heard("", MICROPHONE)
