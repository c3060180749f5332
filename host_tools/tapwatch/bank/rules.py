"""Why a genuine cryptogram may still be declined: one function per rule, in the order they are asked.

Whatever they say, the ATC of the cryptogram is used up by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tapwatch.bank import declined
from tapwatch.bank.declined import Declined
from tapwatch.bank.profiles import PROFILES
from tapwatch.bank.schema import accounts, payments
from tapwatch.bank.wallet import expiry_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Row

    from tapwatch.bank.requests import PaymentRequest
    from tapwatch.bank.wallet import Token

_CONTACTLESS = "07"
"""First digits of field 22: contactless chip (ISO 8583:1987 amendment, EMV)."""
_APPROVED = ("held", "paid")
_DAY_S = 86_400


@dataclass(frozen=True)
class Case:
    """One payment to decide."""

    request: PaymentRequest
    token: Token
    batch: Row
    """The batch its ATC came from."""
    reversed_before: bool
    """True if its reversal arrived first."""
    at: int

    @property
    def cdcvm(self) -> bool:
        """True if the watch had verified its wearer."""
        return self.request.chip.cdcvm(PROFILES[self.token.profile])


def check(connection: Connection, case: Case) -> None:
    """Raises Declined with the code of the first rule that the payment breaks."""
    for rule in _RULES:
        rule(connection, case)


def _transaction(_: Connection, case: Case) -> None:
    if not case.request.purchase:
        raise Declined(declined.INVALID_TRANSACTION, "only purchases are offered")
    if not case.request.entry_mode.startswith(_CONTACTLESS):
        raise Declined(declined.WRONG_CHANNEL, "the token is for contactless taps alone")
    if not case.request.chip.request_cryptogram(PROFILES[case.token.profile]):
        raise Declined(declined.DO_NOT_HONOUR, "the card did not ask for approval")


def _token_usable(_: Connection, case: Case) -> None:
    if case.token.state != "active":
        raise Declined(declined.RESTRICTED, f"the token is {case.token.state}")
    if case.batch.device_id != case.token.device_id:
        raise Declined(declined.RESTRICTED, "the key was issued to another device")
    if case.request.expiry not in ("", case.token.expiry) or case.at >= expiry_end(case.token.expiry):
        raise Declined(declined.EXPIRED, "the token has expired, or the terminal read another expiry")
    if case.at > case.batch.expires_at:
        raise Declined(declined.EXPIRED, "the key has expired")


def _not_reversed(_: Connection, case: Case) -> None:
    if case.reversed_before:
        raise Declined(declined.NO_ACTION, "the reversal arrived first")


def _amount(_: Connection, case: Case) -> None:
    if case.request.amount <= 0:
        raise Declined(declined.INVALID_AMOUNT, "no amount")
    if case.request.currency != case.token.currency:
        raise Declined(declined.NOT_PERMITTED, "other currency than the account's")
    if case.request.amount > case.token.limits.per_tap:
        raise Declined(declined.OVER_LIMIT, "over the limit for one tap")


def _day(connection: Connection, case: Case) -> None:
    today = payments.c.at >= case.at - case.at % _DAY_S
    spent = _sum_approved(connection, case, today)[1]
    if spent + case.request.amount > case.token.limits.per_day:
        raise Declined(declined.OVER_LIMIT, "over the limit for one day")


def _without_cdcvm(connection: Connection, case: Case) -> None:
    if case.cdcvm:
        return
    limits = case.token.limits
    if case.request.amount > limits.per_tap_without_cdcvm:
        raise Declined(declined.VERIFY_FIRST, "over the limit for one tap without passcode")
    last = select(func.coalesce(func.max(payments.c.id), 0)).where(*_approved(case), payments.c.cdcvm)
    since = payments.c.id > connection.execute(last).scalar_one()
    taps, total = _sum_approved(connection, case, since)
    if taps >= limits.taps_without_cdcvm or total + case.request.amount > limits.sum_without_cdcvm:
        raise Declined(declined.VERIFY_FIRST, "too many taps without passcode")


def _funds(connection: Connection, case: Case) -> None:
    own = accounts.c.id == case.token.account
    if connection.execute(select(accounts.c.balance).where(own)).scalar_one() < case.request.amount:
        raise Declined(declined.NO_FUNDS, "not enough money")


_RULES: tuple[Callable[[Connection, Case], None], ...] = (
    _transaction,
    _token_usable,
    _not_reversed,
    _amount,
    _day,
    _without_cdcvm,
    _funds,
)


def _approved(case: Case) -> tuple:
    return payments.c.token_id == case.token.id, payments.c.state.in_(_APPROVED)


def _sum_approved(connection: Connection, case: Case, since: ColumnElement[bool]) -> tuple[int, int]:
    """Number and sum of the token's approved payments that `since` selects."""
    query = select(func.count(), func.coalesce(func.sum(payments.c.amount), 0)).where(*_approved(case), since)
    count, total = connection.execute(query).one()
    return count, int(total)
