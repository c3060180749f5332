"""Decides payments: whether the cryptogram is genuine, its ATC fresh, and the payment allowed.

An ATC is used up by the first genuine cryptogram, approved or not. A second one with other data can only come from a
copy of the watch or a replay: declined, the token suspended, the watch told. A cryptogram that is not genuine proves
nothing about the watch, so it changes nothing: otherwise anyone who has seen a token number could suspend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tapwatch.bank import declined, rules
from tapwatch.bank.declined import Declined
from tapwatch.bank.issuance import go_live
from tapwatch.bank.profiles import PROFILES
from tapwatch.bank.rules import Case
from tapwatch.bank.schema import atcs, batches, payments

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.cryptograms import Cryptograms
    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.requests import PaymentRequest
    from tapwatch.bank.settlement import Settlement
    from tapwatch.bank.wallet import Token, Wallet


@dataclass(frozen=True)
class Decision:
    """The end of a payment request."""

    code: str
    payment_id: int | None = None
    """None if the request used up no ATC."""
    reason: str = ""


class Authoriser:
    """Every method works inside the caller's transaction."""

    def __init__(self, wallet: Wallet, cryptograms: Cryptograms, settlement: Settlement, outbox: Outbox) -> None:
        self._wallet = wallet
        self._cryptograms = cryptograms
        self._settlement = settlement
        self._outbox = outbox

    def decide(self, connection: Connection, request: PaymentRequest, reversed_before: bool, at: int) -> Decision:
        """Approve or decline, and do everything that follows from it."""
        try:
            token = self._genuine_token(connection, request)
            batch = self._fresh_atc(connection, request, token, at)
        except Declined as refusal:
            return Decision(refusal.code, None, str(refusal))
        self._use_atc(connection, token, request.chip.atc, batch)
        case = Case(request, token, batch, reversed_before, at)
        try:
            rules.check(connection, case)
        except Declined as refusal:
            return self._finish(connection, case, "declined", refusal.code, str(refusal))
        return self._finish(connection, case, "held" if request.hold_only else "paid", declined.APPROVED, "")

    def suspect(self, connection: Connection, request: PaymentRequest, at: int) -> Decision:
        """Judge a request that has the numbers of an earlier one but other content: a clone, or only a duplicate."""
        try:
            self._fresh_atc(connection, request, self._genuine_token(connection, request), at)
        except Declined as refusal:
            if refusal.code == declined.SUSPECTED_FRAUD:
                return Decision(refusal.code, None, str(refusal))
        return Decision(declined.DUPLICATE, None, "numbers of an earlier request, other content")

    def _genuine_token(self, connection: Connection, request: PaymentRequest) -> Token:
        token = self._wallet.token_by_pan(connection, request.pan)
        if token is None:
            raise Declined(declined.UNKNOWN_CARD, "no such token")
        if not self._cryptograms.genuine(PROFILES[token.profile], token.pan, token.psn, request.chip):
            raise Declined(declined.BAD_CRYPTOGRAM, "the cryptogram is not genuine")
        return token

    def _fresh_atc(self, connection: Connection, request: PaymentRequest, token: Token, at: int) -> Row:
        """Return the batch of an ATC that was issued and is unused."""
        own = (atcs.c.token_id == token.id, atcs.c.atc == request.chip.atc)
        state = connection.execute(select(atcs.c.state).where(*own)).scalar()
        if state is None:
            raise Declined(declined.BAD_CRYPTOGRAM, "that ATC was never issued")
        if state == "used":
            self._clone(connection, token, at)
            raise Declined(declined.SUSPECTED_FRAUD, "that ATC was used before")
        if state == "expired":
            raise Declined(declined.EXPIRED, "the key is of a batch that was replaced")
        joined = select(batches).join(atcs, atcs.c.batch_id == batches.c.id).where(*own)
        return connection.execute(joined).one()

    @staticmethod
    def _use_atc(connection: Connection, token: Token, atc: int, batch: Row) -> None:
        if batch.state == "outstanding":
            go_live(connection, batch.id)
        own = (atcs.c.token_id == token.id, atcs.c.atc == atc)
        connection.execute(update(atcs).where(*own).values(state="used"))

    def _finish(self, connection: Connection, case: Case, state: str, code: str, reason: str) -> Decision:
        request, token = case.request, case.token
        merchant = self._settlement.merchant(connection, request.identity.acquirer, request.merchant_id, token.currency)
        row = insert(payments).values(
            token_id=token.id,
            atc=request.chip.atc,
            amount=request.amount,
            currency=request.currency,
            customer_account=token.account,
            merchant_account=merchant,
            merchant_name=request.merchant_name,
            cdcvm=case.cdcvm,
            state=state,
            response=code,
            at=case.at,
        ).returning(payments.c.id)
        payment_id = connection.execute(row).scalar_one()
        if code == declined.APPROVED:
            self._settlement.take(connection, payment_id, request.hold_only, case.at)
        self._tell(connection, request, token, code, case.at)
        return Decision(code, payment_id, reason)

    def _clone(self, connection: Connection, token: Token, at: int) -> None:
        """Suspend and tell, once: a replayed message must not fill the outbox.

        The watch is told the token's state, not that a payment was declined: a notice names its payment by ATC, and
        the honest payment with this ATC may have been approved.
        """
        if token.state == "active":
            self._wallet.change_state(connection, token.id, "suspended")
            self._outbox.token_state(connection, token.device_id, token.id, "suspended", at)

    def _tell(self, connection: Connection, request: PaymentRequest, token: Token, code: str, at: int) -> None:
        self._outbox.payment(
            connection,
            token.device_id,
            token.id,
            request.chip.atc,
            code,
            request.amount,
            request.currency,
            request.merchant_name,
            at,
        )
