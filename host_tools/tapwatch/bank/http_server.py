"""The bank over HTTP, for carriers and operators. Loopback only; bodies are CBOR maps with text keys.

| method and path | who | body | answer |
|---|---|---|---|
| GET /v1/service | anyone | | certificate, issuer_id, time |
| POST /v1/challenges | anyone | | challenge |
| POST /v1/devices | anyone | certificate, attestation | device_id, bearer, certificate |
| POST /v1/token-requests | anyone | request | package, certificate |
| POST /v1/receipts | anyone | receipts: array | taken: how many |
| GET /v1/art/{digest} | anyone | | art: the file with that SHA-256 |
| GET /v1/devices/{id}/notices?since=N | carrier | | notices: array of envelopes |
| POST /v1/devices/{id}/states | carrier | | notices: array, token states signed now among them |
| POST /v1/merchant-payments | anyone | payment, code: text | response: ISO 8583 code, approved |
| GET /r/{name} | anyone with the link | | a page for people |
| POST /v1/devices/{id}/state | operator | state: `lost`, `found`, `wipe`, [text] | state |
| POST /v1/merchants | operator | name, currency | account |
| POST /v1/merchant-codes | operator | account, amount_minor, currency, [once] | code |
| POST /v1/accounts | operator | holder, currency, opening_minor | account |
| POST /v1/cards | operator | account, profile: a product's name will do, [label] | card |
| POST /v1/tokens | operator | card, device_id, [limits] | token_id |
| GET /v1/tokens | operator | | tokens: array |
| POST /v1/tokens/{id}/state | operator | state | state |
| GET /v1/ledger | operator | | lines, totals, balanced |

`{id}` and `{digest}` are hex. A carrier sends the bearer token of its device, an operator the operator token, in
`Authorization`. What a watch signs needs no token. An error is `{"error": text, "hint": text}` with a status of 4xx or
5xx.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import TYPE_CHECKING

from aiohttp import web

from tapwatch.bank import http_views, receipt_page, receipts
from tapwatch.bank.problems import AccessProblem, BankProblem, RequestProblem, SetupProblem, UnknownProblem
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tapwatch.bank.http_views import Arguments, View
    from tapwatch.bank.service import Bank

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)
MAX_BODY_BYTES = 16_384
_TYPE = "application/cbor"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_STOP_S = 2.0
_PREFIX = "Bearer "


class HttpServer:
    """Serves one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, port 0 for a free one; return the port. Raises SetupProblem if it is taken."""
        app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_errors, _same_machine])
        for method, path, role, view in http_views.ROUTES:
            app.router.add_route(method, path, self._handler(role, view))
        app.router.add_get(receipts.PATH + "{name}", self._receipt)
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

    def _handler(self, role: str, view: View) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            arguments = await _arguments(request)
            bearer = _bearer(request)
            await asyncio.to_thread(self._check_role, role, bearer, arguments)
            return _response(200, await asyncio.to_thread(view, self._bank, arguments))

        return handle

    def _check_role(self, role: str, bearer: str, arguments: Arguments) -> None:
        if role == http_views.OPERATOR:
            if not hmac.compare_digest(bearer.encode(), self._bank.operator_token.encode()):
                raise AccessProblem("that is for an operator", "send the operator token of the key folder")
        elif role == http_views.CARRIER:
            self._bank.check_bearer(http_views.identifier(arguments, "id"), bearer)


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
    return dict(parts)


def _response(status: int, body: object) -> web.Response:
    return web.Response(status=status, body=cbor.encode(body), content_type=_TYPE)


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


@web.middleware
async def _same_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A web page in a browser on this machine can reach loopback as well; its requests carry Origin or another Host.

    Receipts may be asked for under the name of a proxy in front of this server: their links are secret anyway.
    """
    if request.path.startswith(receipts.PATH):
        return await handler(request)
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host not in _LOOPBACK or "Origin" in request.headers:
        raise AccessProblem("only programs on this machine may ask")
    return await handler(request)
