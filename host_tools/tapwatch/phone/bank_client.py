"""The bank's HTTP interface as a phone uses it. The table of paths is in `tapwatch.bank.http_server`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

import aiohttp

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from types import TracebackType

TIMEOUT_S = 10.0
_T = TypeVar("_T")


class BankRefused(UserError):
    """The bank answered with an error; `status` is the HTTP status."""

    def __init__(self, message: str, hint: str, status: int) -> None:
        super().__init__(f"the bank refused: {message}", hint, EXIT_FAILED)
        self.status = status


@dataclass(frozen=True)
class Service:
    """The bank's token service."""

    certificate: bytes
    issuer_id: bytes
    time: int


@dataclass(frozen=True)
class Registration:
    """What the bank gave the phone for one watch. `bearer` is a secret."""

    device_id: bytes
    bearer: str


@dataclass(frozen=True)
class Parcel:
    """A message that the bank carries without reading it."""

    number: int
    kind: int
    body: object


@dataclass(frozen=True)
class News:
    """What the bank has for a watch: notices and token states, and what it only carries."""

    notices: list[bytes]
    parcels: list[Parcel]


class BankClient:
    """Talks to one bank; use it as an async context manager. Every method raises UserError or BankRefused."""

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
        """The certificate, id and time of the token service."""
        answer = await self.ask("GET", "/v1/service")
        return Service(
            taken(answer, "certificate", bytes), taken(answer, "issuer_id", bytes), taken(answer, "time", int)
        )

    async def challenge(self) -> bytes:
        """A challenge for an attestation."""
        return taken(await self.ask("POST", "/v1/challenges"), "challenge", bytes)

    async def register(self, certificate: bytes, attestation: bytes) -> Registration:
        """Make a watch known, or its new receipt key."""
        answer = await self.ask("POST", "/v1/devices", {"certificate": certificate, "attestation": attestation})
        return Registration(taken(answer, "device_id", bytes), taken(answer, "bearer", str))

    async def package(self, request: bytes) -> bytes:
        """The token package for a token-request envelope."""
        return taken(await self.ask("POST", "/v1/token-requests", {"request": request}), "package", bytes)

    async def receipts(self, receipts: list[bytes]) -> None:
        """Hand in receipt envelopes."""
        await self.ask("POST", "/v1/receipts", {"receipts": receipts})

    async def news(self, device: Registration, since: int, parcels: int) -> News:
        """What the bank has for a watch above two numbers; it forgets the notices up to the first."""
        path = f"/v1/devices/{device.device_id.hex()}/notices?since={since}&parcels={parcels}"
        answer = await self.ask("GET", path, bearer=device.bearer)
        return News(taken(answer, "notices", list), [_parcel(one) for one in taken(answer, "parcels", list)])

    async def revocations(self) -> bytes | None:
        """The newest revocation list of the root, None without one."""
        answer = await self.ask("GET", "/v1/revocations")
        known = isinstance(answer, dict) and answer.get("revocations", b"") is None
        return None if known else taken(answer, "revocations", bytes)

    async def art(self, digest: bytes) -> bytes:
        """The card art file with this SHA-256."""
        return taken(await self.ask("GET", f"/v1/art/{digest.hex()}"), "art", bytes)

    async def merchant_payment(self, payment: bytes, code: str) -> str:
        """Hand in a merchant-payment envelope and the code it pays; returns the ISO 8583 response code."""
        answer = await self.ask("POST", "/v1/merchant-payments", {"payment": payment, "code": code})
        return taken(answer, "response", str)

    async def ask(self, method: str, path: str, body: dict | None = None, bearer: str = "") -> object:
        """One request, and what its answer holds."""
        if self._session is None:
            raise RuntimeError("the bank client is used outside its context")
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        data = None if body is None else cbor.encode(body)
        try:
            async with self._session.request(method, self._url + path, data=data, headers=headers) as response:
                return _read(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UserError(
                f"the bank at {self._url} does not answer", "start it with `tapwatch bank serve`"
            ) from error


def _read(status: int, data: bytes) -> object:
    try:
        answer = cbor.decode(data)
    except cbor.CborProblem as error:
        raise UserError("the bank's answer is not CBOR", "is it a Tapwatch bank?") from error
    if status >= 400:
        details = answer if isinstance(answer, dict) else {}
        raise BankRefused(str(details.get("error", status)), str(details.get("hint", "")), status)
    return answer


def _parcel(entry: object) -> Parcel:
    """One entry of a list of parcels. Raises UserError."""
    kinds = (int, int, bytes)
    if isinstance(entry, list) and tuple(type(part) for part in entry) == kinds:
        number, kind, body = entry
        try:
            return Parcel(number, kind, cbor.decode(body))
        except cbor.CborProblem:
            pass  # said below, as of any other form
    raise UserError("the bank's answer has no proper parcels", "is it a bank of this version?")


def taken(answer: object, name: str, kind: type[_T]) -> _T:
    """Take a value of an answer. Raises UserError if it is missing or of another kind."""
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, kind):
        raise UserError(f"the bank's answer has no proper {name}", "is it a bank of this version?")
    return value
