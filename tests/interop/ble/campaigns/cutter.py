"""Ends a link at the packet that it is told, whatever goes on then."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumble.device import Connection

    from tapwatch.simulator.radio.air import Air

NEVER = 0


class Cutter:
    """Counts the packets of one connection, in both directions; at number `at` nothing passes any more."""

    def __init__(self, connection: Connection, at: int) -> None:
        self.connection, self.at = connection, at
        self.count = 0
        self._ends: asyncio.Future[None] | None = None

    def passes(self) -> bool:
        """True if one more packet passes."""
        self.count += 1
        if self.count == self.at:
            self._ends = asyncio.ensure_future(self._end())
        return self.at == NEVER or self.count < self.at

    async def _end(self) -> None:
        with contextlib.suppress(Exception):
            await self.connection.disconnect()


@contextlib.contextmanager
def cutting(air: Air, connection: Connection, at: int) -> Iterator[Cutter]:
    """Cut for the length of a block."""
    cutter, packets = Cutter(connection, at), air.send_acl_data
    own = connection.device.host.hci_sink

    def packet(sender: Any, destination: Any, transport: Any, data: bytes) -> None:
        ours = sender is own or destination == own.random_address  # type: ignore[union-attr]
        if not ours or cutter.passes():
            packets(sender, destination, transport, data)

    air.send_acl_data = packet  # type: ignore[method-assign]
    try:
        yield cutter
    finally:
        air.send_acl_data = packets  # type: ignore[method-assign]
