"""Sound for the watch, over HTTP: files, words that this computer speaks, and a microphone on the page.

    POST   /audio       a WAV; heard when the watch listens. ?delay_ms=300 of silence before it, ?gain_db=-6
    DELETE /audio       forgets what waits
    POST   /say         {"text": "payment", "voice": ""}: the same, spoken by this computer
    POST   /microphone  {"fault": "missing"}: also low, high (the line is stuck), error (it does not start), "" (none)

Binary messages on the WebSocket /live are live sound: samples of 16 bits at 16 kHz, little-endian.
"""

from __future__ import annotations

import asyncio
import sys
from array import array
from typing import TYPE_CHECKING

from aiohttp import web

from tapwatch.simulator import wav
from tapwatch.simulator.controls import BadInput
from tapwatch.simulator.hearing import DELAY_MS, FAULTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from tapwatch.simulator.hearing import Hearing

GAIN_DB = -6
"""A file as loud as can be is then as loud as the microphone bears: its modulator follows up to 0.7 of full scale."""
_GAINS_DB = (-60.0, 20.0)
_MOST_DELAY_MS = 60_000
_MOST_TEXT = 80
_PIECE = 65_536


class SoundDesk:
    """Takes sound for one watch."""

    def __init__(self, hearing: Hearing, body: Callable[[web.Request], Awaitable[dict[str, Any]]]) -> None:
        """`body` reads the JSON object of a request."""
        self._hearing = hearing
        self._body = body

    def routes(self) -> list[web.RouteDef]:
        """Its part of the HTTP interface."""
        return [
            web.post("/audio", self._post_audio),
            web.delete("/audio", self._delete_audio),
            web.post("/say", self._post_say),
            web.post("/microphone", self._post_microphone),
        ]

    def describe(self) -> dict[str, object]:
        """For pages and scripts: how much waits to be heard, and what is wrong with the microphone."""
        return {"unheard_ms": self._hearing.unheard_ms, "microphone_fault": self._hearing.fault}

    def live(self, data: bytes) -> None:
        """A piece of what somebody says now. Raises BadInput for half a sample."""
        if len(data) % 2:
            raise BadInput("live sound is samples of 16 bits")
        self._hearing.speak(wav.louder(_little(data), GAIN_DB))

    async def _post_audio(self, request: web.Request) -> web.Response:
        delay_ms = _number(request, "delay_ms", DELAY_MS, 0, _MOST_DELAY_MS)
        gain_db = _number(request, "gain_db", GAIN_DB, *_GAINS_DB)
        data = bytearray()
        async for piece in request.content.iter_chunked(_PIECE):
            data += piece
            if len(data) > wav.MOST_BYTES:
                raise BadInput(f"a sound has at most {wav.MOST_BYTES // 1_000_000} MB")
        try:
            samples = await asyncio.to_thread(_heard_of, bytes(data), gain_db)
        except ValueError as problem:
            raise BadInput(str(problem)) from problem
        return self._queued(samples, int(delay_ms))

    async def _delete_audio(self, request: web.Request) -> web.Response:
        self._hearing.hush()
        return web.json_response({})

    async def _post_say(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        text, voice = body.get("text"), body.get("voice", "")
        if not isinstance(text, str) or not text.strip() or len(text) > _MOST_TEXT or not text.isprintable():
            raise BadInput(f"text is words to say, at most {_MOST_TEXT} characters")
        if not isinstance(voice, str):
            raise BadInput("voice is a name")
        from tapwatch.voice.spoken import speak  # here: only who wants it needs an engine

        samples = await asyncio.to_thread(speak, text, voice)
        return self._queued(wav.louder(samples, GAIN_DB), DELAY_MS)

    async def _post_microphone(self, request: web.Request) -> web.Response:
        fault = (await self._body(request)).get("fault")
        if not isinstance(fault, str) or fault not in FAULTS:
            raise BadInput(f"fault is one of {', '.join(map(repr, FAULTS))}")
        self._hearing.fault = fault
        return web.json_response({})

    def _queued(self, samples: array[int], delay_ms: int) -> web.Response:
        try:
            self._hearing.say(samples, delay_ms)
        except ValueError as problem:
            raise BadInput(str(problem)) from problem
        return web.json_response({"seconds": round(len(samples) / wav.RATE_HZ, 3), **self.describe()})


def _heard_of(data: bytes, gain_db: float) -> array[int]:
    """What is heard of a WAV. Raises ValueError."""
    return wav.louder(wav.samples_of(data), gain_db)


def _little(data: bytes) -> array[int]:
    samples = array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _number(request: web.Request, name: str, default: float, least: float, most: float) -> float:
    """A number of the query. Raises BadInput."""
    text = request.query.get(name, str(default))
    try:
        value = float(text)
    except ValueError as problem:
        raise BadInput(f"{name} is a number") from problem
    if not least <= value <= most:
        raise BadInput(f"{name} is {least:g} to {most:g}")
    return value
