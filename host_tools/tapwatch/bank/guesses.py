"""Who guesses: after too many wrong codes within an hour nothing of the same subject is looked at for an hour.

A subject is a merchant, who is an acquirer and its merchant number, so another terminal of the same shop does not start
anew; or what a customer's name is guessed at with, or a watch that tries card numbers.
"""

from __future__ import annotations

import hashlib
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
_SUBJECT_DIGITS = 32


def merchant(request: AcquirerRequest) -> str:
    """Return the subject of a merchant's wrong codes."""
    return f"{request.identity.acquirer}/{request.merchant_id}"


def subject(kind: str, about: bytes) -> str:
    """Return the subject of other guesses, of any length of `about`; no merchant's can be the same."""
    return f"{kind}:{hashlib.sha256(about).hexdigest()[:_SUBJECT_DIGITS]}"


def blocked(connection: Connection, who: str, at: int) -> bool:
    """True while nothing of that subject is looked at."""
    own = code_guesses.c.merchant == who
    newest = select(code_guesses.c.at).where(own).order_by(code_guesses.c.id.desc()).limit(MOST_WRONG)
    times = list(connection.execute(newest).scalars())
    return len(times) == MOST_WRONG and times[0] - times[-1] < WINDOW_S and at < times[0] + BLOCK_S


def count(connection: Connection, who: str, at: int) -> None:
    """Count one wrong guess against the subject. What is too old to matter is forgotten."""
    connection.execute(delete(code_guesses).where(code_guesses.c.at < at - WINDOW_S - BLOCK_S))
    connection.execute(insert(code_guesses).values(merchant=who, at=at))


def forgive(connection: Connection, who: str) -> None:
    """Forget the guesses of a subject that has got it right."""
    connection.execute(delete(code_guesses).where(code_guesses.c.merchant == who))
