"""Why a genuine cryptogram may still be declined: one function per rule, in the order they are asked.

Whatever they say, the ATC of the cryptogram is used up by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from tapwatch.bank import attempts, code_rules, declined
from tapwatch.bank.attempts import Attempt
from tapwatch.bank.code_schema import merchant_payments
from tapwatch.bank.declined import Declined
from tapwatch.bank.limits import Limits
from tapwatch.bank.schema import atcs, payments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Connection, Row

    from tapwatch.bank.requests import PaymentRequest

_NOTHING = Limits(0, 0, 0, 0, 0, 0, 0)
"""For an express key of a token without express limits: there is none."""


@dataclass(frozen=True)
class Case(Attempt):
    """One payment with a single-use key to decide."""

    request: PaymentRequest
    key: Row
    """Its ATC as it was issued, and the batch it came in: state, express, batch_id, device_id, expires_at."""

    @property
    def cdcvm(self) -> bool:
        """True if the watch had verified its wearer."""
        return self.request.chip.cdcvm(self.token.product.version)


def check(connection: Connection, case: Case) -> None:
    """Raises Declined with the code of the first rule that the payment breaks."""
    for rule in _RULES[case.request.channel]:
        rule(connection, case)


def _reader(_: Connection, case: Case) -> None:
    if not case.request.entry_mode.startswith(case.token.product.profile.channels):
        raise Declined(declined.WRONG_CHANNEL, "the token may not be read that way")


def _codes_offered(_: Connection, case: Case) -> None:
    if not case.token.product.codes:
        raise Declined(declined.WRONG_CHANNEL, "the token does not pay by codes")


def _not_express(_: Connection, case: Case) -> None:
    if case.key.express:
        raise Declined(declined.NOT_PERMITTED, "an express key is for gates")


def _asked(_: Connection, case: Case) -> None:
    if not case.request.chip.request_cryptogram(case.token.product.version):
        raise Declined(declined.DO_NOT_HONOUR, "the card did not ask for approval")


def _key_usable(_: Connection, case: Case) -> None:
    if case.key.state == "expired":
        raise Declined(declined.EXPIRED, "the key died: its batch was replaced, or the watch had been copied")
    if case.key.device_id != case.token.device_id:
        raise Declined(declined.RESTRICTED, "the key was issued to another device")
    if case.request.expiry not in ("", case.token.expiry):
        raise Declined(declined.EXPIRED, "the terminal read another expiry")
    if case.at > case.key.expires_at:
        raise Declined(declined.EXPIRED, "the key has expired")


def _bill_open(connection: Connection, case: Case) -> None:
    paid = select(merchant_payments.c.bill).where(merchant_payments.c.bill == case.request.bill)
    if case.request.bill and connection.execute(paid).first() is not None:
        raise Declined(declined.DUPLICATE, "that bill was paid before")


def _per_tap(_: Connection, case: Case) -> None:
    if case.request.amount > case.token.limits.per_tap:
        raise Declined(declined.OVER_LIMIT, "over the limit for one tap")


def _express(_: Connection, case: Case) -> None:
    if case.key.express and case.cdcvm:
        raise Declined(declined.NOT_PERMITTED, "an express key works without the wearer: it cannot have verified one")


def _without_cdcvm(connection: Connection, case: Case) -> None:
    if case.cdcvm:
        return
    limits = (case.token.express_limits if case.key.express else case.token.limits) or _NOTHING
    if case.request.amount > limits.per_tap_without_cdcvm:
        raise Declined(declined.VERIFY_FIRST, "over the limit for one tap without passcode")
    taps, total = attempts.sum_approved(connection, case, _since_passcode(connection, case))
    if taps >= limits.taps_without_cdcvm or total + case.request.amount > limits.sum_without_cdcvm:
        raise Declined(declined.VERIFY_FIRST, "too many taps without passcode")


def _since_passcode(connection: Connection, case: Case) -> ColumnElement[bool]:
    """Selects the payments of the same kind, express or not, since the last one that shows a passcode.

    A watch opens a package only after a passcode, so an express batch is a fresh start for its own keys.
    """
    last = select(func.coalesce(func.max(payments.c.id), 0)).where(*attempts.approved(case), payments.c.cdcvm)
    own = [atcs.c.token_id == case.token.id, atcs.c.express == case.key.express]
    if case.key.express:
        own.append(atcs.c.batch_id == case.key.batch_id)
    same_kind = payments.c.atc.in_(select(atcs.c.atc).where(*own))
    return and_(payments.c.id > connection.execute(last).scalar_one(), same_kind)


_BEFORE = (_asked, attempts.watch, attempts.token, _key_usable, attempts.not_reversed, attempts.amount)
_TAPPED = (_per_tap, attempts.day, _express, _without_cdcvm, attempts.funds)
_SCANNED = (_codes_offered, _not_express, code_rules.presented, attempts.day, attempts.funds)
_RULES: Mapping[str, tuple[Callable[[Connection, Case], None], ...]] = {
    "tap": (attempts.purchase, _reader, *_BEFORE, *_TAPPED),
    "qr": (attempts.purchase, *_BEFORE, *_SCANNED),
    "remote": (attempts.purchase, _not_express, _bill_open, *_BEFORE, *_TAPPED),
}
"""By channel of the request, in the order they are asked."""
