"""Cards come to watches: the decision about a request, and its step-up by a one-time code.

The decision is `green` (the account holder is logged in: approved at once), `yellow` (a code decides) or `red`
(declined). What a request does in a state:

| state | challenge | right code | wrong code | ten minutes pass | the card is asked for again |
|---|---|---|---|---|---|
| started | challenged | refused | refused | expired | replaced |
| challenged | challenged | approved | challenged, failed at the third | expired | replaced |
| approved | refused | the same token | refused | expired for the code, the token stays | refused, the card is there |
| failed, expired, replaced | refused | refused | refused | | begins anew |
| declined | unknown | unknown | unknown | | begins anew |
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tapwatch.bank import customers, idv, risk
from tapwatch.bank.customer_schema import enrolments
from tapwatch.bank.problems import BusyProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.bank.risk import GREEN, RED, YELLOW
from tapwatch.bank.schema import cards

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.devices import Devices
    from tapwatch.bank.wallet import Wallet

LIFE_S = 600
MOST_WRONG = 3
MOST_SENT = 3
RESEND_S = 30
"""A message takes a while; who asks sooner has pressed twice."""
STARTED, CHALLENGED, APPROVED, DECLINED = "started", "challenged", "approved", "declined"
LIVE = (STARTED, CHALLENGED)
_ID_BYTES = 8
_OUTCOME = {GREEN: APPROVED, YELLOW: STARTED, RED: DECLINED}


@dataclass(frozen=True)
class Enrolment:
    """Where an enrolment stands."""

    id: bytes
    decision: str
    state: str
    methods: list[idv.StepUp]
    tries_left: int
    sends_left: int
    seconds_left: int
    token_id: bytes | None


class Enrolments:
    """Every method works inside the caller's transaction.

    Args:
        key: of the hashes of codes, from the key folder.
    """

    def __init__(self, wallet: Wallet, devices: Devices, key: bytes) -> None:
        self._wallet = wallet
        self._devices = devices
        self._key = key

    def begin(
        self, connection: Connection, device_id: bytes, card: Row | None, customer: int | None, at: int
    ) -> Enrolment:
        """Decide about a card for a watch; None is a card that is not ours. An older request for it ends.

        Raises StateProblem if the card is on the watch already.
        """
        if card is None:
            return Enrolment(secrets.token_bytes(_ID_BYTES), RED, DECLINED, [], 0, 0, 0, None)
        _replace(connection, device_id, card.id, at)
        decision = risk.decide(connection, self._devices, device_id, card, customer, at)
        enrolment_id = secrets.token_bytes(_ID_BYTES)
        values = {"id": enrolment_id, "device_id": device_id, "card_id": card.id, "at": at, "decision": decision}
        connection.execute(insert(enrolments).values(state=_OUTCOME[decision], **values))
        if decision == GREEN:
            self._approve(connection, enrolment_id, card.id, device_id, at)
        return self._facts(connection, _row(connection, device_id, enrolment_id), at)

    def get(self, connection: Connection, device_id: bytes, enrolment_id: bytes, at: int) -> Enrolment:
        """Return where an enrolment of that watch stands. Raises UnknownProblem, for declined ones as well."""
        row = _row(connection, device_id, enrolment_id)
        if row.state == DECLINED:
            raise UnknownProblem("there is no such enrolment")
        return self._facts(connection, row, at)

    def challenge(
        self, connection: Connection, device_id: bytes, enrolment_id: bytes, method: str, at: int
    ) -> Enrolment:
        """Send a code; one sent before is void. Raises UnknownProblem, RequestProblem, StateProblem, BusyProblem."""
        now = self.get(connection, device_id, enrolment_id, at)
        row = _row(connection, device_id, enrolment_id)
        if now.state not in LIVE:
            raise StateProblem(f"the enrolment is {now.state}", "add the card again")
        if method not in {one.method for one in now.methods}:
            raise RequestProblem("a code cannot be sent that way")
        if row.sent >= MOST_SENT:
            raise BusyProblem("no more codes are sent for this request", "add the card again")
        if row.sent and at < row.sent_at + RESEND_S:
            raise BusyProblem("a code was sent just now", f"wait {row.sent_at + RESEND_S - at} s")
        code = idv.new_code()
        card = _card(connection, row.card_id)
        holder = customers.owner_of(connection, card.account_id)
        if holder is None:
            raise StateProblem("the card has no holder who can be asked")
        idv.send(connection, holder, method, code, card.pan[-4:], at)
        values = {"state": CHALLENGED, "code_hash": idv.code_hash(self._key, enrolment_id, code)}
        _change(connection, enrolment_id, sent=row.sent + 1, sent_at=at, **values)
        return self.get(connection, device_id, enrolment_id, at)

    def answer(self, connection: Connection, device_id: bytes, enrolment_id: bytes, code: str, at: int) -> Enrolment:
        """Take a code. A wrong one is counted and no error, so that the count is kept.

        Raises UnknownProblem, RequestProblem for what cannot be a code, StateProblem when none is awaited.
        """
        now = self.get(connection, device_id, enrolment_id, at)
        row = _row(connection, device_id, enrolment_id)
        if len(code) != idv.CODE_DIGITS or not (code.isascii() and code.isdigit()):
            raise RequestProblem(f"a code has {idv.CODE_DIGITS} digits")
        awaited = now.state == CHALLENGED or (now.state == APPROVED and at < row.at + LIFE_S)
        if not awaited or row.code_hash is None:
            raise StateProblem(f"the enrolment is {now.state}", "ask for a code, or add the card again")
        right = hmac.compare_digest(row.code_hash, idv.code_hash(self._key, enrolment_id, code))
        if row.state == APPROVED:
            if not right:
                raise StateProblem("the enrolment is approved")
        elif right:
            self._decide_again(connection, row, at)
        else:
            failed = row.wrong + 1 >= MOST_WRONG
            _change(connection, enrolment_id, wrong=row.wrong + 1, state="failed" if failed else CHALLENGED)
        return self._facts(connection, _row(connection, device_id, enrolment_id), at)

    def _decide_again(self, connection: Connection, row: Row, at: int) -> None:
        """The holder agreed; what else was true when the request began must still be."""
        if risk.refused(connection, self._devices, row.device_id, _card(connection, row.card_id), at):
            _change(connection, row.id, state=DECLINED, decision=RED)
        else:
            self._approve(connection, row.id, row.card_id, row.device_id, at)

    def _approve(self, connection: Connection, enrolment_id: bytes, card: int, device_id: bytes, at: int) -> None:
        token_id = self._wallet.issue_token(connection, card, device_id, None, at)
        _change(connection, enrolment_id, state=APPROVED, token_id=token_id)

    @staticmethod
    def _facts(connection: Connection, row: Row, at: int) -> Enrolment:
        state = "expired" if row.state in LIVE and at >= row.at + LIFE_S else row.state
        live = state in LIVE
        holder = customers.owner_of(connection, _card(connection, row.card_id).account_id)
        return Enrolment(
            id=row.id,
            decision=row.decision,
            state=state,
            methods=idv.methods(holder) if live else [],
            tries_left=MOST_WRONG - row.wrong if live else 0,
            sends_left=MOST_SENT - row.sent if live else 0,
            seconds_left=row.at + LIFE_S - at if live else 0,
            token_id=row.token_id,
        )


def _row(connection: Connection, device_id: bytes, enrolment_id: bytes) -> Row:
    own = (enrolments.c.id == enrolment_id, enrolments.c.device_id == device_id)
    row = connection.execute(select(enrolments).where(*own)).one_or_none()
    if row is None:
        raise UnknownProblem("there is no such enrolment")
    return row


def _card(connection: Connection, card: int) -> Row:
    return connection.execute(select(cards).where(cards.c.id == card)).one()


def _replace(connection: Connection, device_id: bytes, card: int, at: int) -> None:
    own = (enrolments.c.device_id == device_id, enrolments.c.card_id == card, enrolments.c.state.in_(LIVE))
    stale = (*own, enrolments.c.at <= at - LIFE_S)
    connection.execute(update(enrolments).where(*stale).values(state="expired"))
    connection.execute(update(enrolments).where(*own).values(state="replaced"))


def _change(connection: Connection, enrolment_id: bytes, **values: object) -> None:
    connection.execute(update(enrolments).where(enrolments.c.id == enrolment_id).values(**values))
