"""A face that crashes or hangs in C, or fails, at every start: real restarts of one watch on one flash, no loop."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import pytest

from tapwatch.apps.develop.live import live
from tapwatch.errors import UserError
from tapwatch.signing.keys import PrivateKey
from tests.host.apps.tally import write_tally
from tests.system.test_app_hang import KNOTS

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.apps.develop.live import Live

pytestmark = pytest.mark.share("mutants")
LIMIT_S = 100
STRIKES = 3
STARTS = STRIKES + 1
"""The last is with another face."""
UP_S = 10.0
"""Start, a second in a hanging call, another start, and what a busy computer adds."""
_CODE = '''"""A face that does not work."""

from watch.apps.api import Face


class Tally(Face):
    """It never is."""

    def build(self):
        """Crash, hang, or fail."""
        {deed}
'''
DEEDS = {"crashes": KNOTS, "hangs": "sum(range(10 ** 12))", "fails": "self.ui.width // 0"}
_SLOWER = ("hangs", "fails")


def _project(folder: Path, deed: str) -> Path:
    project = write_tally(folder)
    said = (project / "app.toml").read_text(encoding="utf-8").replace('kind = "app"', 'kind = "face"')
    (project / "app.toml").write_text(said.replace('permissions = ["haptics"]', "permissions = []"), encoding="utf-8")
    (project / "words.toml").write_text("[en]\n\n[zh]\n", encoding="utf-8")
    (project / "app.py").write_text(_CODE.format(deed=deed), encoding="utf-8")
    return project


async def _strikes(running: Live) -> tuple[int, bool]:
    (fact,) = await running.stage.phone.apps.apps()
    return fact.failures, fact.off


async def _restarts(folder: Path, deed: str) -> list[tuple[int, str, float]]:
    """Strikes, first texts and seconds of each start."""
    found = []
    async with live(folder / "watch", PrivateKey.generate(), "240x240") as running:
        watch = running.stage.watch
        with contextlib.suppress(UserError):  # it is never shown
            await running.show(_project(folder / "tally", deed))
        for turn in range(STARTS):
            started = time.monotonic()
            if turn:
                await watch.kill()
                await watch.start()
            while True:
                with contextlib.suppress(UserError):  # the reset may still come
                    state = await watch.wait_for(lambda now: now["targets"], UP_S)
                    break
                assert time.monotonic() - started < UP_S, "it does not come up"
                await asyncio.sleep(0.1)
            took_s = time.monotonic() - started
            await asyncio.sleep(0.5)  # nothing else ends it
            state = await watch.state()
            strikes, off = await _strikes(running)
            assert off == (strikes >= STRIKES), (turn, strikes)
            found.append((strikes, " ".join(state["texts"][:3]), took_s))
        await running.stage.wearer.home()
        assert (await watch.state())["screen"] == "face"
    return found


# A crash ends in the same reset as a hang, a second sooner; faces that only fail are in tests/hostile too.
@pytest.mark.parametrize("deed", ["crashes", *(pytest.param(deed, marks=pytest.mark.long) for deed in _SLOWER)])
def test_it_costs_three_starts_at_most(tmp_path: Path, deed: str) -> None:
    starts = asyncio.run(asyncio.wait_for(_restarts(tmp_path, DEEDS[deed]), LIMIT_S))
    strikes = [one[0] for one in starts]
    assert strikes[-1] == strikes[-2] == STRIKES and strikes == sorted(strikes), starts
    told = "; ".join(f"{count} strikes, {seconds:.1f} s: {texts}" for count, texts, seconds in starts)
    assert max(one[2] for one in starts) < UP_S
    print(f"NOTE face that {deed} at each of {STARTS} starts: {told}")
