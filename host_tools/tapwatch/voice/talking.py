"""Talks to the watch of a simulator that another process runs, as `POST /audio` and a held side button."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import aiohttp

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.voice.words import WORDS

if TYPE_CHECKING:
    from typing import TextIO

    from tapwatch.simulator.announced import Announced

HOLD_S = 0.8
"""Long enough to be taken for one who wants to speak, too short to lock the watch."""
_SETTLE_S = 0.5
"""After this time the press that wakes a screen is no part of a double one."""
_LISTENS_S = 5.0
_BEHIND_S = 12.0
"""The longest that a watch listens for one word, and a little."""
_LOOK_S = 0.05
_TIMEOUT_S = 60.0
_WORDS_HINT = "Each screen takes words of its own: docs/voice.md, What one can say."
_DARK = ("off", "always-on")


class Talk:
    """One simulator. Use it as an async context manager."""

    def __init__(self, place: Announced) -> None:
        self._place = place

    async def __aenter__(self) -> Talk:
        headers = {"Authorization": f"Bearer {self._place.token}"}
        self._session = aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        """One request and its answer. Raises UserError with the words of the simulator."""
        try:
            async with self._session.request(method, self._place.url + path, **how) as answer:
                found = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            raise UserError("The simulator does not answer.", "Does it still run?") from problem
        if answer.status != 200:
            code = EXIT_USAGE if answer.status == 400 else EXIT_FAILED
            raise UserError(str(found.get("error")), str(found.get("hint", "")), code)
        return found

    async def state(self) -> dict[str, Any]:
        """What the watch says of itself."""
        return await self.ask("GET", "/state.json")

    async def begun(self, seconds: float) -> bool:
        """Wait until the watch listens, or has listened."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = await self.state()
            if state["microphone"] == "on" or not state["unheard_ms"]:
                return True
            await asyncio.sleep(_LOOK_S)
        return False

    async def understood(self, seconds: float) -> list[str]:
        """Wait until it listens no more; what it made of what it heard, one after the other. Raises UserError."""
        end = time.monotonic() + seconds
        found: list[str] = []
        while time.monotonic() < end:
            state = await self.state()
            voice = state.get("voice") or {}
            latest = voice.get("latest", "")
            if latest and found[-1:] != [latest]:
                found.append(latest)
            if state["microphone"] == "off" and not voice.get("listening"):
                return found
            await asyncio.sleep(_LOOK_S)
        raise UserError("The watch does not stop to listen.", "Press its side button.", EXIT_FAILED)

    async def wake(self) -> None:
        """Light a dark screen."""
        if (await self.state()).get("light") in _DARK:
            await self.ask("POST", "/input", json={"type": "press"})
            await self.ask("POST", "/time", json={"seconds": _SETTLE_S})

    async def hold(self) -> None:
        """Hold the side button."""
        await self.ask("POST", "/input", json={"type": "press", "seconds": HOLD_S})


async def talk(place: Announced, sound: bytes, gain_db: float, press: bool, out: TextIO) -> int:
    """Let the watch hear a WAV file and say what it made of it; 0 if that was a word. Raises UserError."""
    async with Talk(place) as watch:
        if press:
            await watch.wake()
        given = await watch.ask("POST", "/audio", data=sound, params={"gain_db": f"{gain_db:g}"})
        print(f"{given['seconds']:.1f} s of sound wait for the watch.", file=out)
        if not press:
            return 0
        await watch.hold()
        if not await watch.begun(_LISTENS_S):
            await watch.ask("DELETE", "/audio")
            state = await watch.state()
            where = f"Its screen is {state['screen']!r}, its state {state.get('access', 'unknown')!r}."
            hint = f"{where} It listens where a word means something, if Settings, Voice is on and there are weights."
            raise UserError("The watch does not listen now.", hint, EXIT_FAILED)
        found = await watch.understood(given["seconds"] + _BEHIND_S)
        return _tell(found, (await watch.state())["screen"], out)


def _tell(found: list[str], screen: str, out: TextIO) -> int:
    """Print what it understood: words of the vocabulary, or why there were none."""
    words = [one for one in found if one in WORDS]
    reasons = [one for one in found if one not in WORDS]
    if words:
        print(f"It understood: {' '.join(words)}. Its screen is {screen!r}.", file=out)
    else:
        why = " ".join(reasons) or "it does not say why"
        print(f"It understood no word: {why}. Its screen is {screen!r}. {_WORDS_HINT}", file=out)
    return 0 if words else EXIT_FAILED
