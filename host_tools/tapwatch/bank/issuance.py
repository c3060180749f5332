"""Batches of single-use keys: asked for, packed, confirmed, and dead.

One request per token is outstanding at a time. Its batch goes live on the watch's receipt, on the first valid
cryptogram from it, or when the watch's next request says that it holds the batch. A request that says it does not
replaces the batch, whose keys then die. No ATC is ever issued twice.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from tapwatch.bank import numbers, package, payloads
from tapwatch.bank.problems import RequestProblem, StateProblem, UnknownProblem
from tapwatch.bank.profiles import DKI, PROFILES
from tapwatch.bank.schema import atcs, batches
from tapwatch.bank.wallet import expiry_end, kill_batches

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.cryptograms import Cryptograms
    from tapwatch.bank.devices import Devices
    from tapwatch.bank.keyring import Keyring
    from tapwatch.bank.wallet import Token, Wallet

BATCH_KEYS = 10
BATCH_LIFE_S = 14 * 86_400
REFILL_AT = 4
"""Keys left at which the watch is to ask for more: a busy day's taps stay in hand while the phone is away."""
MAX_ATC = 0xFFFF
SERVICE_CODE = "201"  # ISO/IEC 7813: international, chip, normal authorisation, no restrictions
_REQUEST = {1: 8, 2: 8, 3: int, 4: int, 5: 16, 6: 8}
_RECEIPT = {1: 8, 2: 8, 3: int, 4: 16, 5: 32}


class Issuance:
    """The token service. Every method works inside the caller's transaction."""

    def __init__(
        self, keyring: Keyring, devices: Devices, wallet: Wallet, cryptograms: Cryptograms, country: int
    ) -> None:
        self._keyring = keyring
        self._devices = devices
        self._wallet = wallet
        self._cryptograms = cryptograms
        self._country = country

    def answer(self, connection: Connection, request: bytes, at: int) -> bytes:
        """Return the token package for a token-request envelope; the same bytes for the same request.

        Raises RequestProblem, AccessProblem, UnknownProblem, or StateProblem when no batch can be given now.
        """
        payload = self._signed(connection, request, "tapwatch/token-request", _REQUEST, at)
        if payload[6] != self._keyring.service.key_id:
            raise RequestProblem("the request is for another token service")
        token = self._token(connection, payload)
        request_hash = hashlib.sha256(payloads.parse(request).payload_bytes).digest()
        known = self._batch(connection, token.id, payload[5])
        if known is not None:
            return _repeat(known, request_hash)
        if token.state != "active":
            raise StateProblem(f"the token is {token.state}")
        self._settle_outstanding(connection, token.id, highest_held=payload[4])
        self._check_number(connection, token.id, payload[3])
        return self._issue(connection, token, payload, request_hash, at)

    def confirm(self, connection: Connection, receipt: bytes, at: int) -> None:
        """Take a receipt: its batch goes live. Harmless when repeated.

        Raises RequestProblem, AccessProblem, UnknownProblem, StateProblem for a batch that was replaced.
        """
        payload = self._signed(connection, receipt, "tapwatch/receipt", _RECEIPT, at)
        token = self._token(connection, payload)
        batch = self._batch(connection, token.id, payload[4])
        if batch is None or batch.number != payload[3]:
            raise UnknownProblem("there is no such batch")
        if hashlib.sha256(batch.package).digest() != payload[5]:
            raise RequestProblem("the receipt is for another package")
        if batch.state == "dead":
            raise StateProblem("that batch was replaced", "ask for a new one")
        go_live(connection, batch.id)

    def drop_outstanding(self, connection: Connection, device_id: bytes) -> None:
        """End the outstanding batches of a watch: it has a new receipt key and cannot open them."""
        kill_batches(connection, (batches.c.device_id == device_id) & (batches.c.state == "outstanding"))

    def _signed(self, connection: Connection, data: bytes, kind: str, shape: dict, at: int) -> dict:
        signer = payloads.parse(data).key_id
        payload = payloads.verified(data, self._devices.signer(connection, signer, at).public, kind, shape)
        if payload[1] != signer:
            raise RequestProblem("device id and signer differ")
        return payload

    def _token(self, connection: Connection, payload: dict) -> Token:
        token = self._wallet.token(connection, payload[2])
        if token.device_id != payload[1]:
            raise UnknownProblem("there is no such token")  # not: it is somebody else's
        return token

    @staticmethod
    def _batch(connection: Connection, token_id: bytes, nonce: bytes) -> Row | None:
        own = (batches.c.token_id == token_id, batches.c.nonce == nonce)
        return connection.execute(select(batches).where(*own)).one_or_none()

    @staticmethod
    def _settle_outstanding(connection: Connection, token_id: bytes, highest_held: int) -> None:
        own = (batches.c.token_id == token_id, batches.c.state == "outstanding")
        for batch in connection.execute(select(batches).where(*own)).all():
            if highest_held >= batch.first_atc:
                go_live(connection, batch.id)
            else:
                kill_batches(connection, batches.c.id == batch.id)

    @staticmethod
    def _check_number(connection: Connection, token_id: bytes, wanted: int) -> None:
        live = (batches.c.token_id == token_id, batches.c.state == "live")
        following = (connection.execute(select(func.max(batches.c.number)).where(*live)).scalar() or 0) + 1
        if wanted != following:
            raise StateProblem(f"batch {following} is next, not {wanted}", "an old copy of the watch asks like this")

    def _issue(self, connection: Connection, token: Token, payload: dict, request_hash: bytes, at: int) -> bytes:
        expires_at = min(at + BATCH_LIFE_S, expiry_end(token.expiry))
        if expires_at <= at:
            raise StateProblem("the token has expired", "put the card on the watch again")
        numbers_of_batch = self._next_atcs(connection, token.id, payload[4])
        content = self._content(token, payload[3], numbers_of_batch, expires_at, at)
        receipt_public = self._devices.get(connection, token.device_id).receipt_public
        sealed = package.seal(content, receipt_public, token.device_id, payload[5], self._keyring.service)
        values = {
            "token_id": token.id,
            "device_id": token.device_id,
            "number": payload[3],
            "nonce": payload[5],
            "request_hash": request_hash,
            "package": sealed,
            "state": "outstanding",
            "first_atc": numbers_of_batch[0],
            "last_atc": numbers_of_batch[-1],
            "expires_at": expires_at,
        }
        batch_id = connection.execute(insert(batches).values(**values).returning(batches.c.id)).scalar_one()
        rows = [{"token_id": token.id, "atc": atc, "batch_id": batch_id, "state": "issued"} for atc in numbers_of_batch]
        connection.execute(insert(atcs), rows)
        return sealed

    @staticmethod
    def _next_atcs(connection: Connection, token_id: bytes, highest_held: int) -> range:
        highest = connection.execute(select(func.max(atcs.c.atc)).where(atcs.c.token_id == token_id)).scalar() or 0
        first = max(highest, highest_held) + 1
        if first + BATCH_KEYS - 1 > MAX_ATC:
            raise StateProblem("the token has used up its transaction counter", "put the card on the watch again")
        return range(first, first + BATCH_KEYS)

    def _content(self, token: Token, number: int, atcs_: range, expires_at: int, at: int) -> dict[int, object]:
        """The plaintext of docs/formats.md, `tapwatch/token-package`."""
        profile = PROFILES[token.profile]
        keys = [[atc, self._cryptograms.session_key(profile, token.pan, token.psn, atc)] for atc in atcs_]
        return {
            1: token.id,
            2: number,
            3: token.profile,
            4: token.pan,
            5: token.expiry,
            6: token.psn,
            7: token.par,
            8: token.last_four,
            9: numbers.REQUESTOR_ID,
            10: token.label,
            11: token.currency,
            12: self._country,
            13: SERVICE_CODE,
            14: DKI,
            15: token.limits.to_format(),
            16: keys,
            17: expires_at,
            18: at,
            19: token.accent,
            20: profile.cvn,
            21: None,
            22: None,
            23: None,
            24: REFILL_AT,
        }


def go_live(connection: Connection, batch_id: int) -> None:
    """The watch has these keys: the whole batch is live."""
    connection.execute(update(batches).where(batches.c.id == batch_id).values(state="live"))
    issued = (atcs.c.batch_id == batch_id, atcs.c.state == "issued")
    connection.execute(update(atcs).where(*issued).values(state="live"))


def _repeat(batch: Row, request_hash: bytes) -> bytes:
    if batch.request_hash != request_hash:
        raise RequestProblem("another request had that nonce")
    if batch.state == "dead":
        raise StateProblem("that request was replaced by a later one", "ask with a new nonce")
    return batch.package
