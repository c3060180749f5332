"""When `tapwatch sim` goes on and when it is over."""

from __future__ import annotations

import asyncio

from tapwatch.errors import UserError
from tapwatch.simulator.process import WatchDied, WatchOff
from tapwatch.stage import sim


class _Watch:
    """Ends as often and as it is told."""

    alive = True

    def __init__(self, *ends: UserError) -> None:
        self.ends = list(ends)

    async def ended(self) -> UserError:
        return self.ends.pop(0)


def test_a_watch_that_is_switched_off_and_on_again_is_no_end() -> None:
    died = WatchDied(1, "")
    watch = _Watch(WatchOff(), WatchOff(), died)
    assert asyncio.run(sim._report_ends(watch, forever=False)) is died  # type: ignore[arg-type]
    assert watch.ends == []
