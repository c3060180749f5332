"""Messages to the watch of a simulator that another process runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

from tapwatch.errors import UserError
from tapwatch.signing import cbor
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from tapwatch.simulator.announced import Announced

_TIMEOUT_S = 40.0
"""Longer than the simulator waits for its watch."""


class SimulatorLink:
    """One simulator. Use it as an async context manager."""

    def __init__(self, place: Announced) -> None:
        self._place = place

    async def __aenter__(self) -> SimulatorLink:
        headers = {"Authorization": f"Bearer {self._place.token}"}
        self._session = aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask(self, kind: int, body: object) -> object:
        """Send a message; the body of its answer. Raises WatchRefused, UserError."""
        try:
            async with self._session.post(f"{self._place.url}/message", data=cbor.encode([kind, body])) as answer:
                data = await answer.read()
                if answer.status != 200:
                    raise UserError("The simulator's watch does not answer.", "Look at what the simulator prints.")
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise UserError("The simulator does not answer.", "Does it still run?") from problem
        status, found = cbor.decode(data)  # type: ignore[misc]  # our own server
        if status != "ok":
            raise WatchRefused(kind, str(status))
        return found
