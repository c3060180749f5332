"""Runs an app under the counters of `board/simulator/app_profile.py`."""

from __future__ import annotations

import asyncio
import dataclasses
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.apps.develop.live import live
from tapwatch.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.signing.keys import PrivateKey
    from tapwatch.simulator.watch import SimulatedWatch

FUEL_CAP = 20_000
"""docs/bundles.md, "Fuel"."""
_TICKS_S = 3.0
_MOST_TOUCHES = 24
_SETTLE_S = 0.5
"""After this time a touch is not taken for the second of two."""


@dataclass(frozen=True)
class Row:
    """One kind of call."""

    call: str
    times: int
    fuel_median: int
    fuel_most: int
    bytes_median: int
    bytes_most: int


@dataclass(frozen=True)
class Profile:
    """What an app costs."""

    app: str
    rows: tuple[Row, ...]
    widgets: int
    bundle_bytes: int
    pool_names: int
    name_bytes: int
    said: tuple[str, ...]
    """What it printed, and what it failed with."""
    fuel_cap: int = FUEL_CAP

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)


async def measure(folder: Path, project: Path, key: PrivateKey, size: str) -> Profile:
    """Open an app, let it tick, touch every target that it has at first. Raises PackProblem, UserError."""
    from tapwatch.apps.pack import pack

    packed = await asyncio.to_thread(pack, project, key)
    async with live(folder, key, size, packed.fields.id) as running:
        await running.show(project)
        watch = running.stage.watch
        state = await watch.state()
        await watch.advance(_TICKS_S)
        for target in state["targets"][:_MOST_TOUCHES]:
            await _touch(watch, state["screen"], target)
        found = (await watch.state())["profile"]
        said = tuple(await running.log.new())
    rows = tuple(_row(call, times, costs) for call, (times, costs) in sorted(found["calls"].items()))
    if not rows:
        raise UserError("The app did not run.", "Look at it with `tapwatch app run`.")
    names = sum(packed.interned.values())
    return Profile(packed.fields.id, rows, found["widgets"], len(packed.bundle), len(packed.map["names"]), names, said)


async def _touch(watch: SimulatedWatch, screen: str, target: list) -> None:
    """Touch a place, unless another screen has come up meanwhile."""
    _, x, y, w, h = target
    if (await watch.state())["screen"] == screen:
        await watch.touch(x + w // 2, y + h // 2)
        await watch.advance(_SETTLE_S)


def _row(call: str, times: int, costs: list[list[int]]) -> Row:
    fuel, added = [cost[0] for cost in costs], [cost[1] for cost in costs]
    return Row(call, times, round(statistics.median(fuel)), max(fuel), round(statistics.median(added)), max(added))
