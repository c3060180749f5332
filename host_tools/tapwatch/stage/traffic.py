"""What went over the air between a phone and the watch, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tapwatch.phone.ble.gatt import ExchangePipe

_HEAD_BYTES = 8
"""Of a fragment: transfer, length, offset (docs/bluetooth.md, "Token exchange service")."""


@dataclass
class Traffic:
    """Fragments of messages and answers, and the bytes of these in them."""

    paired: bool = False
    """True if the phone was paired anew, and not known from an earlier run."""
    links: int = 0
    fragments_out: int = 0
    bytes_out: int = 0
    fragments_in: int = 0
    bytes_in: int = 0

    @property
    def said(self) -> str:
        """All of it in a line."""
        there, back = f"{self.bytes_out:,} bytes to the watch", f"{self.bytes_in:,} back"
        return f"{there} in {self.fragments_out} fragments, {back} in {self.fragments_in}"


class CountedPipe:
    """A pipe whose fragments are counted."""

    def __init__(self, pipe: ExchangePipe, traffic: Traffic) -> None:
        self._pipe = pipe
        self._traffic = traffic
        traffic.links += 1

    @property
    def room(self) -> int:
        """Bytes that one write takes."""
        return self._pipe.room

    async def write(self, fragment: bytes) -> None:
        """Write to `in`."""
        self._traffic.fragments_out += 1
        self._traffic.bytes_out += max(0, len(fragment) - _HEAD_BYTES)
        await self._pipe.write(fragment)

    async def state(self) -> bytes:
        """Read `state`."""
        return await self._pipe.state()

    async def hear(self) -> tuple[bool, bytes]:
        """The next notification."""
        is_answer, data = await self._pipe.hear()
        if is_answer:
            self._traffic.fragments_in += 1
            self._traffic.bytes_in += max(0, len(data) - _HEAD_BYTES)
        return is_answer, data

    async def close(self) -> None:
        """End the link."""
        await self._pipe.close()
