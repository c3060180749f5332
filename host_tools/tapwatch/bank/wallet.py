"""Customers' accounts, cards, and the tokens that stand for a card on one watch."""

from __future__ import annotations

import calendar
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tapwatch.bank import history, numbers
from tapwatch.bank.limits import Limits
from tapwatch.bank.problems import AccessProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.bank.products import PRODUCTS, product_named
from tapwatch.bank.schema import accounts, atcs, batches, cards, devices, tokens

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row, Select, Table

    from tapwatch.bank.ledger import Ledger
    from tapwatch.bank.products import Product

TOKEN_YEARS = 3
_PSN = 1
_TOKEN_ID_BYTES = 8
_TILL = "bank"
_MAX_LABEL_BYTES = 32  # docs/formats.md, `tapwatch/token-package` key 10
_CHANGES = {"suspended": ("active",), "active": ("suspended",), "deleted": ("active", "suspended")}
"""By new state of a token: the states it may come from."""


@dataclass(frozen=True)
class Token:
    """A token and what the bank needs to know around it."""

    id: bytes
    state: str
    pan: str
    psn: int
    expiry: str
    """YYMM."""
    limits: Limits
    express_limits: Limits | None
    """Of payments by express keys; None if it has none."""
    device_id: bytes
    product: Product
    label: str
    accent: int
    par: str
    last_four: str
    card: int
    account: int
    currency: int

    @property
    def profile(self) -> str:
        """Name of its profile, docs/formats.md `tapwatch/token-package` key 3."""
        return self.product.profile.name


class Wallet:
    """Accounts, cards and tokens. Every method works inside the caller's transaction."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def open_account(self, connection: Connection, holder: str, currency: int, opening_minor: int, at: int) -> int:
        """Open a customer's account with money on it and return its number. Raises RequestProblem, StateProblem."""
        if not 0 < len(holder) <= 64 or not 0 < currency < 1000:
            raise RequestProblem("an account needs a holder of at most 64 characters and an ISO currency number")
        account = self._ledger.open(connection, "customer", holder, currency)
        if opening_minor:
            till = self._ledger.account(connection, "till", _TILL, currency)
            self._ledger.move(connection, "opening", till, account, opening_minor, at)
        return account

    def order_card(self, connection: Connection, account: int, product_name: str, label: str | None, at: int) -> int:
        """Issue a card on an account and return its number. Raises RequestProblem, UnknownProblem."""
        product = product_named(product_name)
        kind = connection.execute(select(accounts.c.kind).where(accounts.c.id == account)).scalar()
        if kind != "customer":
            raise UnknownProblem(f"there is no customer account {account}")
        text = product.label if label is None else label
        if not 0 < len(text.encode()) <= _MAX_LABEL_BYTES:
            raise RequestProblem(f"a label has 1 to {_MAX_LABEL_BYTES} bytes")
        values = {"account_id": account, "product": product.name, "label": text, "accent": product.accent}
        values["expiry"] = _expiry(at)
        pan = self._fresh(connection, cards, product.profile.fpan_prefix)
        row = insert(cards).values(pan=pan, par=numbers.random_par(), **values).returning(cards.c.id)
        return connection.execute(row).scalar_one()

    def issue_token(self, connection: Connection, card: int, device_id: bytes, limits: Limits | None, at: int) -> bytes:
        """Create a token of a card for one watch and return its id. Raises UnknownProblem.

        Without `limits` it gets those of the product.
        """
        name = connection.execute(select(cards.c.product).where(cards.c.id == card)).scalar()
        if name is None:
            raise UnknownProblem(f"there is no card {card}")
        product = PRODUCTS[name]
        if connection.execute(select(devices.c.id).where(devices.c.id == device_id)).scalar() is None:
            raise UnknownProblem("there is no such device", "register the watch first")
        token_id = secrets.token_bytes(_TOKEN_ID_BYTES)
        values = {"id": token_id, "card_id": card, "device_id": device_id, "psn": _PSN, "state": "active"}
        values["limits"] = (limits or product.limits).to_json()
        values["express_limits"] = product.express and product.express.to_json()
        pan = self._fresh(connection, tokens, product.profile.dpan_prefix)
        connection.execute(insert(tokens).values(pan=pan, expiry=_expiry(at), **values))
        history.record(connection, token_id, "issued", history.BANK, at)
        return token_id

    def change_state(self, connection: Connection, token_id: bytes, state: str, who: str, at: int) -> bool:
        """Move a token to `state`; False if it is there already. `who` goes into its history.

        Raises UnknownProblem, StateProblem, AccessProblem if `who` may not undo the suspension.
        """
        token = self.token(connection, token_id)
        if token.state == state:
            return False
        if token.state not in _CHANGES[state]:
            raise StateProblem(f"a {token.state} token cannot become {state}")
        if state == "active" and not history.may_resume(connection, token_id, who):
            raise AccessProblem("somebody else has suspended the card", "ask the one who has, or the bank")
        connection.execute(update(tokens).where(tokens.c.id == token_id).values(state=state))
        history.record(connection, token_id, state, who, at)
        if state == "deleted":
            kill_batches(connection, batches.c.token_id == token_id)
        return True

    def token(self, connection: Connection, token_id: bytes) -> Token:
        """Return a token. Raises UnknownProblem."""
        row = connection.execute(_token_query().where(tokens.c.id == token_id)).one_or_none()
        if row is None:
            raise UnknownProblem("there is no such token")
        return _token(row)

    def token_by_pan(self, connection: Connection, pan: str) -> Token | None:
        """Return the token with that number, None if it is not ours."""
        row = connection.execute(_token_query().where(tokens.c.pan == pan)).one_or_none()
        return None if row is None else _token(row)

    def tokens(self, connection: Connection, device_id: bytes | None = None) -> list[Token]:
        """Return every token, or those of one watch."""
        query = _token_query().order_by(tokens.c.card_id, tokens.c.id)
        if device_id is not None:
            query = query.where(tokens.c.device_id == device_id)
        return [_token(row) for row in connection.execute(query)]

    @staticmethod
    def _fresh(connection: Connection, table: Table, prefix: str) -> str:
        """A random number that nobody has yet: chance alone would repeat one of ten million soon enough."""
        while True:
            pan = numbers.random_pan(prefix)
            taken = select(table.c.pan).where(table.c.pan == pan)
            if connection.execute(taken).scalar() is None:
                return pan


def kill_batches(connection: Connection, which: ColumnElement[bool]) -> None:
    """End the batches that `which` selects: their unused keys are accepted no more."""
    expire_keys(connection, atcs.c.batch_id.in_(select(batches.c.id).where(which)))
    connection.execute(update(batches).where(which).values(state="dead"))


def expire_keys(connection: Connection, which: ColumnElement[bool]) -> None:
    """End the unused keys among those that `which` selects."""
    unused = atcs.c.state.in_(("issued", "live"))
    connection.execute(update(atcs).where(which, unused).values(state="expired"))


def _token_query() -> Select:
    columns = (tokens, cards.c.product, cards.c.label, cards.c.accent, cards.c.par, accounts.c.currency)
    named = (cards.c.pan.label("card_pan"), accounts.c.id.label("account"))
    return select(*columns, *named).select_from(tokens.join(cards).join(accounts))


def _token(row: Row) -> Token:
    return Token(
        id=row.id,
        state=row.state,
        pan=row.pan,
        psn=row.psn,
        expiry=row.expiry,
        limits=Limits.read(row.limits),
        express_limits=None if row.express_limits is None else Limits.read(row.express_limits),
        device_id=row.device_id,
        product=PRODUCTS[row.product],
        label=row.label,
        accent=row.accent,
        par=row.par,
        last_four=row.card_pan[-4:],
        card=row.card_id,
        account=row.account,
        currency=row.currency,
    )


def _expiry(at: int) -> str:
    now = time.gmtime(at)
    return f"{(now.tm_year + TOKEN_YEARS) % 100:02d}{now.tm_mon:02d}"


def expiry_end(expiry: str) -> int:
    """Return the first second after the month YYMM. A card is good to the end of that month."""
    year, month = 2000 + int(expiry[:2]), int(expiry[2:])
    following = (year + month // 12, month % 12 + 1)
    return calendar.timegm((*following, 1, 0, 0, 0))
