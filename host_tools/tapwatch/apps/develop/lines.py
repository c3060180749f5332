"""What apps print, with tracebacks in the lines and names of their source."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tapwatch.apps.sourcemap import translate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tapwatch.phone.app_desk import AppDesk

LOOK_S = 0.5
"""Between two looks at a log that is followed."""


class LogReader:
    """Reads on where it was."""

    def __init__(self, apps: AppDesk) -> None:
        self._apps = apps
        self._next = 0
        self.maps: dict[str, Mapping[str, Any]] = {}
        """By id of the app: what its names and lines were in the source."""

    async def new(self) -> list[str]:
        """The lines since the last call. Raises WatchRefused, UserError."""
        found: list[str] = []
        while True:
            number, lines = await self._apps.log(self._next)
            found += [self._readable(line) for line in lines]
            restarted, self._next = number < self._next, number
            if restarted:
                self._next = 0  # the watch counts from 0 again
            elif not lines:
                return found

    async def follow(self) -> AsyncIterator[str]:
        """Every line, as it comes, for ever."""
        while True:
            for line in await self.new():
                yield line
            await asyncio.sleep(LOOK_S)

    def _readable(self, line: str) -> str:
        app, _, text = line.partition(": ")
        made = self.maps.get(app)
        return f"{app}: {translate(text, dict(made))}" if made is not None else line
