"""What the phone needs of a Bluetooth host, and the token exchange service over it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from tapwatch.phone.transfer import LinkLost

if TYPE_CHECKING:
    from collections.abc import Callable

_TAIL = "-d44c-49ed-a19b-a26f1343b084"
SERVICE = "7bfd1000" + _TAIL
IN, OUT, STATE = "7bfd1001" + _TAIL, "7bfd1002" + _TAIL, "7bfd1003" + _TAIL
NOTIFY_HEAD_BYTES = 3  # of a write or a notification, Core 5.4 vol. 3 part F section 3.4.7.1
MOST_VALUE_BYTES = 512  # longest value of an attribute, section 3.2.9 there
WRITE_S = 10.0
"""Longest wait for the answer to a read or a write; ATT itself waits 30 s (Core 5.4 vol. 3 part F section 3.3.3)."""


class GattClient(Protocol):
    """One encrypted link to a bonded watch. Every method raises LinkLost."""

    @property
    def room(self) -> int:
        """Bytes that one write takes."""
        ...

    async def read(self, uuid: str) -> bytes:
        """Read a characteristic."""
        ...

    async def write(self, uuid: str, data: bytes) -> None:
        """Write, with a response."""
        ...

    async def subscribe(self, uuid: str, told: Callable[[bytes], None]) -> None:
        """Ask for notifications."""
        ...

    def on_lost(self, told: Callable[[], None]) -> None:
        """Call back once when the link goes; at once if it has gone."""
        ...

    async def close(self) -> None:
        """End the link."""
        ...


class ExchangePipe:
    """The token exchange service over one link; a `transfer.Pipe`. Make one with `open`."""

    def __init__(self, client: GattClient) -> None:
        self._client = client
        self._heard: asyncio.Queue[tuple[bool, bytes] | None] = asyncio.Queue()
        client.on_lost(lambda: self._heard.put_nowait(None))

    @classmethod
    async def open(cls, client: GattClient) -> ExchangePipe:
        """Ask for what the watch notifies. Raises LinkLost."""
        pipe = cls(client)
        try:
            await client.subscribe(OUT, lambda data: pipe._heard.put_nowait((True, data)))
            await client.subscribe(STATE, lambda data: pipe._heard.put_nowait((False, data)))
        except BaseException:
            await client.close()
            raise
        return pipe

    @property
    def room(self) -> int:
        """Bytes that one write takes."""
        return self._client.room

    async def write(self, fragment: bytes) -> None:
        """Write to `in`."""
        await self._client.write(IN, fragment)

    async def state(self) -> bytes:
        """Read `state`."""
        return await self._client.read(STATE)

    async def hear(self) -> tuple[bool, bytes]:
        """The next notification."""
        news = await self._heard.get()
        if news is None:
            self._heard.put_nowait(None)
            raise LinkLost("the watch has gone")
        return news

    async def close(self) -> None:
        """End the link."""
        await self._client.close()
