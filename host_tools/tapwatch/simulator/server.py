"""The web page of the watch and the HTTP interface for scripts, on the loopback interface.

    GET  /screen.png    what the wearer sees; ?glass=1 cuts the round corners
    GET  /state.json    what the firmware says of itself
    POST /input         {"type": "touch", "x": 100, "y": 100}; the types are listed in controls.py
    POST /time          {"seconds": 60}: lets the time of the watch run ahead
    POST /pace          {"speed": 60, "worn": true}: how fast time passes, and whether the watch is worn
    POST /panel         {"size": "240x240"}: power off, another panel, power on; flash and clock stay
    POST /tap           {"amount": "12.34", "currency": "CNY"}; the answer is a TapResult
    POST /errands/NAME  {"amount": "12.34", "currency": "CNY"}: another errand of the desk; the answer is a Result
    POST /tv            {"action": "pair"}: the television of the page; also forget, sleep, wake, lose
    POST /message       CBOR [kind, body] over the watch's USB port (docs/formats.md); the answer is CBOR [status, body]
    POST /restart       power off and on
    GET  /live          WebSocket of the page: pixels and events out, input and live sound in

Sound for its microphone (/audio, /say, /microphone) is in sound_desk.py.
All of these need `Authorization: Bearer TOKEN`; errors are JSON {"error": ..., "hint": ...}.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Self

from aiohttp import WSMsgType, web

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.signing import cbor
from tapwatch.simulator import controls, pages
from tapwatch.simulator.guard import SUBPROTOCOL, Guard, Refused
from tapwatch.simulator.messages import WatchRefused
from tapwatch.simulator.pace import SPEEDS, Pace
from tapwatch.simulator.process import WatchOff
from tapwatch.simulator.sound_desk import SoundDesk
from tapwatch.simulator.tapping import Errand, Tap
from tapwatch.simulator.tv.panel import TvPanel
from tapwatch.simulator.viewers import Viewers
from tapwatch.simulator.watch import SimulatedWatch
from tapwatch.tasks import end
from tapwatch.voice.spoken import can_speak

LOOPBACK = "127.0.0.1"
_MAX_BODY = 16_384
"""Bytes in a request; the longest input is under 200."""
_MAX_STEP_S = 7 * 86_400
"""Longest single step of the watch's time."""
_STOP_S = 1.0
"""How long a request may still run after the end: an errand can wait for the wearer for minutes."""
_NO_ERRANDS: Mapping[str, Errand] = MappingProxyType({})
_STATE_S = 0.25
"""Pause between two looks at the state for the open pages."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class SimulatorServer:
    """Serves one watch. Use it as an async context manager around a started watch."""

    def __init__(
        self,
        watch: SimulatedWatch,
        tap: Tap | None = None,
        port: int = 0,
        page: bool = True,
        errands: Mapping[str, Errand] = _NO_ERRANDS,
        apps_url: str = "",
    ) -> None:
        """`tap` and `errands` make buttons work; `page` is False for scripts only; port 0 takes any free one.

        `apps_url`: the store that the page links to, "" for none.
        """
        self.watch = watch
        self.port = port
        self.guard = Guard()
        self._tap = tap
        self._errands = errands
        self.apps_url = apps_url
        self._page = page
        self._tapping = asyncio.Lock()
        self._viewers = Viewers(watch.panel, self._hello)
        self._tv = TvPanel(watch, self._viewers.tell)
        self._sound = SoundDesk(watch.hearing, _body)
        self._pace = Pace(watch, worn=page)
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._end = ""
        self._unlisten = watch.listen(self._viewers.tell)

    @property
    def url(self) -> str:
        """Where scripts find it."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def page_url(self) -> str:
        """What to open in a browser; it carries the token, in the part that a browser sends to nobody."""
        return f"{self.url}/#{self.guard.token}"

    @property
    def waiting_bytes(self) -> int:
        """What waits for the page that is furthest behind; never more than `viewers.WAITING_BYTES`."""
        return self._viewers.waiting_bytes

    async def __aenter__(self) -> Self:
        """Start to serve. Raises UserError when the port is taken."""
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=_STOP_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, LOOPBACK, self.port).start()
        except OSError as problem:
            await self._runner.cleanup()
            hint = "Choose another with --port, or leave --port out to take a free one."
            raise UserError(f"Port {self.port} cannot be used.", hint) from problem
        self.port = self._runner.addresses[0][1]
        self.guard.serve(self.port)
        self._tasks = [asyncio.create_task(job()) for job in (self._report_state, self._report_end, self._pace.run)]
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Close every page and stop."""
        self._unlisten()
        await end(*self._tasks)
        await self._tv.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._checked], client_max_size=_MAX_BODY)
        application.add_routes(
            [
                web.get("/screen.png", self._get_screen),
                web.get("/state.json", self._get_state),
                web.post("/input", self._post_input),
                web.post("/time", self._post_time),
                web.post("/pace", self._post_pace),
                web.post("/panel", self._post_panel),
                web.post("/tap", self._post_tap),
                web.post("/errands/{name}", self._post_errand),
                web.post("/tv", self._post_tv),
                web.post("/message", self._post_message),
                web.post("/restart", self._post_restart),
                web.get("/live", self._get_live),
                *self._sound.routes(),
            ]
        )
        if self._page:
            application.add_routes([web.get(path, pages.handler(path)) for path in pages.PATHS])
        return application

    @web.middleware
    async def _checked(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse strangers, and turn errors into JSON that a person can act on."""
        try:
            self.guard.check(request, public=self._page and request.path in pages.PATHS)
            return await handler(request)
        except Refused as refused:
            return pages.refusal(request, refused.status, refused.message, refused.hint)
        except controls.BadInput as problem:
            return _error(400, str(problem))
        except UserError as problem:
            if not self.watch.alive:
                return _error(503, str(problem), "POST /restart starts the watch again.")
            return _error(400 if problem.exit_code == EXIT_USAGE else 409, str(problem), problem.hint)

    async def _get_screen(self, request: web.Request) -> web.Response:
        png = self.watch.screen_png(glass=request.query.get("glass") == "1")
        return web.Response(body=png, content_type="image/png", headers=pages.PRIVATE)

    async def _get_state(self, request: web.Request) -> web.Response:
        state = {**await self.watch.state(), **self._sound.describe()}
        return web.json_response(state, headers=pages.PRIVATE)

    async def _post_input(self, request: web.Request) -> web.Response:
        await controls.apply(self.watch, await _body(request))
        return web.json_response({})

    async def _post_time(self, request: web.Request) -> web.Response:
        seconds = (await _body(request)).get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= _MAX_STEP_S:
            raise controls.BadInput(f"seconds is 0 to {_MAX_STEP_S}")
        await self._pace.skip(seconds)
        return web.json_response({})

    async def _post_pace(self, request: web.Request) -> web.Response:
        body = await _body(request)
        speed, worn = body.get("speed", self._pace.speed), body.get("worn", self._pace.worn)
        if isinstance(speed, bool) or speed not in SPEEDS:
            raise controls.BadInput(f"speed is one of {', '.join(map(str, SPEEDS))}")
        if not isinstance(worn, bool):
            raise controls.BadInput("worn is true or false")
        self._pace.speed, self._pace.worn = speed, worn
        self._viewers.tell("pace", {"speed": speed, "worn": worn})
        return web.json_response({})

    async def _post_panel(self, request: web.Request) -> web.Response:
        size = (await _body(request)).get("size")
        sizes = self.watch.options.sizes
        if not isinstance(size, str) or size not in sizes:
            raise controls.BadInput(f"size is one of {', '.join(sizes)}")
        async with self._tapping:
            await self.watch.kill()
            self.watch.resize(size)
            self._viewers.start_anew()
            await self.watch.start()
        self._viewers.tell("started", {})
        return web.json_response({})

    async def _post_tap(self, request: web.Request) -> web.Response:
        if self._tap is None:
            raise UserError("This simulator has no terminal.", "Tap it with `tapwatch tap` or with your own reader.")
        body = await _body(request)
        async with self._tapping:  # one watch lies on one reader
            result = await self._tap(str(body.get("amount")), str(body.get("currency")))
        self._viewers.tell("tap", result)
        return web.json_response(result)

    async def _post_errand(self, request: web.Request) -> web.Response:
        errand = self._errands.get(request.match_info["name"])
        if errand is None:
            raise controls.BadInput(f"errands are: {', '.join(self._errands) or 'none'}")
        body = await _body(request)
        return web.json_response(await errand(str(body.get("amount")), str(body.get("currency"))))

    async def _post_tv(self, request: web.Request) -> web.Response:
        try:
            await self._tv.act(str((await _body(request)).get("action")))
        except ValueError as problem:
            raise controls.BadInput(str(problem)) from problem
        return web.json_response(self._tv.describe())

    async def _post_message(self, request: web.Request) -> web.Response:
        try:
            kind, body = cbor.decode(await request.read())  # type: ignore[misc]  # anything else is a ValueError
        except (TypeError, ValueError) as problem:
            raise controls.BadInput("a message is CBOR [kind, body]") from problem
        if not isinstance(kind, int):
            raise controls.BadInput("the kind of a message is a number")
        try:
            answer = ["ok", await self.watch.message(kind, body)]
        except WatchRefused as refused:
            answer = [refused.status, None]
        return web.Response(body=cbor.encode(answer), content_type="application/cbor", headers=pages.PRIVATE)

    async def _post_restart(self, request: web.Request) -> web.Response:
        await self.watch.restart()
        self._viewers.tell("started", {})
        return web.json_response({})

    async def _get_live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=(SUBPROTOCOL,), max_msg_size=_MAX_BODY, heartbeat=20)
        await socket.prepare(request)
        feeding = asyncio.create_task(self._viewers.serve(socket))
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._live_input(message.data)
        finally:
            await end(feeding)
        return socket

    async def _live_input(self, message: str | bytes) -> None:
        """Apply input from the page; what is wrong with it becomes an event instead of closing the page."""
        try:
            if isinstance(message, bytes):
                self._sound.live(message)
            else:
                await controls.apply(self.watch, _json(message))
        except (ValueError, UserError) as problem:
            self._viewers.tell("problem", str(problem))

    def _hello(self) -> dict[str, object]:
        glass = self.watch.panel.glass
        return {
            "width": glass.width,
            "height": glass.height,
            "corner_px": glass.corner_px,
            "size": self.watch.options.size,
            "sizes": self.watch.options.sizes,
            "nfc": self.watch.nfc,
            "tap": self._tap is not None,
            "errands": list(self._errands),
            "apps": self.apps_url,
            "alive": self.watch.alive,
            "ended": self._end,
            "brightness": self.watch.panel.brightness,
            "asleep": self.watch.panel.asleep,
            "percent": self.watch.percent,
            "charging": self.watch.charging,
            "phone": self.watch.phone_linked,
            "microphone": self.watch.hearing.listening,
            "hears": self.watch.options.board is None,
            "speaks": can_speak(),
            "tv": self._tv.describe(),
            "speed": self._pace.speed,
            "worn": self._pace.worn,
        }

    async def _report_state(self) -> None:
        """Tell the pages what the firmware says of itself, whenever that changes."""
        last: dict | None = None
        while True:
            await asyncio.sleep(_STATE_S)
            if not self._viewers or not self.watch.alive:
                last = None
                continue
            with contextlib.suppress(UserError):  # a watch that just ended is reported by _report_end
                state = await self.watch.state()
                if state != last:
                    last = state
                    self._viewers.tell("state", state)

    async def _report_end(self) -> None:
        """Tell the pages when the firmware ends by itself."""
        while True:
            if self.watch.alive:
                self._end = ""
                problem = await self.watch.ended()
                if not isinstance(problem, WatchOff):
                    self._end = str(problem)
                    self._viewers.tell("ended", self._end)
            await asyncio.sleep(_STATE_S)


async def _body(request: web.Request) -> dict[str, Any]:
    body = _json(await request.read())
    if not isinstance(body, dict):
        raise controls.BadInput("the body is not a JSON object")
    return body


def _json(text: str | bytes) -> object:
    """The value of a JSON text. Raises BadInput, also for one that is nested deeper than Python can follow."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise controls.BadInput("this is not JSON that can be read") from problem


def _error(status: int, message: str, hint: str = "") -> web.Response:
    return web.json_response({"error": message, "hint": hint}, status=status)
