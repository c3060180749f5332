"""The phone's errands between a watch and a bank (docs/formats.md, "Messages between a carrier and the watch")."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.phone.answers import (
    SETTLED,
    CardStatus,
    Hello,
    MerchantRequest,
    read_app_payment,
    read_bytes,
    read_list,
)
from tapwatch.phone.app_desk import LICENCE, REVOCATIONS, AppDesk
from tapwatch.phone.bank_client import BankRefused
from tapwatch.phone.memory import Memory
from tapwatch.phone.update_desk import UpdateDesk
from tapwatch.signing import envelope
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from tapwatch.phone.bank_client import BankClient, Parcel, Registration

Ask = Callable[[int, object], Awaitable[object]]
"""`await ask(kind, body)` sends a message to the watch and returns the body of the answer; raises WatchRefused."""

Progress = Callable[[int, int], None]
"""`progress(done, total)`, in bytes."""

HELLO, PROVISION, TRUST, ATTEST, TOKEN_REQUEST, TOKEN_PACKAGE, RECEIPTS, NOTICE, SET_CLOCK = range(1, 10)
WALLET, CARD_ART, OWN_RECORD, MERCHANT_CODE, MERCHANT_PAYMENT = range(10, 15)
APP_PAYMENTS = 24
_ART_PART_BYTES = 2048
_UNKNOWN = "bad-input"
"""The watch's status for a kind of message that came after it was made."""
_OUT_OF_ORDER = "bad-input"
"""The watch's status for a part of card art that does not follow: it was restarted, or another sender came between."""
_CARRIED = (LICENCE, REVOCATIONS)
"""What else a bank may have carried to the watch: nothing that does something by itself."""
_BUSY, _FAILED = 429, 500
"""HTTP statuses of a bank that cannot answer now; from the second on it is its own fault."""
_TAKEN_BEFORE = "replayed"
"""The watch's status for a notice it knows: for the phone that is as good as delivered."""


class Phone:
    """One phone with one watch and one bank.

    Args:
        ask: the carrier to the watch, for example `SimulatedWatch.message`.
        bank: an opened client.
        memory: what earlier runs left.
    """

    def __init__(self, ask: Ask, bank: BankClient, memory: Memory | None = None) -> None:
        self._ask = ask
        self.apps = AppDesk(ask)
        """The apps of the watch."""
        self.updates = UpdateDesk(ask)
        """Its system."""
        self._bank = bank
        self._memory = memory or Memory()

    async def hello(self) -> Hello:
        """Ask the watch who it is, and refuse one that speaks a newer version than this side."""
        return Hello.read(await self._ask(HELLO, None))

    async def provision(self, root_public: bytes, certificate: bytes) -> None:
        """Give a new watch its manufacturer root and its certificate."""
        await self._ask(PROVISION, {1: root_public, 2: certificate})

    async def trust(self, service_certificate: bytes) -> None:
        """Let the watch trust a token service that its manufacturer has certified."""
        await self._ask(TRUST, service_certificate)

    async def register(self, certificate: bytes) -> Registration:
        """Let the watch trust the bank's token service, and make the watch known to the bank."""
        await self.trust((await self._bank.service()).certificate)
        attestation = read_bytes(await self._ask(ATTEST, await self._bank.challenge()))
        registration = await self._bank.register(certificate, attestation)
        self._memory.registered(registration)
        return registration

    async def add_card(self, token_id: bytes) -> bool:
        """Fetch a batch of keys for a token, the first one or the next.

        False if the watch is locked: it keeps the package and opens it at its next unlock; `collect_receipts` then
        tells the bank.
        """
        service = await self._bank.service()
        request = read_bytes(await self._ask(TOKEN_REQUEST, [token_id, service.issuer_id]))
        package = await self._bank.package(request)
        receipt = await self._ask(TOKEN_PACKAGE, package)
        if receipt is None:
            return False
        await self._bank.receipts([read_bytes(receipt)])
        return True

    async def collect_receipts(self) -> int:
        """Carry the receipts of packages opened since; returns how many."""
        receipts = read_list(await self._ask(RECEIPTS, None), "answered with no list of receipts")
        if receipts:
            await self._bank.receipts([read_bytes(receipt) for receipt in receipts])
        return len(receipts)

    async def deliver_notices(self) -> list[dict]:
        """Carry what the bank has for the watch; returns the payloads of notices and token states, oldest first.

        Licences and the revocation list come with them, as far as the watch takes them now.
        """
        if self._memory.registration is None:
            raise UserError("the watch is not registered with the bank", "register it first")
        await self.carry_app_payments()  # first: the bank's word on them is among the notices then
        delivered = []
        news = await self._bank.news(self._memory.registration, self._memory.last_notice, self._memory.last_parcel)
        for data in news.notices:
            payload = _payload(read_bytes(data))
            try:
                await self._ask(NOTICE, data)
                delivered.append(payload)
            except WatchRefused as refused:
                if refused.status != _TAKEN_BEFORE:
                    raise
            self._memory.delivered(payload[2])
        await self._carry(news.parcels)
        return delivered

    async def _carry(self, parcels: list[Parcel]) -> None:
        """Bring licences and the revocation list; what the watch has no room or no ear for now comes next time."""
        for parcel in parcels:
            if parcel.kind in _CARRIED:
                try:
                    await self._ask(parcel.kind, parcel.body)
                except WatchRefused as refused:
                    if refused.status not in SETTLED:
                        return
            self._memory.carried(parcel.number)

    async def bring_revocations(self) -> None:
        """Bring the newest revocation list that the bank knows, before anything is installed."""
        found = await self._bank.revocations()
        if found is None:
            return
        try:
            await self.apps.revoke(found)
        except WatchRefused as refused:
            if refused.status not in SETTLED:
                raise

    async def carry_app_payments(self) -> int:
        """Take to the bank what the wearer has agreed to pay in apps; returns how many it has answered.

        What the bank refuses as no payment is answered, too: it would refuse it again. A bank that is too busy, or
        whose database fails, has not answered.
        """
        carried, answered = 0, list[bytes]()
        while waiting := await self._app_payments(answered):
            answered = [hashlib.sha256(text.encode()).digest() for text, _ in waiting]
            for text, payment in waiting:
                await self._hand_in(text, payment)
            carried += len(waiting)
        return carried

    async def _hand_in(self, text: str, payment: bytes) -> None:
        try:
            await self._bank.merchant_payment(payment, text)
        except BankRefused as refused:
            if refused.status == _BUSY or refused.status >= _FAILED:
                raise

    async def _app_payments(self, answered: list[bytes]) -> list[tuple[str, bytes]]:
        """What waits, without what the bank has answered; nothing from a watch that does not know the message."""
        try:
            answer = await self._ask(APP_PAYMENTS, answered)
        except WatchRefused as refused:
            if refused.status != _UNKNOWN:
                raise
            return []
        return [read_app_payment(entry) for entry in read_list(answer, "did not list the payments of apps")]

    async def set_clock(self, seconds: int, utc_offset_min: int) -> None:
        """Set the time the watch shows: seconds since 1970, and minutes east of UTC."""
        await self._ask(SET_CLOCK, [seconds, utc_offset_min])

    async def wallet(self) -> list[CardStatus]:
        """The cards on the watch, in its order."""
        answer = await self._ask(WALLET, None)
        return [CardStatus.read(card) for card in read_list(answer, "did not list its cards")]

    async def deliver_art(self) -> int:
        """Bring the pictures that the cards on the watch lack; returns how many."""
        wanted = {card.lacks_art for card in await self.wallet() if card.lacks_art is not None}
        for digest in wanted:
            await self._send_art(digest, await self._bank.art(digest), _unseen)
        return len(wanted)

    async def bring_art(self, art: bytes, progress: Progress) -> None:
        """Bring a picture that a card names by its SHA-256. Raises WatchRefused if none does.

        Where the watch has lost the first parts meanwhile, it is sent once more.
        """
        digest = hashlib.sha256(art).digest()
        try:
            await self._send_art(digest, art, progress)
        except WatchRefused as refused:
            if refused.status != _OUT_OF_ORDER:
                raise
            await self._send_art(digest, art, progress)

    async def _send_art(self, digest: bytes, art: bytes, progress: Progress) -> None:
        for at in range(0, len(art), _ART_PART_BYTES):
            part = art[at : at + _ART_PART_BYTES]
            await self._ask(CARD_ART, [digest, at, len(art), part])
            progress(at + len(part), len(art))

    async def set_own_record(self, message: bytes | None) -> None:
        """Put an NDEF message on the watch's tag, or take it away; the watch must be unlocked."""
        await self._ask(OWN_RECORD, message)

    async def show_merchant_code(self, code: str) -> MerchantRequest:
        """Send the text of a merchant's QR code; the watch asks its wearer."""
        return MerchantRequest.read(await self._ask(MERCHANT_CODE, code))

    async def pay_merchant_code(self, code: str) -> str | None:
        """Take the payment to the bank once the wearer has agreed.

        Returns the bank's ISO 8583 response code, None while the wearer has not decided. Raises WatchRefused if they
        said no.
        """
        payment = await self._ask(MERCHANT_PAYMENT, hashlib.sha256(code.encode()).digest())
        return None if payment is None else await self._bank.merchant_payment(read_bytes(payment), code)


def _unseen(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def _payload(notice: bytes) -> dict:
    """The payload of a notice or token state; the number in key 2 is all the phone needs. The watch checks the rest."""
    try:
        payload = envelope.parse(notice).payload
    except envelope.SignatureProblem as error:
        raise UserError("the bank sent a notice that is no envelope", "is it a bank of this version?") from error
    if not isinstance(payload, dict) or not isinstance(payload.get(2), int):
        raise UserError("the bank sent a notice without number", "is it a bank of this version?")
    return payload
