"""Messages over a byte stream to a computer."""

from micropython import const

from watch.exchange.frames import Frames, framed
from watch.kernel.loop import Flag, sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.ports import Stream
    from watch.exchange.messages import Exchange

_CHUNK_BYTES = const(512)


class UsbCarrier:
    """Reads messages from the stream and writes the answers, one after the other.

    An answer is sent before the next message is looked at, so a computer that does not wait only fills the
    stream's own buffer.
    """

    def __init__(self, stream: "Stream", exchange: "Exchange") -> None:
        self._stream = stream
        self._exchange = exchange
        self._frames = Frames()
        self._chunk = bytearray(_CHUNK_BYTES)
        self._waiting = Flag()
        stream.listen(self._waiting.set)

    async def serve(self) -> None:
        """The task: answer for ever. Raises OSError when the stream fails."""
        while True:
            await self._waiting.wait()
            while self._read():
                message = self._frames.next()
                while message is not None:
                    self._stream.write(framed(self._exchange.answer(message)))
                    await sleep_ms(0)
                    message = self._frames.next()
                await sleep_ms(0)  # bytes that never become a message must not keep the other tasks waiting

    def _read(self) -> bool:
        """Take what waits on the stream; False if nothing did. A broken stream starts anew with what comes next."""
        if self._frames.broken:
            self._frames.reset()
        room = min(_CHUNK_BYTES, self._frames.room())
        view: "Any" = memoryview(self._chunk)[:room]
        count = self._stream.read(view)
        if count:
            self._frames.add(view[:count])
        return count > 0
