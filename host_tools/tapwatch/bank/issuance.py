"""Batches of single-use keys: asked for, packed, confirmed, and dead.

One request per token is outstanding at a time. Its batch goes live on the watch's receipt, on the first valid
cryptogram from it, or when the watch's next request says that it holds the batch. A request that says it does not
replaces the batch, whose keys then die. No ATC is ever issued twice.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from tapwatch.bank import contents, history, limited_use, package, payloads
from tapwatch.bank.contents import IssuedKey
from tapwatch.bank.problems import RequestProblem, StateProblem, UnknownProblem
from tapwatch.bank.schema import atcs, batches
from tapwatch.bank.wallet import expiry_end, kill_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from tapwatch.bank.cryptograms import Cryptograms
    from tapwatch.bank.devices import Devices
    from tapwatch.bank.keyring import Keyring
    from tapwatch.bank.wallet import Token, Wallet

    NewBook = Callable[[Connection, bytes, int], Mapping[int, object] | None]

BATCH_KEYS = 10
BATCH_LIFE_S = 14 * 86_400
EXPRESS_KEYS = 4
"""Keys of an express batch, the most a package may hold."""
MAX_ATC = 0xFFFF
_REQUEST = {1: 8, 2: 8, 3: int, 4: int, 5: 16, 6: 8}
_RECEIPT = {1: 8, 2: 8, 3: int, 4: 16, 5: 32}


class Issuance:
    """The token service. Every method works inside the caller's transaction.

    Args:
        new_book: makes the payment codes map of a package, None for no codes.
        country: issuer country, ISO numeric.
    """

    def __init__(
        self,
        keyring: Keyring,
        devices: Devices,
        wallet: Wallet,
        cryptograms: Cryptograms,
        new_book: NewBook,
        country: int,
    ) -> None:
        self._keyring = keyring
        self._devices = devices
        self._wallet = wallet
        self._cryptograms = cryptograms
        self._new_book = new_book
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
        if token.state != "active":
            raise StateProblem(f"the token is {token.state}")
        if known is not None:
            return _repeat(known, request_hash)
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
        keys = self._keys(connection, token, payload[4], at)
        book = self._new_book(connection, token.id, at) if token.product.codes else None
        content = contents.plaintext(token, payload[3], keys, book, self._country, expires_at, at)
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
            "first_atc": keys[0].atc,
            "last_atc": keys[-1].atc,
            "expires_at": expires_at,
        }
        batch_id = connection.execute(insert(batches).values(**values).returning(batches.c.id)).scalar_one()
        common = {"token_id": token.id, "batch_id": batch_id, "state": "issued"}
        rows = [{**common, "atc": key.atc, "express": key.express, "key_index": key.index} for key in keys]
        connection.execute(insert(atcs), rows)
        history.record(connection, token.id, "keys", history.BANK, at)
        return sealed

    def _keys(self, connection: Connection, token: Token, highest_held: int, at: int) -> list[IssuedKey]:
        """New keys with ATCs above every one issued or held; the express ones have the highest."""
        count = BATCH_KEYS + (EXPRESS_KEYS if token.express_limits else 0)
        first = max(_highest_atc(connection, token.id), highest_held) + 1
        if first + count - 1 > MAX_ATC:
            raise StateProblem("the token has used up its transaction counter", "put the card on the watch again")
        indexes = _next_indexes(connection, token, count, at)
        keys = []
        for place, index in enumerate(indexes):
            secret = self._cryptograms.key(token.product, token.pan, token.psn, first + place, index)
            keys.append(IssuedKey(first + place, secret, place >= BATCH_KEYS, index))
        return keys


def _highest_atc(connection: Connection, token_id: bytes) -> int:
    return connection.execute(select(func.max(atcs.c.atc)).where(atcs.c.token_id == token_id)).scalar() or 0


def _next_indexes(connection: Connection, token: Token, count: int, at: int) -> Sequence[int | None]:
    """The next free key indexes of this hour, for a product that has them; each is given once in the token's life."""
    if not token.product.version.index_at:
        return [None] * count
    first = limited_use.first_index(at)
    end = first + limited_use.KEYS_PER_HOUR
    given = (atcs.c.token_id == token.id, atcs.c.key_index >= first, atcs.c.key_index < end)
    highest = connection.execute(select(func.max(atcs.c.key_index)).where(*given)).scalar()
    start = first if highest is None else highest + 1
    if start + count > end:
        raise StateProblem("the token has had all its keys of this hour", "ask again in the next hour")
    return range(start, start + count)


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
