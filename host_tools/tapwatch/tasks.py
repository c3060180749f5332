"""How background tasks are ended."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN_S = 1.0
"""Time to tidy up, before a task is told once more."""


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks, and wait until they have ended, whatever they end with.

    `asyncio.wait_for` of Python 3.11, which libraries use, loses a cancellation that comes together with what it waits
    for: a task that goes on after that is told again, so that nobody waits for it for ever.
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)  # nobody asks any more what went wrong
