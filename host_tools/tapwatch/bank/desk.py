"""Answers acquirers: finds repeats, brings reversals and advices to their original, keeps every answer.

Everything that follows from one message, its answer included, is one transaction.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tapwatch.acquiring import icc, masking, spec
from tapwatch.acquiring.problems import MessageProblem
from tapwatch.bank import codes, declined, requests
from tapwatch.bank.authoriser import Decision
from tapwatch.bank.problems import StoreProblem
from tapwatch.bank.requests import CodeRequest, PaymentRequest
from tapwatch.bank.schema import exchanges

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from tapwatch.bank.authoriser import Authoriser
    from tapwatch.bank.code_desk import CodeDesk
    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.requests import AcquirerRequest, Identity
    from tapwatch.bank.settlement import Settlement
    from tapwatch.bank.store import Store
    from tapwatch.bank.wallet import Wallet

_log = logging.getLogger(__name__)
_ECHOED = ("2", "3", "4", "7", "11", "12", "13", "32", "37", "41", "42", "49", "70")


class Desk:
    """The bank's counter for acquirers. Safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        authoriser: Authoriser,
        code_desk: CodeDesk,
        settlement: Settlement,
        wallet: Wallet,
        outbox: Outbox,
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._authoriser = authoriser
        self._codes = code_desk
        self._settlement = settlement
        self._wallet = wallet
        self._outbox = outbox
        self._clock = clock

    def answer_bytes(self, message: bytes) -> bytes | None:
        """Return the answer to one message; None if it is not even the beginning of a request."""
        try:
            fields = spec.decode(message)
        except MessageProblem as problem:
            _log.warning("malformed message: %s", problem)
            answer_type = spec.ANSWERS.get(message[:4].decode("ascii", "replace"))
            return None if answer_type is None else spec.encode({"t": answer_type, "39": declined.FORMAT_ERROR})
        return None if fields["t"] not in spec.ANSWERS else spec.encode(self.answer(fields))

    def answer(self, fields: spec.Fields) -> spec.Fields:
        """Return the answer to a request whose type is one of `spec.ANSWERS`."""
        _log.info("request %s", masking.describe(fields))
        if fields["t"] == "0800":
            return _reply(fields, declined.APPROVED)
        try:
            at = self._clock()
            request = requests.read(fields, at)
            with self._store.write() as connection:
                answer = self._answer_once(connection, fields, request, at)
        except MessageProblem as problem:
            _log.warning("refused: %s", problem)
            answer = _reply(fields, declined.FORMAT_ERROR)
        except StoreProblem as problem:
            _log.error("%s", problem)
            answer = _reply(fields, declined.MALFUNCTION)
        _log.info("answer  %s", masking.describe(answer))
        return answer

    def _answer_once(
        self, connection: Connection, fields: spec.Fields, request: AcquirerRequest, at: int
    ) -> spec.Fields:
        known = _find(connection, request.kind, request.identity)
        if known is not None and known.content_hash == request.content_hash:
            return _repeated(fields, request, known.answer)
        if known is not None:
            return _reply(fields, self._other_content(connection, request, at).code)
        decision = self._decide(connection, request, at)
        if decision.reason:
            _log.info("declined %s: %s", decision.code, decision.reason)
        answer = _reply(fields, decision.code, decision.payment_id)
        if decision.issuer_authentication:
            answer["55"] = icc.encode({"91": decision.issuer_authentication}).hex().upper()
        self._keep(connection, request, decision, answer, at)
        return answer

    def _decide(self, connection: Connection, request: AcquirerRequest, at: int) -> Decision:
        if isinstance(request, (PaymentRequest, CodeRequest)):
            return self._pay(connection, request, at)
        original = _find(connection, "payment", request.original)
        if original is None:
            return self._await_original(connection, request)
        if original.payment_id is None:  # declined before it used up an ATC: no money to move
            return Decision(declined.APPROVED if request.kind == "reversal" else declined.NO_ACTION)
        if not self._same_payment(connection, original.payment_id, request):
            return Decision(declined.UNKNOWN_ORIGINAL, None, "the original is of another token or currency")
        if request.kind == "advice":
            return Decision(self._settlement.capture(connection, original.payment_id, request.amount, at))
        return self._reverse(connection, original.payment_id, request, at)

    def _pay(self, connection: Connection, request: PaymentRequest | CodeRequest, at: int) -> Decision:
        early = _early(connection, request)
        reversed_before = any(row.kind == "reversal" for row in early)
        if isinstance(request, CodeRequest) or request.channel == "qr":
            decision = self._codes.decide(connection, request, reversed_before, at)
        else:
            decision = self._authoriser.decide(connection, request, reversed_before, at)
        if decision.code == declined.APPROVED and decision.payment_id is not None:
            for row in early:  # an advice: its reversal would have declined the payment
                self._settlement.capture(connection, decision.payment_id, row.amount, at)
        return decision

    def _await_original(self, connection: Connection, request: AcquirerRequest) -> Decision:
        """A message that overtook its original is kept; the original finds it when it comes.

        That goes for every 18-digit code: an answer that depended on it would tell which handles are alive.
        """
        if not codes.well_formed(request.pan) and self._wallet.token_by_pan(connection, request.pan) is None:
            return Decision(declined.UNKNOWN_CARD, None, "no such token")
        return Decision(declined.APPROVED)

    def _same_payment(self, connection: Connection, payment_id: int, request: AcquirerRequest) -> bool:
        payment = self._settlement.payment(connection, payment_id)
        if payment.code_id is not None:
            return payment.currency == request.currency and codes.names(connection, request.pan, payment.code_id)
        token = self._wallet.token_by_pan(connection, request.pan)
        return token is not None and (payment.token_id, payment.currency) == (token.id, request.currency)

    def _reverse(self, connection: Connection, payment_id: int, request: AcquirerRequest, at: int) -> Decision:
        payment = self._settlement.payment(connection, payment_id)
        if request.amount != payment.amount:
            return Decision(declined.INVALID_AMOUNT, None, "only whole payments are reversed")
        if self._settlement.give_back(connection, payment_id, at):
            self._outbox.payment(connection, payment_id, declined.NO_ACTION, at)
        return Decision(declined.APPROVED)

    def _other_content(self, connection: Connection, request: AcquirerRequest, at: int) -> Decision:
        if isinstance(request, PaymentRequest):
            return self._authoriser.suspect(connection, request, at)
        return Decision(declined.DUPLICATE)

    @staticmethod
    def _keep(
        connection: Connection, request: AcquirerRequest, decision: Decision, answer: spec.Fields, at: int
    ) -> None:
        row = insert(exchanges).values(
            kind=request.kind,
            identity=request.identity.key,
            original=request.original.key,
            content_hash=request.content_hash,
            pan=request.pan,
            amount=request.amount,
            payment_id=decision.payment_id,
            answer=answer,
            at=at,
        )
        connection.execute(row)


def _find(connection: Connection, kind: str, identity: Identity) -> Row | None:
    own = (exchanges.c.kind == kind, exchanges.c.identity == identity.key)
    return connection.execute(select(exchanges).where(*own)).one_or_none()


def _early(connection: Connection, request: AcquirerRequest) -> list[Row]:
    """Accepted advices and reversals of a payment that came before it, oldest first."""
    own = (exchanges.c.original == request.identity.key, exchanges.c.kind != "payment")
    same = exchanges.c.pan == request.pan
    rows = connection.execute(select(exchanges).where(*own, same).order_by(exchanges.c.id)).all()
    return [row for row in rows if row.answer["39"] == declined.APPROVED]


def _repeated(fields: spec.Fields, request: AcquirerRequest, stored: spec.Fields) -> spec.Fields:
    """The stored answer; but the yes to a 0100, which only holds money, is none to a 0200."""
    answer_type = spec.ANSWERS[fields["t"]]
    if request.kind == "payment" and stored["t"] != answer_type:
        return _reply(fields, declined.DUPLICATE)
    return {**stored, "t": answer_type}


def _reply(fields: spec.Fields, code: str, payment_id: int | None = None) -> spec.Fields:
    answer = {name: fields[name] for name in _ECHOED if name in fields}
    answer.update({"t": spec.ANSWERS[fields["t"]], "39": code})
    if code == declined.APPROVED and payment_id is not None:
        answer["38"] = f"{payment_id % 1_000_000:06d}"
    return answer
