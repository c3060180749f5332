"""The store over HTTP: JSON for phones and developers, pages for people (docs/store.md "HTTP").

It listens on loopback; a public address names the proxy in front of it. A carrier sends the bearer token that the
bank gave it, a developer signs. Everything else is for anyone.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from tapwatch.bank.arguments import CARRIER, identifier
from tapwatch.bank.http_guard import Guard
from tapwatch.bank.problems import BankProblem, RequestProblem, SetupProblem, UnknownProblem
from tapwatch.store import http_views, pages, publication

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tapwatch.bank.arguments import Arguments
    from tapwatch.store.http_views import View
    from tapwatch.store.service import AppStore

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)
MAX_JSON_BYTES = 16_384
SWEEP_S = 5.0
"""How often the store looks what the bank was paid, besides when somebody asks."""
_PREFIX = "Bearer "
_STOP_S = 2.0
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_LISTED = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


class HttpServer:
    """Serves one store; `public_url` as in `tapwatch.bank.http_guard.Guard`. Raises SetupProblem."""

    def __init__(self, store: AppStore, public_url: str = "") -> None:
        self._store = store
        self._guard = Guard(public_url)
        self._runner: web.AppRunner | None = None
        self._sweeper: asyncio.Task | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen, port 0 for a free one; return the port. Raises SetupProblem if it is taken."""
        app = web.Application(client_max_size=publication.MAX_BYTES, middlewares=[_errors, self._guarded])
        for method, path, role, view in http_views.ROUTES:
            app.router.add_route(method, path, self._handler(path, role, view))
        app.router.add_post("/v1/publications", self._publish)
        app.router.add_get("/v1/bundles/{digest}", self._bundle)
        app.router.add_get("/v1/pictures/{digest}", self._picture)
        app.router.add_get("/v1/revocations", self._revocations)
        pages.add_routes(app, self._store)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise SetupProblem(f"port {port} for HTTP cannot be opened", "choose another port, or 0") from error
        self._runner = runner
        self._sweeper = asyncio.create_task(self._sweep())
        return runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and sweeping, and close every connection."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeper
            self._sweeper = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _sweep(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._store.sweep)
            except BankProblem as problem:  # the next round does what this one could not
                _log.error("%s", problem)
            await asyncio.sleep(SWEEP_S)

    async def _publish(self, request: web.Request) -> web.Response:
        outcome = await asyncio.to_thread(self._store.publish, await request.read())
        return _json(http_views.outcome_facts(outcome), _PRIVATE)

    async def _bundle(self, request: web.Request) -> web.Response:
        data = await asyncio.to_thread(self._store.bundle, identifier(request.match_info, "digest", 32))
        return web.Response(body=data, content_type="application/octet-stream", headers=_FOR_EVER)

    async def _picture(self, request: web.Request) -> web.Response:
        data = await asyncio.to_thread(self._store.picture, identifier(request.match_info, "digest", 32))
        return web.Response(body=data, content_type="image/png", headers={**_FOR_EVER, **pages.NOTHING})

    async def _revocations(self, _: web.Request) -> web.Response:
        data = await asyncio.to_thread(self._store.revocations)
        if data is None:
            raise UnknownProblem("there is no revocation list")
        return web.Response(body=data, content_type="application/octet-stream", headers=_LISTED)

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Everything is public; Host and Origin must still be ours."""
        self._guard.check(request, public=True)
        return await handler(request)

    def _handler(self, path: str, role: str, view: View) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            arguments = await _arguments(request)
            if role == CARRIER:
                device_id = identifier(arguments, "device")
                await asyncio.to_thread(self._store.check_bearer, device_id, _bearer(request))
            answer = await asyncio.to_thread(view, self._store, arguments)
            return _tagged(request, answer) if path in http_views.LISTED else _json(answer, _PRIVATE)

        return handle


def _bearer(request: web.Request) -> str:
    """The bearer token sent, "" if there is none. Ours are ASCII."""
    bearer = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix(_PREFIX)
    return bearer if bearer.isascii() else ""


async def _arguments(request: web.Request) -> Arguments:
    """Path, query and body as one map. Raises RequestProblem, also for a name that comes twice."""
    data, body = await request.read(), {}
    if len(data) > MAX_JSON_BYTES:
        raise RequestProblem("the body is too long")
    if data:
        try:
            body = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise RequestProblem("the body is not JSON") from error
    if not isinstance(body, dict):
        raise RequestProblem("the body is not an object")
    parts = [*request.match_info.items(), *request.query.items(), *body.items()]
    if len({name for name, _ in parts}) != len(parts):
        raise RequestProblem("an argument came twice")
    return dict(parts)


def _tagged(request: web.Request, answer: object) -> web.Response:
    """With an ETag; 304 for who has it already."""
    data = json.dumps(answer, ensure_ascii=False).encode()
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {**_LISTED, "ETag": tag}
    if tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    return web.Response(body=data, content_type="application/json", headers=headers)


def _json(answer: object, headers: dict[str, str], status: int = 200) -> web.Response:
    data = json.dumps(answer, ensure_ascii=False).encode()
    return web.Response(status=status, body=data, content_type="application/json", headers=headers)


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What is wrong: a page for a person with a browser, JSON for everybody else."""
    try:
        return await handler(request)
    except BankProblem as problem:
        _log.info("%s %s: %s", request.method, request.path, problem)
        status, message, hint = problem.http_status, problem.message, problem.hint
    except web.HTTPException as problem:
        status, message, hint = problem.status, problem.reason, ""
    if request.path.startswith("/v1/") or request.method != "GET":
        return _json({"error": message, "hint": hint}, _PRIVATE, status)
    return pages.failure(request, status, message, hint)
