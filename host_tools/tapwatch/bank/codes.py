"""Books of payment codes: 18 digits that a watch shows offline and the bank takes once (docs/formats.md).

A book comes with each batch of keys. It ends after a day at the latest, and before that when it can no longer be the
one on the watch: the bank keeps the newest book and the one of the batch that the watch held before, since the watch
goes on showing codes from that until the new package is installed.

The database holds handles and no seed. A seed is derived from a key in the key folder and a random salt.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, or_, select, update

from tapwatch.bank.code_schema import code_books, code_handles
from tapwatch.bank.schema import batches

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

PREFIX = "97"
"""First digits. 9 is for national use (ISO/IEC 7812-1), so no card number begins so; the wallets in use have 1 to 3."""
CODE_DIGITS = 18
HANDLE_DIGITS = CHECK_DIGITS = 8
CODES = 50
"""Codes in a book: the most docs/formats.md allows. A code is shown for a minute, so an hour of queueing is covered."""
VALID_S = 86_400
"""The longest docs/formats.md allows: a watch that meets its phone once a day always has codes."""
PER_CODE_MINOR = 20_000
"""Most that one code pays. The amount is not under the code, so this is what a dishonest merchant can take at once."""
IN_ALL_MINOR = 50_000
"""Most that the codes of one book pay together: what a stolen book is worth."""
WRONG_CHECKS = 3
"""Wrong checks after which a handle is dead. A guess is right with 3 in 10^8 (three minutes are good): 9 in 10^8 here.
Not 1, since an honest merchant may scan a code that has just run out."""
MINUTE_S = 60
_NEIGHBOURS = (-1, 0, 1)
"""Minutes accepted around the bank's own: a code is shown for one, and watches' clocks drift."""
_MODULUS = 10**8
_SALT_BYTES = 16
_NOBODY = bytes(32)
"""Seed for handles that do not exist, so that these take as long as others."""


@dataclass(frozen=True)
class Presented:
    """The handle of a code that was presented, if there is one, and whether its check was right."""

    handle: Row | None
    """A row of `code_handles` with `token_id`, and the limits and times of its book."""
    genuine: bool


class Codes:
    """Makes books and checks codes. Every method works inside the caller's transaction.

    Args:
        key: what seeds are derived from, 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def new_book(self, connection: Connection, token_id: bytes, at: int) -> dict[int, object]:
        """Make a book for the batch that is about to be issued; return the payment codes map of its package.

        Its handles are different from all that are alive; a seed that clashes is not used.
        """
        _sweep(connection, code_books.c.valid_until < at)
        _end_replaced(connection, token_id)
        while True:
            salt = secrets.token_bytes(_SALT_BYTES)
            seed = self._seed(token_id, salt)
            handles = [_digits(seed, b"handle", bytes((number,))) for number in range(CODES)]
            if _all_free(connection, token_id, handles):
                break
        values = {
            "token_id": token_id,
            "batch_number": _live_batch(connection, token_id) + 1,
            "salt": salt,
            "valid_from": at,
            "valid_until": at + VALID_S,
            "per_code": PER_CODE_MINOR,
            "in_all": IN_ALL_MINOR,
        }
        book = connection.execute(insert(code_books).values(**values).returning(code_books.c.id)).scalar_one()
        rows = [{"book_id": book, "number": i, "handle": one, "state": "live"} for i, one in enumerate(handles)]
        connection.execute(insert(code_handles), rows)
        return {1: PREFIX, 2: seed, 3: CODES, 4: at, 5: at + VALID_S, 6: PER_CODE_MINOR, 7: IN_ALL_MINOR}

    def look_up(self, connection: Connection, digits: str, at: int) -> Presented:
        """Find the handle of an 18-digit code and check the code. `digits` is text of 18 digits."""
        row = handle_of(connection, digits)
        seed = _NOBODY if row is None else self._seed(row.token_id, row.salt)
        number, handle = (0, "0" * HANDLE_DIGITS) if row is None else (row.number, row.handle)
        genuine = False
        for neighbour in _NEIGHBOURS:  # all three, whichever is right
            minute = (at // MINUTE_S + neighbour).to_bytes(4, "big")
            check = _digits(seed, b"code", bytes((number,)), handle.encode(), minute)
            genuine |= hmac.compare_digest(check, digits[-CHECK_DIGITS:])
        return Presented(row, genuine and row is not None)

    @staticmethod
    def count_wrong(connection: Connection, handle: Row) -> None:
        """Count a wrong check against a handle that is alive; the last one allowed kills it."""
        if handle.state != "live":
            return
        wrong = handle.wrong + 1
        values = {"wrong": wrong, "state": "dead" if wrong >= WRONG_CHECKS else "live"}
        connection.execute(update(code_handles).where(code_handles.c.id == handle.id).values(**values))

    @staticmethod
    def use(connection: Connection, handle: Row) -> None:
        """Mark a handle used, for good."""
        connection.execute(update(code_handles).where(code_handles.c.id == handle.id).values(state="used"))

    def _seed(self, token_id: bytes, salt: bytes) -> bytes:
        return hmac.digest(self._key, b"tapwatch code seed" + token_id + salt, "sha256")


def well_formed(digits: str) -> bool:
    """True if the text may be a code of this bank."""
    return len(digits) == CODE_DIGITS and digits.isascii() and digits.isdigit() and digits.startswith(PREFIX)


def handle_of(connection: Connection, digits: str) -> Row | None:
    """Return the handle that a well-formed code names, with its book, until that book ends; None if there is none."""
    handle = digits[len(PREFIX) : len(PREFIX) + HANDLE_DIGITS]
    book = (code_books.c.token_id, code_books.c.salt, code_books.c.valid_from, code_books.c.valid_until)
    limits = (code_books.c.per_code, code_books.c.in_all)
    joined = select(code_handles, *book, *limits).join(code_books, code_handles.c.book_id == code_books.c.id)
    alive = (code_handles.c.handle == handle, code_handles.c.state != "ended")
    return connection.execute(joined.where(*alive)).one_or_none()


def names(connection: Connection, digits: str, code_id: int) -> bool:
    """True if those 18 digits name the handle of row `code_id`, whatever their check is worth by now."""
    handle = connection.execute(select(code_handles.c.handle).where(code_handles.c.id == code_id)).scalar_one()
    return well_formed(digits) and digits[len(PREFIX) : len(PREFIX) + HANDLE_DIGITS] == handle


def _digits(seed: bytes, *parts: bytes) -> str:
    """Eight digits: the first 8 bytes of the HMAC, big-endian, modulo 10^8."""
    number = int.from_bytes(hmac.digest(seed, b"".join(parts), "sha256")[:8], "big") % _MODULUS
    return f"{number:0{HANDLE_DIGITS}d}"


def _all_free(connection: Connection, token_id: bytes, handles: list[str]) -> bool:
    """True if they differ from each other, from all that are alive, and from what the same token ever paid with.

    The last, because a notice names a payment by token and handle.
    """
    own = code_handles.c.book_id.in_(select(code_books.c.id).where(code_books.c.token_id == token_id))
    taken = select(func.count()).where(code_handles.c.handle.in_(handles), or_(code_handles.c.state != "ended", own))
    return len(set(handles)) == len(handles) and connection.execute(taken).scalar_one() == 0


def _live_batch(connection: Connection, token_id: bytes) -> int:
    """Number of the batch the watch is known to hold, 0 for none."""
    live = (batches.c.token_id == token_id, batches.c.state == "live")
    return connection.execute(select(func.max(batches.c.number)).where(*live)).scalar() or 0


def _end_replaced(connection: Connection, token_id: bytes) -> None:
    """End the token's books but the newest of the batch on the watch: the others are not there, or not any more."""
    held = _live_batch(connection, token_id)
    own = code_books.c.token_id == token_id
    newest = select(func.max(code_books.c.id)).where(own, code_books.c.batch_number == held)
    kept = connection.execute(newest).scalar() or 0
    _sweep(connection, and_(own, code_books.c.id != kept))


def _sweep(connection: Connection, which: ColumnElement[bool]) -> None:
    """End the books that `which` selects. Handles that paid stay, as what a payment was made with; others go."""
    ended = select(code_books.c.id).where(which)
    inside = code_handles.c.book_id.in_(ended)
    connection.execute(delete(code_handles).where(inside, code_handles.c.state.in_(("live", "dead"))))
    connection.execute(update(code_handles).where(inside, code_handles.c.state == "used").values(state="ended"))
    without = ~select(code_handles.c.id).where(code_handles.c.book_id == code_books.c.id).exists()
    connection.execute(delete(code_books).where(which, without))
