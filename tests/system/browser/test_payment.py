"""A payment by hand on the page of `tapwatch sim`: passcode, double press, tap, and the bank's word on the wrist."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.server import SimulatorServer
from tapwatch.stage.companion import companion
from tapwatch.stage.errands import errands_of
from tapwatch.stage.sim import terminal_of
from tapwatch.stage.stage import Stage
from tests.system.browser.devtools import Browser, executable

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium is installed (Debian package chromium)")

WATCH_ON = "document.getElementById('status')?.textContent.startsWith('Watch on')"
PASSCODE = "2580"


class Hands:
    """Mouse on the page: touches the live screen and the buttons around it."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self._browser = browser
        self._stage = stage

    async def touch(self, target: str) -> None:
        """Click the middle of one of the screen's targets."""
        state = await self._stage.watch.wait_for(lambda now: target in [one[0] for one in now["targets"]])
        x, y, w, h = next(one[1:] for one in state["targets"] if one[0] == target)
        spot = await self._spot(x + w / 2, y + h / 2)
        await self._browser.mouse("mousePressed", *spot)
        await asyncio.sleep(0.05)
        await self._browser.mouse("mouseReleased", *spot)

    async def _spot(self, x: float, y: float) -> tuple[float, float]:
        box = "document.getElementById('glass').getBoundingClientRect()"
        edges = f"(box => [box.left, box.top, box.width, box.height])({box})"
        left, top, width, height = await self._browser.value(edges)
        glass = self._stage.watch.panel.glass
        return left + x * width / glass.width, top + y * height / glass.height

    async def passcode(self) -> None:
        for digit in PASSCODE:
            await self.touch(digit)
        await self.touch("done")


def test_a_person_pays_in_every_way_on_the_page(tmp_path: Path) -> None:
    asyncio.run(_pay(tmp_path))


async def _pay(folder: Path) -> None:
    async with (
        Stage(folder / "stage", WatchOptions(), PASSCODE) as stage,
        companion(stage),
        SimulatorServer(stage.watch, terminal_of(stage), errands=errands_of(stage)) as server,
        Browser(folder / "profile", dark=True) as browser,
    ):
        await browser.open(server.page_url)
        await browser.until(WATCH_ON, 20)
        hands = Hands(browser, stage)
        await stage.watch.wait_for("new-passcode")
        await hands.passcode()
        await hands.passcode()
        await stage.watch.wait_for(lambda now: len(now["cards"]) == 3, 30)
        await _tap(browser, stage)
        await _look_back(browser, stage, hands)
        await _speak_chinese(browser, stage, hands)
        await _scan(browser, stage)
        await _pay_merchant(browser, stage)
        await _lose(browser, stage, hands)
        complaints = [problem for problem in browser.problems if not problem.startswith("Canvas2D")]
        assert len(complaints) == 2 and all("409" in one for one in complaints), complaints  # two errands were refused


async def _tap(browser: Browser, stage: Stage) -> None:
    await stage.watch.press(times=2)
    await stage.watch.wait_for("armed")
    await _keep(browser, "armed")
    await browser.value("document.getElementById('amount').value = '8.80', document.getElementById('tap').click()")
    state = await stage.watch.wait_for("approved", 20)
    assert "8.80" in state["texts"]
    await browser.until("document.body.innerText.includes('GET PROCESSING OPTIONS')", 10)
    await _keep(browser, "approved")


async def _look_back(browser: Browser, stage: Stage, hands: Hands) -> None:
    """The payment just made is in the history, with a receipt."""
    await stage.wearer.home()
    await stage.watch.swipe("right")
    await stage.watch.wait_for("history")
    await hands.touch("0")
    await stage.watch.wait_for("payment")
    await hands.touch("receipt")
    state = await stage.watch.wait_for("receipt")
    assert "8.80 CNY" in state["texts"]
    await _keep(browser, "receipt")


async def _speak_chinese(browser: Browser, stage: Stage, hands: Hands) -> None:
    """Quick settings, settings, language; the face speaks it, and English comes back the same way."""
    for choice, word in (("1", "语言"), ("0", "Language")):
        await stage.wearer.home()
        await stage.watch.swipe("down")
        await stage.watch.wait_for("quick")
        await hands.touch("settings")
        await stage.watch.wait_for("settings")
        await stage.wearer.choose("language")
        await stage.watch.wait_for("choices")
        await hands.touch(choice)
        await stage.watch.wait_for(lambda now, word=word: now["screen"] == "settings" and word in now["texts"])
        await _keep(browser, f"settings-{choice}")
    await stage.wearer.home()


async def _scan(browser: Browser, stage: Stage) -> None:
    """The scanner reads the code on the watch; a screen without one is told."""
    await stage.wearer.home()
    await _errand(browser, "scan")
    await browser.until(f"{SAID}.includes('there is no code in the picture')")
    await stage.wearer.open_card("visa")
    await stage.wearer.choose("code")
    await stage.watch.wait_for("payment-code")
    await _errand(browser, "scan")
    await browser.until(f"{SAID}.includes('Approved') && {SAID}.includes('Payment code')")
    await stage.watch.wait_for("approved", 20)
    await _keep(browser, "scanned")


async def _pay_merchant(browser: Browser, stage: Stage) -> None:
    """The wearer refuses a merchant's code, and agrees to the next one."""
    await stage.wearer.home()
    await _errand(browser, "merchant-code")
    await stage.watch.wait_for("merchant-code")
    await stage.watch.press()
    await browser.until(f"{SAID}.includes('Not paid')")
    await stage.wearer.home()
    await _errand(browser, "merchant-code")
    await browser.until(f"{SAID}.includes('Press the side button twice')")
    await stage.wearer.agree()
    await browser.until(f"{SAID}.includes('Approved') && {SAID}.includes('8.80 CNY')")
    await stage.watch.wait_for("approved", 20)


async def _lose(browser: Browser, stage: Stage, hands: Hands) -> None:
    """A lost watch is told while it is worn, and that it was found while it is locked."""
    await stage.wearer.home()
    await _errand(browser, "lost")
    await stage.watch.wait_for("lost")
    await _keep(browser, "lost")
    await _errand(browser, "found")
    await stage.watch.wait_for(lambda now: now["screen"] != "lost")
    await stage.wearer.unlock()
    await _errand(browser, "found")
    await browser.until(f"{SAID}.includes('the watch is not lost')")


SAID = "document.getElementById('errand').innerText"


async def _errand(browser: Browser, name: str) -> None:
    """Click a button of the desk, once it may be clicked."""
    button = f"document.querySelector('[data-errand={name}]')"
    await browser.until(f"!{button}.disabled && !{button}.hidden")
    await browser.value(f"{button}.click()")


async def _keep(browser: Browser, name: str) -> None:
    """Leave a picture for a person, where one is wanted."""
    folder = os.environ.get("TAPWATCH_PICTURES")
    if folder:
        (Path(folder) / f"page-{name}.png").write_bytes(await browser.screenshot())
