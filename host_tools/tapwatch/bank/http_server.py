"""The bank over HTTP, for customers, carriers, watches and operators. Loopback only; docs/bank.md lists every path.

Bodies are CBOR maps with text keys; identifiers in paths are hex. A carrier sends the bearer token of its device, a
customer that of the session, an operator the operator token, in `Authorization`. What a watch signs needs no token. An
error is `{"error": text, "hint": text}` with a status of 4xx or 5xx.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from typing import TYPE_CHECKING

from aiohttp import web

from tapwatch.bank import arguments as args
from tapwatch.bank import http_views, mailbox, messages_page, receipt_page, receipts, wallet_pages
from tapwatch.bank.http_guard import Guard
from tapwatch.bank.problems import AccessProblem, BankProblem, RequestProblem, SetupProblem, UnknownProblem
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tapwatch.bank.arguments import Arguments
    from tapwatch.bank.http_views import View
    from tapwatch.bank.service import Bank

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)
MAX_BODY_BYTES = 16_384
_TYPE = "application/cbor"
_MAILBOX = "/v1/mailbox"
_KEY_BYTES = 12
_STOP_S = 2.0
_PREFIX = "Bearer "


class HttpServer:
    """Serves one bank; `public_url` as in `http_guard.Guard`. Raises SetupProblem."""

    def __init__(self, bank: Bank, public_url: str = "") -> None:
        self._bank = bank
        self._guard = Guard(public_url)
        self._private: set[str] = set()
        self.messages_path = messages_page.PATH + secrets.token_urlsafe(_KEY_BYTES)
        """Path of the page of messages to customers: whoever knows it reads codes."""
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, port 0 for a free one; return the port. Raises SetupProblem if it is taken."""
        app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_errors, self._guarded])
        for method, path, role, view in http_views.ROUTES:
            app.router.add_route(method, path, self._handler(role, view))
            if role == args.OPERATOR:
                self._private.add(path)
        for path in wallet_pages.PATHS:
            app.router.add_get(path, wallet_pages.handler(path))
        app.router.add_post(_MAILBOX, self._poll)
        app.router.add_get(self.messages_path, self._messages)
        app.router.add_get(receipts.PATH + "{name}", self._receipt)
        self._private.add(self.messages_path)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise SetupProblem(f"port {port} for HTTP cannot be opened", "choose another port, or 0") from error
        self._runner = runner
        return runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _receipt(self, request: web.Request) -> web.Response:
        try:
            receipt = await asyncio.to_thread(self._bank.payment_receipt, request.match_info["name"])
        except UnknownProblem:
            return _page(404, receipt_page.missing())
        return _page(200, await asyncio.to_thread(receipt_page.page, receipt))

    async def _poll(self, request: web.Request) -> web.Response:
        body = await request.read()
        if len(body) > mailbox.MAX_POLL_BYTES:
            raise RequestProblem("a poll is too long")
        answer = await asyncio.to_thread(self._bank.poll, body)
        return web.Response(body=answer, content_type="text/plain", headers={"Cache-Control": "no-store"})

    async def _messages(self, _: web.Request) -> web.Response:
        return _page(200, messages_page.page(await asyncio.to_thread(self._bank.customers.messages)))

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Receipts may be asked for under any name of a proxy: their links are secret anyway."""
        if not request.path.startswith(receipts.PATH):
            resource = request.match_info.route.resource
            public = resource is not None and resource.canonical not in self._private
            self._guard.check(request, public)
        return await handler(request)

    def _handler(self, role: str, view: View) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            arguments = await _arguments(request)
            bearer = _bearer(request)
            who = await asyncio.to_thread(self._check_role, role, bearer, arguments)
            return _response(200, await asyncio.to_thread(view, self._bank, {**arguments, **who}))

        return handle

    def _check_role(self, role: str, bearer: str, arguments: Arguments) -> Arguments:
        """Raises AccessProblem; returns who asks, where that is a customer."""
        if role == args.OPERATOR and not hmac.compare_digest(bearer.encode(), self._bank.operator_token.encode()):
            raise AccessProblem("that is for an operator", "send the operator token of the key folder")
        if role == args.CARRIER:
            self._bank.check_bearer(args.identifier(arguments, "id"), bearer)
        if role == args.CUSTOMER:
            return {args.WHO: self._bank.customers.logged_in(bearer)}
        return {}


def _bearer(request: web.Request) -> str:
    """The bearer token sent, "" if there is none. Ours are ASCII."""
    bearer = request.headers.get("Authorization", "").removeprefix(_PREFIX)
    return bearer if bearer.isascii() else ""


async def _arguments(request: web.Request) -> Arguments:
    """Path, query and body as one map; a name that comes twice is refused."""
    body: object = {}
    if data := await request.read():
        try:
            body = cbor.decode(data)
        except cbor.CborProblem as error:
            raise RequestProblem("the body is not deterministic CBOR") from error
    if not isinstance(body, dict) or not all(isinstance(name, str) for name in body):
        raise RequestProblem("the body is not a map with text keys")
    parts = [*request.match_info.items(), *request.query.items(), *body.items()]
    if len({name for name, _ in parts}) != len(parts):
        raise RequestProblem("an argument came twice")
    return {name: value for name, value in parts if name != args.WHO}


def _response(status: int, body: object) -> web.Response:
    return web.Response(
        status=status, body=cbor.encode(body), content_type=_TYPE, headers={"Cache-Control": "no-store"}
    )


def _page(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html", headers=receipt_page.HEADERS)


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BankProblem as problem:
        _log.info("%s %s: %s", request.method, request.path, problem)
        return _response(problem.http_status, {"error": problem.message, "hint": problem.hint})
    except web.HTTPException as problem:
        return _response(problem.status, {"error": problem.reason, "hint": ""})
