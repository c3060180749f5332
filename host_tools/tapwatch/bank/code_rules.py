"""Limits of payments by codes that a merchant scans, 18 digits and EMV QR codes together.

The amount is not under such a code: the merchant alone says it. So these limits are low, and their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from tapwatch.bank import attempts, codes, declined
from tapwatch.bank.attempts import Attempt
from tapwatch.bank.code_schema import code_books
from tapwatch.bank.declined import Declined
from tapwatch.bank.schema import payments

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

_SCANNED = ("qr", "digits")


@dataclass(frozen=True)
class CodeAttempt(Attempt):
    """One payment with an 18-digit code to decide."""

    handle: Row
    """As `codes.handle_of` returns it."""


def check(connection: Connection, attempt: CodeAttempt) -> None:
    """Raises Declined with the code of the first rule that a payment with 18 digits breaks."""
    for rule in _RULES:
        rule(connection, attempt)


def presented(connection: Connection, attempt: Attempt) -> None:
    """Raises Declined over the limits of codes, for an EMV QR code: those of the token's newest book."""
    own = (code_books.c.token_id == attempt.token.id, code_books.c.valid_until >= attempt.at)
    book = connection.execute(select(code_books).where(*own).order_by(code_books.c.id.desc()).limit(1)).one_or_none()
    if book is None:
        _limited(connection, attempt, codes.PER_CODE_MINOR, codes.IN_ALL_MINOR, attempt.at - codes.VALID_S)
    else:
        _limited(connection, attempt, book.per_code, book.in_all, book.valid_from)


def _digits(connection: Connection, attempt: CodeAttempt) -> None:
    book = attempt.handle
    if not book.valid_from <= attempt.at <= book.valid_until:
        raise Declined(declined.EXPIRED, "the code's book has ended")
    _limited(connection, attempt, book.per_code, book.in_all, book.valid_from)


def _limited(connection: Connection, attempt: Attempt, per_code: int, in_all: int, since: int) -> None:
    if attempt.request.amount > per_code:
        raise Declined(declined.OVER_LIMIT, "over the limit for one code")
    scanned = and_(payments.c.channel.in_(_SCANNED), payments.c.at >= since)
    if attempts.sum_approved(connection, attempt, scanned)[1] + attempt.request.amount > in_all:
        raise Declined(declined.OVER_LIMIT, "over the limit for codes")


_RULES: tuple[Callable[[Connection, CodeAttempt], None], ...] = (
    attempts.purchase,
    attempts.watch,
    attempts.token,
    attempts.not_reversed,
    attempts.amount,
    _digits,
    attempts.day,
    attempts.funds,
)
