"""How the time of a watch passes: as fast as it does, or faster; on a wrist, or on a table."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from tapwatch.errors import UserError

if TYPE_CHECKING:
    from tapwatch.simulator.watch import SimulatedWatch

SPEEDS = (1, 10, 60, 600)
"""How many times as fast as a clock on the wall."""
_ROUND_S = 0.1
_FIDGET_S = 120
"""A wearer moves at least this often; ten minutes of stillness lock the watch."""


class Pace:
    """Lets the time of one watch run. `worn` tells whether somebody moves it meanwhile."""

    def __init__(self, watch: SimulatedWatch, worn: bool) -> None:
        self.speed = 1
        self.worn = worn
        self._watch = watch
        self._turn = asyncio.Lock()
        self._still_s = 0.0

    async def skip(self, seconds: float) -> None:
        """Let time run ahead at once; a worn watch is moved on the way. Raises UserError."""
        async with self._turn:
            while self.worn and seconds > _FIDGET_S:
                await self._watch.advance(_FIDGET_S)
                seconds -= _FIDGET_S
                self._watch.move(steps=self._watch.steps)
            await self._watch.advance(seconds)
            self._fidget(seconds)

    async def run(self) -> None:
        """Keep the chosen speed until cancelled. A watch that stops takes its speed with it."""
        then = time.monotonic()
        while True:
            await asyncio.sleep(_ROUND_S)
            now = time.monotonic()
            passed, then = now - then, now
            if not self._watch.alive:
                continue
            with contextlib.suppress(UserError):  # it ended just now, which others report
                if self.speed > 1:
                    await self.skip(passed * (self.speed - 1))
                self._fidget(passed)

    def _fidget(self, seconds: float) -> None:
        self._still_s += seconds
        if self.worn and self._still_s >= _FIDGET_S:
            self._still_s = 0.0
            self._watch.move(steps=self._watch.steps)
