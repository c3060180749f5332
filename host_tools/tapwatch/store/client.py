"""The store's HTTP interface as phones and developers use it (docs/store.md)."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self, TypeVar

import aiohttp

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.store import publication as form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from tapwatch.phone.bank_client import Registration
    from tapwatch.signing.signer import Signer

TIMEOUT_S = 30.0
"""A publication has to come whole over a slow line."""
_NOT_FOUND = 404
_WRONG = "is it a store of this version?"
_T = TypeVar("_T")


class StoreRefused(UserError):
    """The store answered with an error; `status` is the HTTP status."""

    def __init__(self, message: str, hint: str, status: int) -> None:
        super().__init__(f"the store refused: {message}", hint, EXIT_FAILED)
        self.status = status


@dataclass(frozen=True)
class Service:
    """The store. `refund_s`: how long an app can be given back."""

    name: str
    certificate: bytes
    time: int
    refund_s: int


@dataclass(frozen=True)
class Order:
    """An order; `code` is what the watch pays (message 13)."""

    order: str
    app: str
    state: str
    code: str
    amount_minor: int
    currency: int
    region: str
    created_at: int
    paid_at: int | None
    refund_until: int | None
    back_minor: int


@dataclass(frozen=True)
class Licence:
    """What message 19 carries. `not_after` is None for one without end."""

    licence: bytes
    certificate: bytes
    not_after: int | None


@dataclass(frozen=True)
class Publication:
    """What became of a publication: `waiting`, `accepted`, `rejected`, or `done` for what nobody reviews."""

    publication: bytes
    app: str
    version: str
    state: str
    reason: str


class StoreClient:
    """Talks to one store; use it as an async context manager. Every method raises UserError or StoreRefused."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def service(self) -> Service:
        """Name, certificate and time of the store."""
        return _made(Service, await self._ask("GET", "/v1/service"))

    async def apps(self, **filters: str) -> list[dict[str, Any]]:
        """Every listed app that passes the filters: region, currency, api, kind, category, search, without."""
        found: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            answer = await self._ask("GET", "/v1/apps", query={**filters, "after": after})
            found += _taken(answer, "apps", list)
            after = answer.get("next")
        return found

    async def app(self, app: str, region: str = "", currency: int = 0) -> dict[str, Any]:
        """One listed app."""
        return await self._ask("GET", f"/v1/apps/{app}", query={"region": region, "currency": str(currency)})

    async def bundle(self, digest: bytes) -> bytes:
        """The bundle with that SHA-256. Raises UserError if it has another one."""
        data = await self._fetch("GET", f"/v1/bundles/{digest.hex()}")
        if hashlib.sha256(data).digest() != digest:
            raise UserError("the bundle was changed on its way", "download it again")
        return data

    async def revocations(self) -> bytes | None:
        """The newest revocation list, None without one."""
        try:
            return await self._fetch("GET", "/v1/revocations")
        except StoreRefused as refused:
            if refused.status != _NOT_FOUND:
                raise
            return None

    async def order(self, device: Registration, app: str, region: str, currency: int, key: bytes) -> Order:
        """Order an app; `key`, 16 random bytes, makes the request safe to repeat."""
        body = {"app": app, "region": region, "currency": currency, "key": key.hex()}
        return _made(Order, await self._ask("POST", _of(device, "orders"), body, device.bearer))

    async def orders(self, device: Registration) -> list[Order]:
        """The orders of a watch, the newest first."""
        answer = await self._ask("GET", _of(device, "orders"), bearer=device.bearer)
        return [_made(Order, order) for order in _taken(answer, "orders", list)]

    async def order_state(self, device: Registration, order: str) -> Order:
        """What became of an order."""
        return _made(Order, await self._ask("GET", _of(device, f"orders/{order}"), bearer=device.bearer))

    async def refund(self, device: Registration, order: str) -> Order:
        """Give an app back."""
        return _made(Order, await self._ask("POST", _of(device, f"orders/{order}/refund"), {}, device.bearer))

    async def licence(self, device: Registration, app: str) -> Licence:
        """The licence that counts now."""
        return _made(Licence, await self._ask("GET", _of(device, f"licences/{app}"), bearer=device.bearer))

    async def register(self, key: Signer, name: str, maker: str, payout: str) -> Publication:
        """Apply as a developer, with the key that shall be certified."""
        body = {"name": name, "maker": maker, "public": key.public, "payout": payout}
        return await self._send(key, form.REGISTER, body, [])

    async def publish(
        self, key: Signer, listing: Mapping[str, Any], bundle: bytes, archive: bytes, pictures: Iterable[bytes] = ()
    ) -> Publication:
        """Hand in a version of an app. `listing` as docs/store.md has it."""
        parts = [(form.BUNDLE, bundle), (form.ARCHIVE, archive)]
        return await self._send(key, form.PUBLISH, listing, parts + [(form.PICTURE, one) for one in pictures])

    async def withdraw(self, key: Signer, app: str) -> Publication:
        """Take an app off the list."""
        return await self._send(key, form.WITHDRAW, {"app": app}, [])

    async def publication(self, nonce: bytes) -> Publication:
        """What became of a publication."""
        return _made(Publication, await self._ask("GET", f"/v1/publications/{nonce.hex()}"))

    async def _send(
        self, key: Signer, action: str, body: Mapping[str, Any], parts: list[tuple[str, bytes]]
    ) -> Publication:
        nonce = secrets.token_bytes(form.NONCE_BYTES)
        data = form.compose(key, action, nonce, int(time.time()), body, parts)
        return _made(Publication, _read(await self._fetch("POST", "/v1/publications", data)))

    async def _ask(
        self, method: str, path: str, body: object = None, bearer: str = "", query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        return _read(await self._fetch(method, path, data, bearer, query))

    async def _fetch(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        bearer: str = "",
        query: Mapping[str, str] | None = None,
    ) -> bytes:
        if self._session is None:
            raise RuntimeError("the store client is used outside its context")
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        request = self._session.request(method, self._url + path, data=data, headers=headers, params=query)
        try:
            async with request as response:
                answer = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UserError(
                f"the store at {self._url} does not answer", "start it with `tapwatch store serve`"
            ) from error
        if response.status >= 400:
            said = _read(answer)
            raise StoreRefused(str(said.get("error", response.status)), str(said.get("hint", "")), response.status)
        return answer


def _of(device: Registration, what: str) -> str:
    return f"/v1/devices/{device.device_id.hex()}/{what}"


def _read(data: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UserError("the store's answer is not JSON", _WRONG) from error
    if not isinstance(answer, dict):
        raise UserError("the store's answer is not an object", _WRONG)
    return answer


def _taken(answer: Mapping[str, Any], name: str, kind: type[_T]) -> _T:
    value = answer.get(name)
    if not isinstance(value, kind):
        raise UserError(f"the store's answer has no proper {name}", _WRONG)
    return value


def _made(kind: type[_T], answer: object) -> _T:
    """A data class out of the fields of an answer; byte strings come as hex. Raises UserError."""
    said = answer if isinstance(answer, dict) else {}
    values = {}
    for field in fields(kind):  # type: ignore[arg-type]  # the kinds above are data classes
        value = said.get(field.name)
        fits = {"bytes": str, "str": str, "int": int, "int | None": (int, type(None))}[str(field.type)]
        if not isinstance(value, fits):
            raise UserError(f"the store's answer has no proper {field.name}", _WRONG)
        values[field.name] = _bytes(value) if field.type == "bytes" else value
    return kind(**values)


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError as error:
        raise UserError("the store's answer holds no proper bytes", _WRONG) from error
