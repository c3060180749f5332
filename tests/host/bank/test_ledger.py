"""The books: what the database refuses, and random lives of a card that never bend a rule."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

from tapwatch.bank import migrations
from tapwatch.bank.ledger import Ledger
from tapwatch.bank.limits import Limits
from tapwatch.bank.problems import StateProblem, StoreProblem
from tapwatch.bank.store import Store
from tests.host.bank.world import EUR, World

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty database."""
    store = Store(f"sqlite:///{tmp_path / 'books.db'}")
    migrations.migrate(store)
    return store


def fill(store: Store) -> tuple[int, int, int]:
    """Open a till, a customer with 1000 and a merchant; return their numbers."""
    ledger = Ledger()
    with store.write() as connection:
        till = ledger.open(connection, "till", "bank", EUR)
        customer = ledger.open(connection, "customer", "Ada", EUR)
        merchant = ledger.open(connection, "merchant", "shop", EUR)
        ledger.move(connection, "opening", till, customer, 1000, 0)
    return till, customer, merchant


def test_trial_balance(store: Store) -> None:
    till, customer, merchant = fill(store)
    with store.write() as connection:
        Ledger().move(connection, "purchase", customer, merchant, 300, 0)
        balance = Ledger().trial_balance(connection)
    assert {line.account: line.balance_minor for line in balance.lines} == {till: -1000, customer: 700, merchant: 300}
    assert balance.totals == {EUR: 0}
    assert balance.balanced


@pytest.mark.parametrize(
    ("reason", "pair", "amount"),
    [
        ("purchase", (1, 2), 1001),  # overdraft
        ("purchase", (1, 1), 1),  # to itself
        ("gift", (1, 2), 1),  # unknown reason
        ("purchase", (1, 3), 1),  # no such account
    ],
)
def test_database_refuses(store: Store, reason: str, pair: tuple[int, int], amount: int) -> None:
    numbers = (*fill(store), 99)
    with pytest.raises(StoreProblem), store.write() as connection:
        Ledger().move(connection, reason, numbers[pair[0]], numbers[pair[1]], amount, 0)
    with store.read() as connection:
        assert Ledger().balance(connection, numbers[1]) == 1000


def test_database_refuses_two_currencies(store: Store) -> None:
    _, customer, _ = fill(store)
    with pytest.raises(StoreProblem), store.write() as connection:
        dollars = Ledger().open(connection, "merchant", "shop", 840)
        Ledger().move(connection, "purchase", customer, dollars, 1, 0)


@pytest.mark.parametrize("amount", [0, -1, 10**12])
def test_amounts(store: Store, amount: int) -> None:
    _, customer, merchant = fill(store)
    with pytest.raises(StateProblem), store.write() as connection:
        Ledger().move(connection, "purchase", customer, merchant, amount, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET amount = 1",
        "DELETE FROM journal",
        "INSERT INTO journal (reason, debit, credit, amount, currency, at) VALUES ('purchase', 2, 3, -5, 978, 0)",
    ],
)
def test_journal_is_append_only(store: Store, statement: str) -> None:
    fill(store)
    with pytest.raises(StoreProblem), store.write() as connection:
        connection.execute(text(statement))


def test_used_atc_stays_used(world: World) -> None:
    world.pay(world.card(), 1, 100)
    store = Store(world.url)
    for statement in ("UPDATE atcs SET state = 'live' WHERE atc = 1", "DELETE FROM atcs"):
        with pytest.raises(StoreProblem), store.write() as connection:
            connection.execute(text(statement))


def test_trial_balance_notices_a_balance_changed_by_hand(world: World) -> None:
    with Store(world.url).write() as connection:
        connection.execute(text("UPDATE accounts SET balance = balance + 1 WHERE kind = 'customer'"))
    with pytest.raises(StateProblem, match="add up"):
        world.bank.trial_balance()


class LifeOfACard(RuleBasedStateMachine):
    """Purchases, holds, captures, reversals, repeats and clones in any order, against a model of a few lines."""

    world: World
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        limits = Limits(per_tap=10**9, per_day=10**9, taps_without_cdcvm=10**9)
        self.account = self.world.bank.open_account("Model", EUR, 10_000)
        self.world.account = self.account
        self.token = self.world.token("visa", limits)
        self.card = self.world.fetch(self.token)
        self.sent: list[dict[str, str]] = []
        self.answers: dict[int, str] = {}
        self.taken: dict[int, int] = {}
        self.reversed: set[int] = set()
        self.captured: set[int] = set()
        self.accepted: set[int] = set()
        self.suspended = False

    @rule(amount=st.integers(1, 6000), hold=st.booleans())
    def tap(self, amount: int, hold: bool) -> None:
        """A new tap with the next key."""
        if len(self.sent) % 10 == 0 and self.sent:
            if self.suspended:
                return
            self.card = self.world.fetch(self.token, len(self.sent) // 10 + 1, max(self.card.atcs))
        atc = self.card.atcs[len(self.sent) % 10]
        request = self.world.purchase(self.card, atc, amount, "0100" if hold else "0200")
        left = 10_000 - sum(self.taken.values())
        expected = "62" if self.suspended else "51" if amount > left else "00"
        number = len(self.sent)
        self.sent.append(request)
        self.answers[number] = self.world.code(request)
        assert self.answers[number] == expected
        if expected == "00":
            assert atc not in self.accepted
            self.accepted.add(atc)
            self.taken[number] = amount
        type(self).steps += 1

    @precondition(lambda self: self.sent)
    @rule(pick=st.integers(0, 1000))
    def repeat(self, pick: int) -> None:
        """The terminal did not hear the answer."""
        number = pick % len(self.sent)
        request = self.sent[number]
        assert self.world.code({**request, "t": request["t"][:3] + "1"}) == self.answers[number]
        type(self).steps += 1

    @precondition(lambda self: self.sent)
    @rule(pick=st.integers(0, 1000))
    def reverse(self, pick: int) -> None:
        """Undo a payment, perhaps again."""
        number = pick % len(self.sent)
        assert self.world.code(self.world.about(self.sent[number], "0420")) == "00"
        self.taken[number] = 0
        self.reversed.add(number)
        type(self).steps += 1

    @precondition(lambda self: self.sent)
    @rule(pick=st.integers(0, 1000), part=st.integers(1, 100))
    def capture(self, pick: int, part: int) -> None:
        """Capture part of what was held, perhaps again, perhaps of a purchase."""
        number = pick % len(self.sent)
        request = self.sent[number]
        amount = max(1, int(request["4"]) * part // 100)
        code = self.world.code(self.world.about(request, "0220", amount))
        live = self.answers[number] == "00" and number not in self.reversed
        assert code == ("00" if live else "21")
        if live and request["t"] == "0100":
            if number not in self.captured:
                self.taken[number] = amount
            self.captured.add(number)
        type(self).steps += 1

    @precondition(lambda self: self.accepted)
    @rule(pick=st.integers(0, 1000), amount=st.integers(1, 6000))
    def clone(self, pick: int, amount: int) -> None:
        """Somebody else signs with a key of this batch that was used."""
        used = sorted(self.accepted & set(self.card.atcs))
        if used:
            atc = used[pick % len(used)]
            assert self.world.code(self.world.purchase(self.card, atc, amount)) == "59"
            self.suspended = True
            type(self).steps += 1

    @invariant()
    def books_are_right(self) -> None:
        """The customer has lost exactly what the model says, and every currency adds up to zero."""
        assert self.world.bank.balance(self.account) == 10_000 - sum(self.taken.values())

    def teardown(self) -> None:
        """At the end of each life: recompute all books."""
        assert self.world.bank.trial_balance().balanced


@pytest.mark.share("cuts and faults")
def test_random_lives(tmp_path: Path) -> None:
    machine = type("Life", (LifeOfACard,), {"world": World(tmp_path), "steps": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=400 if os.environ.get("TAPWATCH_LONG") else 20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        ),
    )
    print(f"NOTE bank: {machine.steps} random taps, repeats, captures, reversals and clones: every book balanced")
    assert machine.steps > 200
