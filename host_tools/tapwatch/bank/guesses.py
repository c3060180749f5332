"""Merchants who present wrong codes: after too many within an hour no code of theirs is looked at for an hour.

A merchant is an acquirer and its merchant number, so another terminal of the same shop does not start anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from tapwatch.bank.code_schema import code_guesses

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.requests import AcquirerRequest

WINDOW_S = 3600
MOST_WRONG = 10
"""Wrong codes of any kind within the window. A busy till misreads a few a day. A guesser gets at most 240 a day from
one merchant, each right with 3 in 10^8 even if it hits a handle that is alive."""
BLOCK_S = 3600


def blocked(connection: Connection, request: AcquirerRequest, at: int) -> bool:
    """True while the codes of that merchant are refused."""
    own = code_guesses.c.merchant == _merchant(request)
    newest = select(code_guesses.c.at).where(own).order_by(code_guesses.c.id.desc()).limit(MOST_WRONG)
    times = list(connection.execute(newest).scalars())
    return len(times) == MOST_WRONG and times[0] - times[-1] < WINDOW_S and at < times[0] + BLOCK_S


def count(connection: Connection, request: AcquirerRequest, at: int) -> None:
    """Count one wrong code against the merchant. What is too old to matter is forgotten."""
    connection.execute(delete(code_guesses).where(code_guesses.c.at < at - WINDOW_S - BLOCK_S))
    connection.execute(insert(code_guesses).values(merchant=_merchant(request), at=at))


def _merchant(request: AcquirerRequest) -> str:
    return f"{request.identity.acquirer}/{request.merchant_id}"
