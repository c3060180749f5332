"""Mouse on the page: touches the live screen and clicks the buttons around it, as a person would."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from tapwatch.simulator.watch import SimulatedWatch
from tests.system.browser.devtools import Browser

WATCH_ON = "document.getElementById('status')?.textContent.startsWith('Watch on')"
PASSCODE = "2580"
_STEPS = 8
_HOLD_S = 0.9
"""The watch takes a finger for one that holds after 0.6 s."""
_STROKES = {"left": (-0.6, 0), "right": (0.6, 0), "up": (0, -0.6), "down": (0, 0.6)}


class Hands:
    """They see the page and the watch, and move the mouse only."""

    def __init__(self, browser: Browser, watch: SimulatedWatch) -> None:
        self.browser = browser
        self.watch = watch

    async def touch(self, target: str) -> None:
        """Click the middle of one of the screen's targets."""
        await self.tap_spot(*await self._middle(target))

    async def tap_spot(self, x: float, y: float) -> None:
        """Click a point of the window."""
        await self.browser.mouse("mousePressed", x, y)
        await asyncio.sleep(0.05)
        await self.browser.mouse("mouseReleased", x, y)

    async def hold(self) -> None:
        """Keep the mouse down in the middle of the screen."""
        spot = await self.spot(0.5, 0.5)
        await self.browser.mouse("mousePressed", *spot)
        await asyncio.sleep(_HOLD_S)
        await self.browser.mouse("mouseReleased", *spot)

    async def swipe(self, direction: str) -> None:
        """Drag the mouse across the screen."""
        dx, dy = _STROKES[direction]
        for step in range(_STEPS + 1):
            spot = await self.spot(0.5 + dx * (step / _STEPS - 0.5), 0.5 + dy * (step / _STEPS - 0.5))
            await self.browser.mouse("mouseMoved" if step else "mousePressed", *spot)
        await self.browser.mouse("mouseReleased", *spot)

    async def click(self, selector: str) -> None:
        """Click a control of the page, where it is."""
        await self.browser.value(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
        left, top, width, height = await self._box(f"document.querySelector({selector!r})")
        await self.tap_spot(left + width / 2, top + height / 2)

    async def passcode(self) -> None:
        """Type it on the keypad of the watch, on the small panel with a turn to the other keys."""
        for key in (*PASSCODE, "done"):
            state = await self.until(lambda now, key=key: {key, "turn"} & {target[0] for target in now["targets"]})
            if key not in {target[0] for target in state["targets"]}:
                await self.touch("turn")
            await self.touch(key)

    async def until(self, wanted: str | Callable[[dict], object]) -> dict:
        """Wait for a screen, or for something the watch says of itself."""
        return await self.watch.wait_for(wanted, 20)

    async def spot(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the screen is in the window; 0.5, 0.5 is the middle."""
        left, top, width, height = await self._box("document.getElementById('glass')")
        return left + x * width, top + y * height

    async def keep(self, name: str) -> None:
        """Leave a picture for a person, where one is wanted."""
        folder = os.environ.get("TAPWATCH_PICTURES")
        if folder:
            (Path(folder) / f"page-{name}.png").write_bytes(await self.browser.screenshot())

    async def _middle(self, target: str) -> tuple[float, float]:
        state = await self.until(lambda now: target in [one[0] for one in now["targets"]])
        x, y, w, h = next(one[1:] for one in state["targets"] if one[0] == target)
        glass = self.watch.panel.glass
        return await self.spot((x + w / 2) / glass.width, (y + h / 2) / glass.height)

    async def _box(self, thing: str) -> list[float]:
        return await self.browser.value(f"(b => [b.left, b.top, b.width, b.height])({thing}.getBoundingClientRect())")


def complaints(browser: Browser) -> list[str]:
    """What the console said, but for its advice on reading pixels back, which only tests do."""
    return [problem for problem in browser.problems if not problem.startswith("Canvas2D")]
