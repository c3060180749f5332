"""Messages to a watch over links that come and go: an `ask` for the relay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from tapwatch.errors import UserError
from tapwatch.phone.transfer import LinkLost, Pipe, Transfer
from tapwatch.simulator.messages import encode, taken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tapwatch.signing.cbor import Value

    Connect = Callable[[], Awaitable["OpenPipe"]]

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Before each new try to connect; the watch may be out of reach, or restarting."""
_SEQUENCES = 1 << 16
_NEAR = "Bring it near. Set to At times it is there 20 s in 15 minutes: Settings, Bluetooth, Always keeps it on."


class OpenPipe(Pipe, Protocol):
    """A pipe that can be closed."""

    async def close(self) -> None:
        """End the link."""
        ...


class Carrier:
    """Asks one watch, one message after the other; connects again by itself, and a message goes on where it was."""

    def __init__(self, connect: Connect, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
        """`connect()` makes a link; it raises LinkLost if the watch is not there, UserError if trying again is vain."""
        self._connect = connect
        self._pauses_s = pauses_s
        self._pipe: OpenPipe | None = None
        self._sequence = 0
        self._turn = asyncio.Lock()

    async def ask(self, kind: int, body: object) -> Value:
        """Send a message; returns the body of the answer. Raises WatchRefused, LinkError, UserError or ValueError."""
        async with self._turn:
            self._sequence = (self._sequence + 1) % _SEQUENCES
            transfer = Transfer(encode(kind, self._sequence, body))
            return taken(await self._carry(transfer), kind)

    async def close(self) -> None:
        """End the link."""
        if self._pipe is not None:
            pipe, self._pipe = self._pipe, None
            await pipe.close()

    async def _carry(self, transfer: Transfer) -> bytes:
        for pause_s in (*self._pauses_s, None):
            try:
                if self._pipe is None:
                    self._pipe = await self._connect()
                return await transfer.over(self._pipe)
            except LinkLost as lost:
                await self.close()
                if pause_s is None:
                    raise UserError("The watch is out of reach.", _NEAR) from lost
                await asyncio.sleep(pause_s)
            except BaseException:
                await self.close()  # an answer that is still on its way must not meet the next message
                raise
        raise AssertionError("unreachable")
