"""Questions to the firmware about Bluetooth, and their answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from tapwatch.simulator.radio import wire

_TAGS = 1 << 16


class Questions:
    """Joins answers to questions by their tags."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._tags = itertools.cycle(range(_TAGS))
        self._open: dict[int, asyncio.Future[tuple[int, bytes]]] = {}

    async def ask(self, number: int, form: str, *fields: int, data: bytes = b"") -> tuple[int, bytes]:
        """Send a question whose first field is the tag; returns the first byte of the answer and the rest."""
        tag = next(self._tags)
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._open[tag] = answer
        try:
            self._send(wire.pack(number, f"H{form}", tag, *fields, data=data))
            return await answer
        finally:
            self._open.pop(tag, None)

    def answer(self, message: bytes) -> None:
        """Take an answer. One whose question was given up is dropped."""
        tag, first = wire.unpack("HB", message)
        waiting = self._open.get(tag)
        if waiting is not None and not waiting.done():
            waiting.set_result((first, wire.rest("HB", message)))

    def close(self) -> None:
        """Give up all questions."""
        for waiting in self._open.values():
            waiting.cancel()
