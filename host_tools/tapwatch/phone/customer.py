"""What a phone asks of the bank for its owner: a card for the watch, what becomes of it, and a watch that is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.phone.bank_client import taken

if TYPE_CHECKING:
    from tapwatch.phone.bank_client import BankClient, Registration

APPROVED, DECLINED = "approved", "declined"
LIVE = ("started", "challenged")
"""States of an enrolment in which a code can be sent."""


@dataclass(frozen=True)
class Enrolment:
    """Where a request for a card stands."""

    id: bytes
    state: str
    methods: list[tuple[str, str]]
    """Ways to send a one-time code: `sms` and the like, and the masked address."""
    tries_left: int
    token_id: bytes | None

    @classmethod
    def read(cls, answer: object) -> Enrolment:
        """Take an answer of the bank apart. Raises UserError."""
        methods = [(taken(one, "method", str), taken(one, "address", str)) for one in taken(answer, "methods", list)]
        state = taken(answer, "state", str)
        token_id = taken(answer, "token_id", bytes) if state == APPROVED else None
        return cls(taken(answer, "enrolment", bytes), state, methods, taken(answer, "tries_left", int), token_id)


@dataclass(frozen=True)
class TokenFacts:
    """What the bank says of a card on the watch."""

    token_id: bytes
    state: str
    label: str
    last_four: str

    @classmethod
    def read(cls, answer: object) -> TokenFacts:
        """Take an entry of the bank's list apart. Raises UserError."""
        texts = (taken(answer, name, str) for name in ("state", "label", "last_four"))
        return cls(taken(answer, "token_id", bytes), *texts)


class CustomerDesk:
    """The bank as the owner of one watch sees it. Every method raises UserError or BankRefused."""

    def __init__(self, bank: BankClient, device: Registration) -> None:
        self._bank = bank
        self._device = device
        self._path = f"/v1/devices/{device.device_id.hex()}"

    async def log_in(self, name: str, password: str) -> str:
        """The bearer of a session, a secret."""
        return taken(await self._bank.ask("POST", "/v1/login", {"name": name, "password": password}), "session", str)

    async def enrol(self, card: dict[str, object], session: str = "") -> Enrolment:
        """Ask for a card on the watch: {`pan`, `expiry`} as printed, or {`card`: its number at the bank}."""
        body = {**card, "id": self._device.device_id.hex()}
        return Enrolment.read(await self._post("/v1/enrolments", body | ({"session": session} if session else {})))

    async def send_code(self, enrolment: Enrolment, method: str) -> Enrolment:
        """Let the bank send a one-time code."""
        return await self._step(enrolment, "challenge", "method", method)

    async def answer_code(self, enrolment: Enrolment, code: str) -> Enrolment:
        """Tell the bank the code. A wrong one is no error: the enrolment says how many tries are left."""
        return await self._step(enrolment, "code", "code", code)

    async def tokens(self) -> list[TokenFacts]:
        """The cards of this watch."""
        answer = await self._bank.ask("GET", self._path + "/tokens", bearer=self._device.bearer)
        return [TokenFacts.read(one) for one in taken(answer, "tokens", list)]

    async def set_state(self, token_id: bytes, state: str) -> None:
        """Make a card `active`, `suspended` or `deleted`; the watch hears of it by a notice."""
        await self._post(f"{self._path}/tokens/{token_id.hex()}/state", {"state": state})

    async def set_watch_state(self, session: str, state: str, text: str = "") -> None:
        """Say that the watch is `lost` or `found`, or `wipe` it. The customer must be logged in."""
        path = f"/v1/my/devices/{self._device.device_id.hex()}/state"
        await self._bank.ask("POST", path, {"state": state, "text": text}, session)

    async def _step(self, enrolment: Enrolment, step: str, name: str, value: str) -> Enrolment:
        body = {"id": self._device.device_id.hex(), name: value}
        return Enrolment.read(await self._post(f"/v1/enrolments/{enrolment.id.hex()}/{step}", body))

    async def _post(self, path: str, body: dict) -> object:
        return await self._bank.ask("POST", path, body, self._device.bearer)
