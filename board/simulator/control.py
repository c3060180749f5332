"""What scripts ask of the running watch: a description of its state, steps ahead in time, words of a phone."""

import asyncio
import json
import struct

from micropython import const

from board.simulator import frames
from watch.kernel.errors import StateError, WatchError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.link import Link
    from watch.services.phone import Phone


class Control:
    """Answers STATE_WANTED, ADVANCE and what a phone says from its own task: no answer interrupts a flash access."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._wake = asyncio.Event()
        self._state_wanted = 0
        self._steps_ms = []
        self._said = []
        link.handle(frames.STATE_WANTED, self._on_state)
        link.handle(frames.ADVANCE, self._on_advance)
        for kind in (frames.PHONE_SAYS, frames.PHONE_LINK, frames.PHONE_TIME):
            link.handle(kind, lambda payload, kind=kind: self._on_phone(kind, payload))

    async def run(
        self, describe: "Callable[[], dict]", advance: "Callable[[int], None]", phone: "Phone | None" = None
    ) -> None:
        """Serve requests: `describe()` gives what JSON can hold, `advance(ms)` lets time run ahead.

        What the watch says to its `phone` becomes an event of kind `phone`; it waits while the phone has gone.
        """
        if phone is not None:
            phone.link(True)
            phone.outbox.listen(self._wake.set)
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._state_wanted:
                self._state_wanted -= 1
                self._link_json(frames.STATE, describe())
            while self._steps_ms:
                step_ms = self._steps_ms.pop(0)
                advance(step_ms)
                await asyncio.sleep_ms(step_ms)
                self._link.send(frames.ADVANCED, b"")
            while self._said:
                kind, payload = self._said.pop(0)
                self._link.send(frames.PHONE_HEARD, _tell(phone, kind, payload).encode())
            while phone is not None and phone.connected and len(phone.outbox):
                self._link_json(frames.EVENT, {"kind": "phone", "data": phone.outbox.take()})

    def event(self, kind: str, data: dict) -> None:
        """Show something in the simulator's log, for example kind `apdu`."""
        self._link_json(frames.EVENT, {"kind": kind, "data": data})

    def _link_json(self, kind: int, value: object) -> None:
        text = json.dumps(value).encode()
        self._link.send(kind, text)

    def _on_state(self, payload: memoryview) -> None:
        self._state_wanted += 1
        self._wake.set()

    def _on_advance(self, payload: memoryview) -> None:
        (milliseconds,) = struct.unpack(">I", payload)
        self._steps_ms.append(milliseconds)
        self._wake.set()

    def _on_phone(self, kind: int, payload: memoryview) -> None:
        self._said.append((kind, bytes(payload)))
        self._wake.set()


def _tell(phone: "Phone | None", kind: int, said: bytes) -> str:
    """Let the watch hear the phone; returns `ok` or the code of its error."""
    if phone is None:
        return StateError.code
    try:
        if kind == frames.PHONE_LINK:
            phone.link(said[0] != 0)
        elif kind == frames.PHONE_TIME:
            phone.time(*struct.unpack(">qh", said))
        else:
            phone.receive(json.loads(said))
    except WatchError as error:
        return error.code
    return "ok"
