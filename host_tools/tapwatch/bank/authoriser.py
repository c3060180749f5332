"""Decides payments: whether the cryptogram is genuine, its ATC fresh, and the payment allowed.

An ATC is used up by the first genuine cryptogram, approved or not. A second one with other data can only come from a
copy of the watch or a replay: declined, the token suspended, the watch told. A cryptogram that is not genuine proves
nothing about the watch, so it changes nothing: otherwise anyone who has seen a token number could suspend it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from tapwatch.bank import declined, history, rules
from tapwatch.bank.declined import Declined
from tapwatch.bank.issuance import go_live
from tapwatch.bank.rules import Case
from tapwatch.bank.schema import atcs, batches, payments
from tapwatch.bank.wallet import expire_keys

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.closing import Closing
    from tapwatch.bank.cryptograms import Cryptograms
    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.requests import PaymentRequest
    from tapwatch.bank.wallet import Token, Wallet


@dataclass(frozen=True)
class Decision:
    """The end of a payment request."""

    code: str
    payment_id: int | None = None
    """None if the request used up no ATC."""
    reason: str = ""
    issuer_authentication: bytes = b""
    """Tag 91, for cards that check who answers."""


class Authoriser:
    """Every method works inside the caller's transaction."""

    def __init__(self, wallet: Wallet, cryptograms: Cryptograms, closing: Closing, outbox: Outbox) -> None:
        self._wallet = wallet
        self._cryptograms = cryptograms
        self._closing = closing
        self._outbox = outbox

    def decide(self, connection: Connection, request: PaymentRequest, reversed_before: bool, at: int) -> Decision:
        """Approve or decline, and do everything that follows from it."""
        try:
            token = self._genuine_token(connection, request)
            key = self._fresh_key(connection, request, token, at)
        except Declined as refusal:
            return Decision(refusal.code, None, str(refusal))
        self._use_atc(connection, token, request.chip.atc, key)
        case = Case(request, token, reversed_before, at, key)
        try:
            rules.check(connection, case)
        except Declined as refusal:
            return self._finish(connection, case, refusal.code, str(refusal))
        return self._finish(connection, case, declined.APPROVED, "")

    def suspect(self, connection: Connection, request: PaymentRequest, at: int) -> Decision:
        """Judge a request that has the numbers of an earlier one but other content: a clone, or only a duplicate."""
        try:
            self._fresh_key(connection, request, self._genuine_token(connection, request), at)
        except Declined as refusal:
            if refusal.code == declined.SUSPECTED_FRAUD:
                return Decision(refusal.code, None, str(refusal))
        return Decision(declined.DUPLICATE, None, "numbers of an earlier request, other content")

    def _genuine_token(self, connection: Connection, request: PaymentRequest) -> Token:
        token = self._wallet.token_by_pan(connection, request.pan)
        if token is None:
            raise Declined(declined.UNKNOWN_CARD, "no such token")
        if not self._cryptograms.genuine(token.product, token.pan, token.psn, request.chip):
            raise Declined(declined.BAD_CRYPTOGRAM, "the cryptogram is not genuine")
        return token

    def _fresh_key(self, connection: Connection, request: PaymentRequest, token: Token, at: int) -> Row:
        """Return the key of an ATC that was issued and is unused, with its batch. It may have died since."""
        own = (atcs.c.token_id == token.id, atcs.c.atc == request.chip.atc)
        columns = (atcs, batches.c.device_id, batches.c.expires_at, batches.c.state.label("batch_state"))
        key = connection.execute(select(*columns).select_from(atcs.join(batches)).where(*own)).one_or_none()
        if key is None:
            raise Declined(declined.BAD_CRYPTOGRAM, "that ATC was never issued")
        if key.state == "used" and request.channel == "qr" and _same_code(connection, request, token):
            raise Declined(declined.DUPLICATE, "that code was used before")  # a merchant scanned it twice
        if key.state == "used" or request.chip.key_index(token.product.version) != key.key_index:
            self._clone(connection, token, at)
            reason = "that ATC was used before" if key.state == "used" else "the key belongs to another ATC"
            raise Declined(declined.SUSPECTED_FRAUD, reason)
        return key

    @staticmethod
    def _use_atc(connection: Connection, token: Token, atc: int, key: Row) -> None:
        if key.batch_state == "outstanding":
            go_live(connection, key.batch_id)
        own = (atcs.c.token_id == token.id, atcs.c.atc == atc)
        connection.execute(update(atcs).where(*own).values(state="used"))

    def _finish(self, connection: Connection, case: Case, code: str, reason: str) -> Decision:
        request, token = case.request, case.token
        payment_id = self._closing.by_atc(connection, request, token, case.cdcvm, code, case.at)
        return Decision(code, payment_id, reason, self._authenticated(request, token, code))

    def _authenticated(self, request: PaymentRequest, token: Token, code: str) -> bytes:
        if not token.product.profile.answers_card:
            return b""
        return self._cryptograms.issuer_authentication(token.product, token.pan, token.psn, request.chip, code)

    def _clone(self, connection: Connection, token: Token, at: int) -> None:
        """Suspend and tell, once: a replayed message must not fill the outbox.

        Whoever has one key of the watch may have all of them: they end here, so that resuming the token does not bring
        them back. The watch asks for a new batch then.

        The watch is told the token's state, not that a payment was declined: a notice names its payment by ATC, and
        the honest payment with this ATC may have been approved.
        """
        if token.state == "active":
            self._wallet.change_state(connection, token.id, "suspended", history.BANK, at)
            expire_keys(connection, atcs.c.token_id == token.id)
            self._outbox.token_state(connection, token.device_id, token.id, "suspended", at)


def _same_code(connection: Connection, request: PaymentRequest, token: Token) -> bool:
    """True if the key of this ATC made the very code that is presented again."""
    own = (payments.c.token_id == token.id, payments.c.atc == request.chip.atc, payments.c.channel == "qr")
    known = connection.execute(select(payments.c.cryptogram).where(*own)).scalar() or b""
    return hmac.compare_digest(known, request.chip.tags["9F26"])
