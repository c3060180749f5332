"""What scripts ask of the running watch: a description of its state, and steps ahead in time."""

import asyncio
import json
import struct

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.link import Link


class Control:
    """Answers STATE_WANTED and ADVANCE from its own task, so that no answer interrupts a flash access."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._wake = asyncio.Event()
        self._state_wanted = 0
        self._steps_ms = []
        link.handle(frames.STATE_WANTED, self._on_state)
        link.handle(frames.ADVANCE, self._on_advance)

    async def run(self, describe: "Callable[[], dict]", advance: "Callable[[int], None]") -> None:
        """Serve requests: `describe()` gives what JSON can hold, `advance(ms)` lets time run ahead."""
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
