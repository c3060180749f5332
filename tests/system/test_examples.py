"""The apps of `examples/` on a whole watch: each comes onto it, opens, and does what it is for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tapwatch.apps.develop.live import Live, live
from tapwatch.signing.keys import PrivateKey

pytestmark = pytest.mark.share("apps")
EXAMPLES = Path(__file__).parents[2] / "examples"
LIMIT_S = 60
SHOWN = {
    "water": ("0", "One glass"),
    "marble": ("Tilt the watch",),
    "departures": ("Asking the phone",),
    "tips": ("The jar is closed: it has no payee on this watch.",),
}
"""What each says when it was opened."""


async def _open(running: Live, name: str, *shown: str) -> None:
    """Show an example, and wait until the watch shows these texts."""
    await running.show(EXAMPLES / name)
    await running.stage.watch.wait_for(lambda now: set(shown) <= set(now["texts"]))


async def _all(folder: Path) -> None:
    async with live(folder, PrivateKey.generate(), "240x240") as running:
        for name, shown in SHOWN.items():
            await _open(running, name, *shown)
        watch = running.stage.watch
        await _open(running, "water", "0")
        await watch.tap_target("more")
        await watch.wait_for(lambda now: "1" in now["texts"])
        await _open(running, "water", "1")  # the glass is kept in a file
        await _open(running, "beacon", "1/8")
        assert await running.log.new() == []


def test_every_example_does_what_it_is_for(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_all(tmp_path), LIMIT_S))
