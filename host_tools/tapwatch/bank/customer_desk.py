"""What customers and the phones of watches may do with cards, tokens and watches; each request one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from tapwatch.bank import customers, device_states, errands, guesses, history, idv, passwords, replenishment
from tapwatch.bank.problems import AccessProblem, BusyProblem, RequestProblem, UnknownProblem
from tapwatch.bank.schema import cards, devices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Row

    from tapwatch.bank.customers import Account, CardFacts, Session
    from tapwatch.bank.device_states import DeviceStates
    from tapwatch.bank.enrolments import Enrolment, Enrolments
    from tapwatch.bank.history import Event, PaymentFacts
    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.store import Store
    from tapwatch.bank.wallet import Token, Wallet

_NOBODY_SALT, _NOBODY_HASH = bytes(passwords.SALT_BYTES), bytes(32)
"""For names that nobody has: the answer takes as long, and no password gives this hash."""


@dataclass(frozen=True)
class Watch:
    """A watch with at least one card of a customer."""

    device_id: bytes
    name: str
    state: str
    """`lost`, or "" if it may pay."""


@dataclass(frozen=True)
class Owner:
    """Who asks about a token: a customer by number, or the phone of a watch by device id."""

    who: str
    customer: int = 0
    device_id: bytes = b""


class CustomerDesk:
    """Its methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        wallet: Wallet,
        outbox: Outbox,
        states: DeviceStates,
        enrolments: Enrolments,
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._wallet = wallet
        self._outbox = outbox
        self._states = states
        self._enrolments = enrolments
        self._clock = clock

    def create(self, name: str, password: str, sms: str | None = None, email: str | None = None) -> int:
        """Make a customer and return the number. Raises RequestProblem, StateProblem."""
        with self._store.write() as connection:
            return customers.create(connection, name, password, sms, email)

    def set_password(self, customer: int, password: str) -> None:
        """Give a customer another password; every session ends. Raises RequestProblem."""
        with self._store.write() as connection:
            customers.set_password(connection, customer, password)

    def number_of(self, name: str) -> int:
        """Return the number of a customer. Raises UnknownProblem."""
        with self._store.read() as connection:
            row = customers.find(connection, name)
        if row is None:
            raise UnknownProblem(f"there is no customer {name}")
        return row.id

    def give_account(self, customer: int, account: int) -> None:
        """Make an account a customer's. Raises UnknownProblem, StateProblem."""
        with self._store.write() as connection:
            customers.give_account(connection, customer, account)

    def log_in(self, name: str, password: str) -> Session:
        """Open a session. Raises AccessProblem, or BusyProblem after too many guesses at that name.

        A guess is counted before the password is looked at, so that many at once gain nothing.
        """
        subject, at = guesses.subject("login", name.encode()), self._clock()
        with self._store.write() as connection:
            if guesses.blocked(connection, subject, at):
                raise BusyProblem("too many wrong passwords", "try again in an hour")
            guesses.count(connection, subject, at)
            row = customers.find(connection, name)
        salt, expected = (row.salt, row.password_hash) if row else (_NOBODY_SALT, _NOBODY_HASH)
        if not passwords.fits(password, salt, expected) or row is None:
            raise AccessProblem("name or password is wrong")
        with self._store.write() as connection:
            guesses.forgive(connection, subject)
            return customers.open_session(connection, row.id, at)

    def log_out(self, bearer: str) -> None:
        """End a session."""
        with self._store.write() as connection:
            customers.end_session(connection, bearer)

    def logged_in(self, bearer: str) -> int:
        """Return the customer of a session. Raises AccessProblem."""
        with self._store.read() as connection:
            return customers.logged_in(connection, bearer, self._clock())

    def accounts(self, customer: int) -> list[Account]:
        """Return a customer's accounts."""
        with self._store.read() as connection:
            return customers.accounts_of(connection, customer)

    def cards(self, customer: int) -> list[CardFacts]:
        """Return a customer's cards."""
        with self._store.read() as connection:
            return customers.cards_of(connection, customer)

    def tokens(self, owner: Owner) -> list[Token]:
        """Return the tokens of a customer's cards, or those on a watch."""
        with self._store.read() as connection:
            if owner.device_id:
                return self._wallet.tokens(connection, owner.device_id)
            return [self._wallet.token(connection, one) for one in customers.tokens_of(connection, owner.customer)]

    def set_state(self, owner: Owner, token_id: bytes, state: str) -> None:
        """Suspend, resume or delete a token. Raises UnknownProblem, StateProblem, AccessProblem."""
        with self._store.write() as connection:
            token = self._own_token(connection, owner, token_id)
            if self._wallet.change_state(connection, token_id, state, owner.who, self._clock()):
                self._outbox.token_state(connection, token.device_id, token_id, state, self._clock())

    def history(self, owner: Owner, token_id: bytes) -> tuple[list[Event], list[PaymentFacts]]:
        """Return what happened to a token, and what it paid. A phone sees no payments: its watch has them."""
        with self._store.read() as connection:
            self._own_token(connection, owner, token_id)
            paid = history.payments_of(connection, token_id) if owner.customer else []
            return history.events(connection, token_id), paid

    def watches(self, customer: int) -> list[Watch]:
        """Return the watches that hold a card of a customer."""
        with self._store.read() as connection:
            rows = connection.execute(select(devices).where(devices.c.id.in_(self._watches(connection, customer))))
            return [Watch(row.id, row.name, device_states.state_of(connection, row.id)) for row in rows]

    def set_watch_state(self, customer: int, device_id: bytes, state: str, text: str) -> None:
        """Make a watch `lost` or `found`, or `wipe` it. Raises UnknownProblem, StateProblem, RequestProblem."""
        at = self._clock()
        with self._store.write() as connection:
            if device_id not in self._watches(connection, customer):
                raise UnknownProblem("no watch of yours has that number")
            if state == device_states.LOST:
                self._states.lost(connection, device_id, text, at)
            elif state == device_states.FOUND:
                self._states.found(connection, device_id, at)
            else:
                self._states.wipe(connection, device_id, history.CUSTOMER, at)

    def enrol(self, device_id: bytes, session: str, card: int | None, pan: str, expiry: str) -> Enrolment:
        """Ask for a card on a watch: a customer's own by its number, or one by what is printed on it.

        Wrong card numbers look like a red decision, and are counted. Raises AccessProblem, BusyProblem, StateProblem,
        UnknownProblem.
        """
        at, subject = self._clock(), guesses.subject("card", device_id)
        with self._store.write() as connection:
            customer = customers.logged_in(connection, session, at) if session else None
            if card is None and guesses.blocked(connection, subject, at):
                raise BusyProblem("too many wrong card numbers", "try again in an hour")
            row = _printed(connection, pan, expiry) if card is None else _own_card(connection, customer, card)
            if row is None:
                guesses.count(connection, subject, at)
            return self._enrolments.begin(connection, device_id, row, customer, at)

    def enrolment(self, device_id: bytes, enrolment: bytes) -> Enrolment:
        """Return where an enrolment stands. Raises UnknownProblem."""
        with self._store.read() as connection:
            return self._enrolments.get(connection, device_id, enrolment, self._clock())

    def challenge(self, device_id: bytes, enrolment: bytes, method: str) -> Enrolment:
        """Send a code. Raises UnknownProblem, RequestProblem, StateProblem, BusyProblem."""
        with self._store.write() as connection:
            return self._enrolments.challenge(connection, device_id, enrolment, method, self._clock())

    def code(self, device_id: bytes, enrolment: bytes, code: str) -> Enrolment:
        """Take a code. Raises UnknownProblem, RequestProblem, StateProblem."""
        with self._store.write() as connection:
            return self._enrolments.answer(connection, device_id, enrolment, code, self._clock())

    def wanted(self, device_id: bytes, reported: object) -> tuple[list[bytes], list[bytes]]:
        """Return the tokens that need keys and the pictures to bring, from the answer of a watch to message 10."""
        cards_there = errands.read_wallet(reported)
        with self._store.read() as connection:
            tokens = replenishment.due(connection, self._wallet, device_id, cards_there, self._clock())
        return tokens, errands.lacking_art(cards_there)

    def messages(self) -> Sequence[idv.Message]:
        """Return the newest messages to customers. Their texts hold codes: for the demo and its operator alone."""
        with self._store.read() as connection:
            return idv.sent(connection)

    def _own_token(self, connection: Connection, owner: Owner, token_id: bytes) -> Token:
        token = self._wallet.token(connection, token_id)
        own = (
            token.device_id == owner.device_id
            if owner.device_id
            else token_id in customers.tokens_of(connection, owner.customer)
        )
        if not own:
            raise UnknownProblem("there is no such token")  # not: it is somebody else's
        return token

    def _watches(self, connection: Connection, customer: int) -> set[bytes]:
        tokens = (self._wallet.token(connection, one) for one in customers.tokens_of(connection, customer))
        return {token.device_id for token in tokens if token.state != "deleted"}


def _printed(connection: Connection, pan: str, expiry: str) -> Row | None:
    if not (pan.isascii() and pan.isdigit() and expiry.isascii() and expiry.isdigit() and len(expiry) == 4):
        raise RequestProblem("a card number has digits, an expiry four: YYMM")
    return connection.execute(select(cards).where(cards.c.pan == pan, cards.c.expiry == expiry)).one_or_none()


def _own_card(connection: Connection, customer: int | None, card: int) -> Row:
    row = connection.execute(select(cards).where(cards.c.id == card)).one_or_none()
    holder = None if row is None else customers.owner_of(connection, row.account_id)
    if row is None or customer is None or holder is None or holder.id != customer:
        raise UnknownProblem("no card of yours has that number")
    return row
