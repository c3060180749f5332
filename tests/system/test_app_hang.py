"""An app that never comes back out of C, or ends the interpreter there, is ended by the watchdog, which names it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import pytest

from tapwatch.apps.develop.live import follow, live
from tapwatch.errors import UserError
from tapwatch.signing.keys import PrivateKey
from tests.host.apps.tally import CODE, write_tally

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.simulator.watch import SimulatedWatch

pytestmark = pytest.mark.share("apps")
LIMIT_S = 60
KNOTS = "a, b = [], []; a.append(a); b.append(b); a == b"
"""Lists that hold themselves, compared: the interpreter looks into them until its C stack is full."""
HANGS = ("sum(range(10 ** 12))", KNOTS)
_MOST_S = 10.0
"""Reset, start and what a busy computer adds; the NOTE says what it takes."""


async def _shown(watch: SimulatedWatch, target: str) -> None:
    """Wait for the app's own key: its screen is in front a moment before the app has built anything."""
    await watch.wait_for("app-tally")
    until = time.monotonic() + _MOST_S
    while target not in [one[0] for one in (await watch.look())["targets"]]:
        assert time.monotonic() < until, f"the app shows no {target}"
        await asyncio.sleep(0.02)


async def _hang(watch: SimulatedWatch) -> float:
    """Touch what hangs or crashes; seconds until the watch is there again."""
    resets: list[str] = []
    forget = watch.listen(lambda kind, data: resets.append(str(data)) if kind == "watchdog" else None)
    await _shown(watch, "more")
    started = time.monotonic()
    with contextlib.suppress(UserError):  # it is switched off while this waits for the finger to be up
        await watch.tap_target("more")
    while not resets or not watch.alive:
        await asyncio.sleep(0.02)
        assert time.monotonic() - started < _MOST_S, "nothing has ended it"
    forget()
    assert resets == ["tally"]
    while time.monotonic() - started < _MOST_S:
        with contextlib.suppress(UserError):  # it is still starting
            await watch.wait_for("app-stuck", 1.0)
            return time.monotonic() - started
    raise AssertionError("the watch says nothing")


async def _hangs(folder: Path) -> list[float]:
    project, times = write_tally(folder / "tally"), []
    said: list[str] = []
    async with live(folder / "watch", PrivateKey.generate(), "240x240") as running:
        watch = running.stage.watch
        follows = asyncio.create_task(follow(running, project, said.append))
        for hang in HANGS:
            said.clear()
            (project / "app.py").write_text(CODE.replace("self._count += 1", hang), encoding="utf-8")
            while not any("on the watch after" in line for line in said):
                await asyncio.sleep(0.02)
            times.append(await _hang(watch))
            texts = (await watch.state())["texts"]
            assert texts[0] == "Tally" and texts[2].startswith("It stopped the watch"), texts
            await watch.tap_target("ok")
            await watch.wait_for("face")
            assert any(line.startswith("tally: a call did not come back") for line in said), said
            assert not follows.done(), "who follows the files goes on"
        follows.cancel()
    return times


def test_an_app_that_hangs_or_crashes_in_c_is_ended_and_named(tmp_path: Path) -> None:
    times = asyncio.run(asyncio.wait_for(_hangs(tmp_path), LIMIT_S))
    print(f"NOTE app.hang: {len(times)} times, the watch was back with its word after at most {max(times):.1f} s")
