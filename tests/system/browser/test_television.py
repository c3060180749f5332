"""The game on the page: paired by mouse, played on the glass of the watch, over Bluetooth."""

from __future__ import annotations

import asyncio

import pytest

from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.server import SimulatorServer
from tapwatch.stage.companion import companion
from tapwatch.stage.sim import terminal_of
from tapwatch.stage.stage import Stage
from tests.system.browser.devtools import Browser, executable
from tests.system.browser.hands import PASSCODE, WATCH_ON, Hands, complaints

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium is installed (Debian package chromium)")

_READING_S = 1.5
_STATE = "document.getElementById('tv-state').textContent"
_TV_BOTTOM = "document.getElementById('tv').getBoundingClientRect().bottom"
_LAPTOP_PX = 768
_FRAMES = """
window.frames_seen = 0;
const count = () => { window.frames_seen += 1; requestAnimationFrame(count); };
requestAnimationFrame(count);
"""


def test_the_page_plays_a_game_with_the_watch(tmp_path):
    async def main():
        async with (
            Stage(tmp_path / "stage", WatchOptions(), PASSCODE) as stage,
            companion(stage),
            SimulatorServer(stage.watch, terminal_of(stage)) as server,
            Browser(tmp_path / "profile", width=1500, height=1300) as browser,
        ):
            await browser.open(server.page_url)
            await browser.until(WATCH_ON, 20)
            assert await browser.value(_TV_BOTTOM) <= _LAPTOP_PX, "watch and television are seen together"
            hands = Hands(browser, stage.watch)
            await hands.until("new-passcode")
            await hands.passcode()
            await hands.passcode()
            await hands.until(lambda now: now["screen"] == "face" and now["unlocked"])
            await _pair(hands)
            await _play(hands)
            await hands.click("#tv-forget")
            await browser.until(f"{_STATE}.includes('Settings')")
            assert complaints(browser) == [] and browser.outside == []

    asyncio.run(asyncio.wait_for(main(), 120))


async def _find(hands: Hands, target: str) -> None:
    """Touch a target of the watch, turning pages until it is there."""
    for _ in range(6):
        if target in [one[0] for one in (await hands.watch.look())["targets"]]:
            await hands.touch(target)
            await hands.watch.advance(0.3)
            return
        await hands.swipe("up")
        await hands.watch.advance(0.3)
    raise AssertionError(f"no {target}")


async def _home(hands: Hands) -> None:
    while (await hands.watch.look())["screen"] != "face":
        await hands.watch.press()
        await hands.watch.advance(1)


async def _pair(hands: Hands) -> None:
    await hands.swipe("down")
    await hands.until("quick")
    for target in ("settings", "bluetooth", "pair", "tv"):
        await _find(hands, target)
    await hands.click("#tv-pair")
    await hands.until("pairing")
    await hands.watch.advance(_READING_S)
    digits = "".join((await hands.watch.look())["texts"])
    code = await hands.browser.until("document.getElementById('tv-code').textContent")
    assert code in digits, "television and watch show different digits"
    await hands.touch("yes")
    await hands.browser.until(f"{_STATE}.includes('Open Gamepad')", 20)


async def _play(hands: Hands) -> None:
    """A serves, the ball hits the wall; the thumb moves the bat; frames come as the screen shows them."""
    browser = hands.browser
    await _home(hands)
    await hands.swipe("up")
    await hands.until("launcher")
    await _find(hands, "gamepad")
    await hands.until("app-gamepad")
    await browser.value(_FRAMES)
    await hands.touch("a")
    await browser.until("Number(document.getElementById('tv-score').textContent) > 0", 10)
    spot = await hands.spot(0.3, 0.45)
    await browser.mouse("mousePressed", *spot)
    await browser.mouse("mouseMoved", spot[0] + 60, spot[1])
    await browser.until("/^[XY] -?[1-9]/.test(document.getElementById('tv-input').textContent)")
    await browser.mouse("mouseReleased", spot[0] + 60, spot[1])
    await browser.until("/^[XY] 0$/.test(document.getElementById('tv-input').textContent)")
    await hands.keep("tv")
    score, late = await browser.value("['tv-score', 'tv-latency'].map(id => document.getElementById(id).textContent)")
    frames = await browser.value("window.frames_seen")
    print(f"NOTE tv: score {score}, report to page {late}, {frames} frames meanwhile")
    await hands.click("#tilt")
    await hands.until("app-gamepad")
