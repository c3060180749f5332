"""Why a genuine cryptogram may still be declined: one function per rule, in the order they are asked.

Whatever they say, the ATC of the cryptogram is used up by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from tapwatch.bank import declined
from tapwatch.bank.declined import Declined
from tapwatch.bank.limits import Limits
from tapwatch.bank.schema import accounts, atcs, payments
from tapwatch.bank.wallet import expiry_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Row

    from tapwatch.bank.requests import PaymentRequest
    from tapwatch.bank.wallet import Token

_APPROVED = ("held", "paid")
_NOTHING = Limits(0, 0, 0, 0, 0, 0, 0)
"""For an express key of a token without express limits: there is none."""
_DAY_S = 86_400


@dataclass(frozen=True)
class Case:
    """One payment to decide."""

    request: PaymentRequest
    token: Token
    key: Row
    """Its ATC as it was issued, and the batch it came in: state, express, batch_id, device_id, expires_at."""
    reversed_before: bool
    """True if its reversal arrived first."""
    at: int

    @property
    def cdcvm(self) -> bool:
        """True if the watch had verified its wearer."""
        return self.request.chip.cdcvm(self.token.product.version)


def check(connection: Connection, case: Case) -> None:
    """Raises Declined with the code of the first rule that the payment breaks."""
    for rule in _RULES:
        rule(connection, case)


def _transaction(_: Connection, case: Case) -> None:
    if not case.request.purchase:
        raise Declined(declined.INVALID_TRANSACTION, "only purchases are offered")
    if not case.request.entry_mode.startswith(case.token.product.profile.channels):
        raise Declined(declined.WRONG_CHANNEL, "the token may not be read that way")
    if not case.request.chip.request_cryptogram(case.token.product.version):
        raise Declined(declined.DO_NOT_HONOUR, "the card did not ask for approval")


def _token_usable(_: Connection, case: Case) -> None:
    if case.token.state != "active":
        raise Declined(declined.RESTRICTED, f"the token is {case.token.state}")
    if case.key.state == "expired":
        raise Declined(declined.EXPIRED, "the key died: its batch was replaced, or the watch had been copied")
    if case.key.device_id != case.token.device_id:
        raise Declined(declined.RESTRICTED, "the key was issued to another device")
    if case.request.expiry not in ("", case.token.expiry) or case.at >= expiry_end(case.token.expiry):
        raise Declined(declined.EXPIRED, "the token has expired, or the terminal read another expiry")
    if case.at > case.key.expires_at:
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


def _express(_: Connection, case: Case) -> None:
    if case.key.express and case.cdcvm:
        raise Declined(declined.NOT_PERMITTED, "an express key works without the wearer: it cannot have verified one")


def _without_cdcvm(connection: Connection, case: Case) -> None:
    if case.cdcvm:
        return
    limits = (case.token.express_limits if case.key.express else case.token.limits) or _NOTHING
    if case.request.amount > limits.per_tap_without_cdcvm:
        raise Declined(declined.VERIFY_FIRST, "over the limit for one tap without passcode")
    taps, total = _sum_approved(connection, case, _since_passcode(connection, case))
    if taps >= limits.taps_without_cdcvm or total + case.request.amount > limits.sum_without_cdcvm:
        raise Declined(declined.VERIFY_FIRST, "too many taps without passcode")


def _since_passcode(connection: Connection, case: Case) -> ColumnElement[bool]:
    """Selects the payments of the same kind, express or not, since the last one that shows a passcode.

    A watch opens a package only after a passcode, so an express batch is a fresh start for its own keys.
    """
    last = select(func.coalesce(func.max(payments.c.id), 0)).where(*_approved(case), payments.c.cdcvm)
    own = [atcs.c.token_id == case.token.id, atcs.c.express == case.key.express]
    if case.key.express:
        own.append(atcs.c.batch_id == case.key.batch_id)
    same_kind = payments.c.atc.in_(select(atcs.c.atc).where(*own))
    return and_(payments.c.id > connection.execute(last).scalar_one(), same_kind)


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
    _express,
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
