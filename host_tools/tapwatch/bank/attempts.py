"""Rules that every payment must keep, whatever it was made with: a key or an 18-digit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tapwatch.bank import declined, device_states
from tapwatch.bank.declined import Declined
from tapwatch.bank.schema import accounts, payments
from tapwatch.bank.wallet import expiry_end

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from tapwatch.bank.requests import CodeRequest, PaymentRequest
    from tapwatch.bank.wallet import Token

_APPROVED = ("held", "paid")
_DAY_S = 86_400


@dataclass(frozen=True)
class Attempt:
    """One payment to decide."""

    request: PaymentRequest | CodeRequest
    token: Token
    reversed_before: bool
    """True if its reversal arrived first."""
    at: int


def purchase(_: Connection, attempt: Attempt) -> None:
    """Raises Declined for cash, refunds and the like."""
    if not attempt.request.purchase:
        raise Declined(declined.INVALID_TRANSACTION, "only purchases are offered")


def watch(connection: Connection, attempt: Attempt) -> None:
    """Raises Declined while the watch is lost."""
    device_states.check(connection, attempt.token.device_id)


def token(_: Connection, attempt: Attempt) -> None:
    """Raises Declined for a token that is suspended, deleted or too old."""
    if attempt.token.state != "active":
        raise Declined(declined.RESTRICTED, f"the token is {attempt.token.state}")
    if attempt.at >= expiry_end(attempt.token.expiry):
        raise Declined(declined.EXPIRED, "the token has expired")


def not_reversed(_: Connection, attempt: Attempt) -> None:
    """Raises Declined if the payment was undone before it came."""
    if attempt.reversed_before:
        raise Declined(declined.NO_ACTION, "the reversal arrived first")


def amount(_: Connection, attempt: Attempt) -> None:
    """Raises Declined for no amount, or one in another currency."""
    if attempt.request.amount <= 0:
        raise Declined(declined.INVALID_AMOUNT, "no amount")
    if attempt.request.currency != attempt.token.currency:
        raise Declined(declined.NOT_PERMITTED, "other currency than the account's")


def day(connection: Connection, attempt: Attempt) -> None:
    """Raises Declined over the limit of a day, which all payments of a token share."""
    today = payments.c.at >= attempt.at - attempt.at % _DAY_S
    spent = sum_approved(connection, attempt, today)[1]
    if spent + attempt.request.amount > attempt.token.limits.per_day:
        raise Declined(declined.OVER_LIMIT, "over the limit for one day")


def funds(connection: Connection, attempt: Attempt) -> None:
    """Raises Declined if there is not enough money."""
    own = accounts.c.id == attempt.token.account
    if connection.execute(select(accounts.c.balance).where(own)).scalar_one() < attempt.request.amount:
        raise Declined(declined.NO_FUNDS, "not enough money")


def approved(attempt: Attempt) -> tuple[ColumnElement[bool], ...]:
    """Conditions that select the token's approved payments."""
    return payments.c.token_id == attempt.token.id, payments.c.state.in_(_APPROVED)


def sum_approved(connection: Connection, attempt: Attempt, which: ColumnElement[bool]) -> tuple[int, int]:
    """Number and sum of the token's approved payments that `which` selects."""
    query = select(func.count(), func.coalesce(func.sum(payments.c.amount), 0)).where(*approved(attempt), which)
    count, total = connection.execute(query).one()
    return count, int(total)
