"""Tasks end, also those that do not hear the first time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import tapwatch
from tapwatch.tasks import end


async def _deaf(told: list[str], times: int) -> None:
    """Loses so many cancellations, as `asyncio.wait_for` may."""
    for _ in range(times):
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            told.append("not heard")
    await asyncio.sleep(600)


async def _broken() -> None:
    raise ValueError("it died before")


def test_a_task_that_loses_its_cancellation_is_told_again() -> None:
    told: list[str] = []

    async def main() -> None:
        deaf, broken = asyncio.create_task(_deaf(told, 2)), asyncio.create_task(_broken())
        await asyncio.sleep(0)
        async with asyncio.timeout(60):
            await end(deaf, broken)
        assert deaf.cancelled() and isinstance(broken.exception(), ValueError)
        await end(deaf)
        await end()

    asyncio.run(main())
    assert told == ["not heard"] * 2


def test_our_waits_lose_none() -> None:
    """`asyncio.timeout` hands a cancellation on; of `asyncio.wait_for`, where both come at once, see `end`."""
    folder = Path(tapwatch.__file__).parent
    assert [path for path in sorted(folder.rglob("*.py")) if "asyncio.wait_for(" in path.read_text()] == []
