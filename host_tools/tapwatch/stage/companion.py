"""The phone in the pocket: registers the watch, keeps its cards filled, and carries the bank's notices."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.tasks import end

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tapwatch.stage.stage import Stage

_ROUND_S = 0.3
_REFUSED_PAUSE_S = 2.0


async def accompany(stage: Stage) -> None:
    """Look after the watch until cancelled. What fails is tried again: the wearer may have locked or restarted it."""
    while True:
        await asyncio.sleep(_ROUND_S)
        try:
            await _round(stage)
        except UserError:
            await asyncio.sleep(_REFUSED_PAUSE_S)


async def _round(stage: Stage) -> None:
    if not stage.watch.alive or not stage.watch.phone_linked:
        return
    await stage.provision()
    state = await stage.watch.state()
    if state["unlocked"] and state["screen"] not in ("boot", "new-passcode"):
        await stage.refill(await stage.register())
    await stage.bring_notices()


@contextlib.asynccontextmanager
async def companion(stage: Stage) -> AsyncIterator[None]:
    """Run `accompany` for the length of a block."""
    task = asyncio.create_task(accompany(stage))
    try:
        yield
    finally:
        await end(task)
        if not task.cancelled():
            task.result()  # what it has died of meanwhile
