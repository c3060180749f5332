"""Cards come to watches: every request in every state, the limits of guessing, and what is kept of a code."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tapwatch.bank.customers import CardFacts
from tapwatch.bank.enrolments import LIFE_S, MOST_SENT, MOST_WRONG, RESEND_S, Enrolment
from tapwatch.bank.problems import AccessProblem, BusyProblem, RequestProblem, StateProblem, UnknownProblem
from tests.host.bank.world import DAY_S, Watch

if TYPE_CHECKING:
    from tests.host.bank.world import World

PASSWORD = "correct horse"
pytestmark = pytest.mark.share("cuts and faults")


@dataclass
class Person:
    """A customer with two cards, and the watch of the world."""

    world: World
    number: int
    cards: list[CardFacts]

    @property
    def desk(self):
        return self.world.bank.customers

    def ask(self, place: int = 0, session: str = "", own: bool = False) -> Enrolment:
        """Ask for a card, by what is printed on it unless it is one's own."""
        card = self.cards[place]
        printed = (None, card.pan, card.expiry) if not own else (card.number, "", "")
        return self.desk.enrol(self.world.watch.id, session, *printed)

    def challenge(self, one: Enrolment, method: str = "sms") -> Enrolment:
        return self.desk.challenge(self.world.watch.id, one.id, method)

    def answer(self, one: Enrolment, code: str) -> Enrolment:
        return self.desk.code(self.world.watch.id, one.id, code)

    def sent(self) -> str:
        """The newest code."""
        return self.desk.messages()[0].text[:6]

    def wrong(self) -> str:
        return f"{(int(self.sent()) + 1) % 10**6:06d}"


@pytest.fixture
def ada(world: World) -> Person:
    desk = world.bank.customers
    number = desk.create("ada", PASSWORD, "+10005550142", "ada@example.org")
    desk.give_account(number, world.account)
    for product in ("visa-18", "mastercard-14"):
        world.bank.order_card(world.account, product)
    return Person(world, number, desk.cards(number))


def begun(ada: Person, state: str) -> Enrolment:
    """An enrolment in a state."""
    one = ada.ask()
    if state in ("challenged", "approved", "failed"):
        ada.challenge(one)
        ada.world.clock.now += RESEND_S
    if state == "approved":
        ada.answer(one, ada.sent())
    for _ in range(MOST_WRONG if state == "failed" else 0):
        ada.answer(one, ada.wrong())
    if state == "replaced":
        ada.ask()
    if state == "expired":
        ada.world.clock.now += LIFE_S
    return one


RESULTS = {
    # state before: after another code is sent, the right code, a wrong code, ten minutes, and being asked for again
    "started": ("challenged", StateProblem, StateProblem, "expired", "started"),
    "challenged": ("challenged", "approved", "challenged", "expired", "started"),
    "approved": (StateProblem, "approved", StateProblem, "approved", StateProblem),
    "failed": (StateProblem, StateProblem, StateProblem, "failed", "started"),
    "expired": (StateProblem, StateProblem, StateProblem, "expired", "started"),
    "replaced": (StateProblem, StateProblem, StateProblem, "replaced", "started"),
}


@pytest.mark.parametrize("state", RESULTS)
@pytest.mark.parametrize("request_", range(5))
def test_every_request_in_every_state(ada: Person, state: str, request_: int) -> None:
    one = begun(ada, state)
    tokens = len(ada.world.bank.tokens())
    right = ada.sent() if ada.desk.messages() else "000000"

    def act() -> Enrolment:
        if request_ == 0:
            return ada.challenge(one)
        if request_ in (1, 2):
            return ada.answer(one, right if request_ == 1 else f"{(int(right) + 1) % 10**6:06d}")
        if request_ == 3:
            ada.world.clock.now += LIFE_S
            return ada.desk.enrolment(ada.world.watch.id, one.id)
        return ada.ask()

    expected = RESULTS[state][request_]
    if isinstance(expected, str):
        assert act().state == expected
    else:
        with pytest.raises(expected):
            act()
    more = (state, request_) == ("challenged", 1)
    assert len(ada.world.bank.tokens()) == tokens + more


def test_a_code_puts_the_card_on_the_watch(ada: Person) -> None:
    """The whole way, and a token that pays. The same code again gives the same token."""
    one = ada.ask()
    assert (one.decision, one.state) == ("yellow", "started")
    assert [(way.method, way.address) for way in one.methods] == [("sms", "•••• 0142"), ("email", "a•••@example.org")]
    assert ada.challenge(one, "email").sends_left == MOST_SENT - 1
    done = ada.answer(one, ada.sent())
    assert done.state == "approved" and ada.answer(one, ada.sent()).token_id == done.token_id
    card = ada.world.fetch(done.token_id)
    assert ada.world.pay(card, 1, 100) == "00"


def test_three_wrong_codes_end_it(ada: Person) -> None:
    one = ada.ask()
    ada.challenge(one)
    assert [ada.answer(one, ada.wrong()).tries_left for _ in range(MOST_WRONG)] == [2, 1, 0]
    with pytest.raises(StateProblem, match="failed"):
        ada.answer(one, ada.sent())


def test_another_code_voids_the_first_and_keeps_the_count(ada: Person) -> None:
    one = ada.ask()
    ada.challenge(one)
    first = ada.sent()
    ada.answer(one, ada.wrong())
    with pytest.raises(BusyProblem, match="just now"):
        ada.challenge(one)
    ada.world.clock.now += RESEND_S
    assert ada.challenge(one).tries_left == 2
    if first != ada.sent():
        assert ada.answer(one, first).tries_left == 1
    ada.world.clock.now += RESEND_S
    ada.challenge(one)
    ada.world.clock.now += RESEND_S
    with pytest.raises(BusyProblem, match="no more codes"):
        ada.challenge(one)


def test_a_day_of_guessing(ada: Person) -> None:
    """Whoever begins anew all day gets 15 guesses in 10^6 at one card; then the answer is red until tomorrow."""
    guesses = 0
    for _ in range(20):
        one = ada.ask()
        if one.state == "declined":
            break
        ada.challenge(one)
        for _ in range(MOST_WRONG):
            ada.answer(one, ada.wrong())
            guesses += 1
        ada.world.clock.now += 60
    print(f"NOTE enrolment: {guesses} guesses in 10^6 at one card in a day")
    assert guesses == 15
    ada.world.clock.now += DAY_S
    assert ada.ask().state == "started"


def test_green_for_the_holder_who_is_logged_in(ada: Person) -> None:
    session = ada.desk.log_in("ada", PASSWORD).bearer
    done = ada.ask(0, session, own=True)
    assert (done.decision, done.state) == ("green", "approved")
    assert ada.ask(1, session).decision == "green"  # by the number on the card
    assert ada.world.bank.token(done.token_id).device_id == ada.world.watch.id
    assert ada.desk.messages() == []


def test_somebody_else_is_asked_for_a_code(ada: Person) -> None:
    ada.desk.create("eve", PASSWORD)
    session = ada.desk.log_in("eve", PASSWORD).bearer
    assert ada.ask(0, session).decision == "yellow"
    with pytest.raises(UnknownProblem):
        ada.ask(0, session, own=True)
    with pytest.raises(UnknownProblem):
        ada.ask(0, "", own=True)


def test_red(ada: Person) -> None:
    """A lost watch, a wrong number or expiry, a holder who cannot be asked, an expired card: all look the same."""
    card = ada.cards[0]
    names = ("decision", "state", "methods", "tries_left", "sends_left", "seconds_left", "token_id")
    unknown = ada.desk.enrol(ada.world.watch.id, "", None, "4761739000000000", "3001")
    shape = {name: getattr(unknown, name) for name in names}
    assert (shape["decision"], shape["state"]) == ("red", "declined")

    def refused(pan: str = card.pan, expiry: str = card.expiry) -> None:
        one = ada.desk.enrol(ada.world.watch.id, "", None, pan, expiry)
        assert {name: getattr(one, name) for name in shape} == shape
        with pytest.raises(UnknownProblem):
            ada.desk.enrolment(ada.world.watch.id, one.id)

    refused(expiry="0101")
    nobody = ada.world.bank.open_account("Nobody", 978, 0)
    ada.world.bank.order_card(nobody, "visa")
    with ada.world.bank._store.read() as connection:
        pan = connection.execute(text("SELECT pan FROM cards WHERE account_id = :a"), {"a": nobody}).scalar_one()
    refused(pan)
    ada.world.bank.lost(ada.world.watch.id)
    refused()
    ada.world.bank.found(ada.world.watch.id)
    one = ada.ask()
    ada.challenge(one)
    ada.world.bank.lost(ada.world.watch.id)
    assert ada.answer(one, ada.sent()).state == "declined"  # lost while the code was under way
    ada.world.bank.found(ada.world.watch.id)
    ada.world.clock.now += 4 * 365 * DAY_S
    refused()


def test_card_numbers_cannot_be_tried_out(ada: Person) -> None:
    for _ in range(10):
        assert ada.desk.enrol(ada.world.watch.id, "", None, "4761739000000000", "3001").state == "declined"
    with pytest.raises(BusyProblem):
        ada.ask()
    other = Watch(ada.world.root, 9)
    ada.world.register(other)
    assert ada.desk.enrol(other.id, "", None, ada.cards[0].pan, ada.cards[0].expiry).state == "started"


def test_an_enrolment_belongs_to_its_watch(ada: Person) -> None:
    one = ada.ask()
    other = Watch(ada.world.root, 9)
    ada.world.register(other)
    for act in (lambda: ada.desk.enrolment(other.id, one.id), lambda: ada.desk.challenge(other.id, one.id, "sms"),
                lambda: ada.desk.code(other.id, one.id, "000000")):  # fmt: skip
        with pytest.raises(UnknownProblem):
            act()


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345x", "１２３４５６", " 12345"])
def test_what_cannot_be_a_code_is_not_counted(ada: Person, code: str) -> None:
    one = ada.ask()
    ada.challenge(one)
    with pytest.raises(RequestProblem):
        ada.answer(one, code)
    assert ada.desk.enrolment(ada.world.watch.id, one.id).tries_left == MOST_WRONG


def test_a_code_is_never_logged_and_kept_under_a_key(ada: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    one = ada.ask()
    answer = str(ada.challenge(one))
    assert ada.sent() not in answer
    ada.answer(one, ada.wrong())
    assert ada.sent() not in caplog.text
    with ada.world.bank._store.read() as connection:
        kept = connection.execute(text("SELECT code_hash FROM enrolments")).scalar_one()
    tried = {hashlib.sha256(head + ada.sent().encode()).digest() for head in (b"", one.id)}
    assert len(kept) == 32 and kept not in tried


def test_passwords_and_sessions(ada: Person) -> None:
    session = ada.desk.log_in("ada", PASSWORD)
    assert ada.desk.logged_in(session.bearer) == ada.number
    ada.desk.log_out(session.bearer)
    with pytest.raises(AccessProblem):
        ada.desk.logged_in(session.bearer)
    session = ada.desk.log_in("ada", PASSWORD)
    ada.world.clock.now = session.expires_at
    with pytest.raises(AccessProblem, match="ended"):
        ada.desk.logged_in(session.bearer)
    with ada.world.bank._store.read() as connection:
        for name, column in (("customers", "password_hash"), ("sessions", "bearer_hash")):
            kept = connection.execute(text(f"SELECT {column} FROM {name}")).scalars().all()  # noqa: S608
            assert all(len(one) == 32 for one in kept)
    assert session.bearer.encode() not in Path(ada.world.url.removeprefix("sqlite:///")).read_bytes()


def test_guesses_at_a_name(ada: Person) -> None:
    """Ten in an hour, of a name that nobody has as well; then not even the right password is looked at."""
    for name in ("ada", "nobody"):
        for _ in range(10):
            with pytest.raises(AccessProblem):
                ada.desk.log_in(name, "wrong password")
        with pytest.raises(BusyProblem):
            ada.desk.log_in(name, PASSWORD)
    ada.world.clock.now += 3601
    ada.desk.log_in("ada", PASSWORD)
    assert ada.desk.log_in("ada", PASSWORD).bearer


@pytest.mark.parametrize("wrong", [("", PASSWORD), ("A b", PASSWORD), ("bob", "short"), ("bob", "x" * 129)])
def test_wrong_customers(ada: Person, wrong: tuple[str, str]) -> None:
    with pytest.raises(RequestProblem):
        ada.desk.create(*wrong)
    with pytest.raises(RequestProblem):
        ada.desk.create("carl", PASSWORD, sms="call me")
    with pytest.raises(StateProblem):
        ada.desk.create("ada", PASSWORD)
    with pytest.raises(StateProblem):
        ada.desk.give_account(ada.number, ada.world.account)
    with pytest.raises(UnknownProblem):
        ada.desk.give_account(ada.number, 999)
