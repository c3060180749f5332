"""Sharing out: any amounts, contracts, payments, refunds and repeats, against a model and against raw SQL."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapwatch.bank.ledger import MAX_AMOUNT_MINOR
from tapwatch.bank.problems import RequestProblem, StateProblem, StoreProblem, UnknownProblem
from tapwatch.store.contracts import Scope
from tapwatch.store.service import DEFAULT_PARTS
from tapwatch.store.split import split
from tests.host.bank.world import EUR, START, Watch
from tests.host.store.oracle import Oracle, largest_remainder

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

LONG = os.environ.get("TAPWATCH_LONG") == "1"
SPLITS = 20_000 if LONG else 500
SEQUENCES = 400 if LONG else 16
ROLES = ("developer", "store", "manufacturer", "=Press", "=Charity")
NAMES = {"developer": "bob", "store": "Mall Store", "manufacturer": "Watch Manufacturer"}

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=16).filter(any)


@settings(max_examples=SPLITS, deadline=None, database=None)
@given(st.integers(1, MAX_AMOUNT_MINOR), weights)
def test_parts_add_up(amount: int, points: list[int]) -> None:
    parts = split(amount, points)
    assert sum(parts) == amount
    assert parts == largest_remainder(amount, points)
    assert split(-amount, points) == [-part for part in parts]
    assert all(part == 0 for part, weight in zip(parts, points, strict=True) if weight == 0)
    rest = split(amount, parts)
    assert rest == parts, "what is held gives itself: a whole refund mirrors exactly"


@pytest.mark.parametrize("points", [[], [0], [0, 0], [-1, 2]])
def test_weights_that_share_nothing_out(points: list[int]) -> None:
    with pytest.raises(ValueError):
        split(1, points)


def test_odd_units_go_to_the_first() -> None:
    assert split(1, [5000, 5000]) == [1, 0]
    assert split(5, [3333, 3333, 3334]) == [2, 1, 2]
    assert split(100, [3334, 3333, 3333]) == [34, 33, 33]


def _parts(points: list[int]) -> dict[str, int]:
    """A contract out of any numbers: they are made to add up."""
    return dict(zip(ROLES, largest_remainder(10_000, points), strict=True))


contract = st.tuples(
    st.just("contract"), st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(any), st.sampled_from(["**", "DE"])
)
pay = st.tuples(st.just("pay"), st.one_of(st.integers(1, 12), st.integers(1, 9_000)), st.none())
refund = st.tuples(st.just("refund"), st.integers(0, 30), st.tuples(st.integers(1, 9_000), st.integers(0, 3)))
repeat = st.tuples(st.just("repeat"), st.none(), st.none())
steps = st.lists(st.one_of(pay, pay, refund, refund, refund, contract, repeat), min_size=3, max_size=10)


class Run:
    """One sequence of steps against the mall and the model."""

    def __init__(self, mall: Mall) -> None:
        self.mall, self.model = mall, Oracle(DEFAULT_PARTS, START)
        mall.world.clock.now += 1
        self.card = mall.world.card()
        self.paid: list[int] = []

    def step(self, kind: str, first: Any, second: Any) -> None:
        """Do it on both sides."""
        self.mall.world.clock.now += 60
        getattr(self, kind)(first, second)

    def pay(self, amount: int, _: object) -> None:
        """A payment in the app."""
        if len(self.paid) == 9:
            return
        assert self.mall.pay_in_app(self.card, len(self.paid) + 1, amount) == "00"
        self.mall.store.sweep()
        number = self.mall.rows("SELECT max(payment_id) FROM store_sales")[0][0]
        self.paid.append(number)
        self.model.sell(number, amount, "DE", self.mall.world.clock.now)

    def refund(self, which: int, how: tuple[int, int]) -> None:
        """A part of it back, under one of four names."""
        if not self.paid:
            return
        number, (amount, key) = self.paid[which % len(self.paid)], how
        left = sum(self.model.held[number].values())
        if amount % 4 and left:  # mostly what can be given back, now and then all of it
            amount = 1 + amount % left if amount % 3 else left
        expected = self.model.refund(number, amount, f"r{key}")
        try:
            done = self.mall.store.refund(number, amount, f"r{key}")
        except StateProblem:
            done = False
        assert done == expected

    def contract(self, points: list[int], region: str) -> None:
        """Another contract from now on."""
        parts = _parts(points)
        self.mall.store.add_contract(Scope("tea", None, region), parts)
        # A contract of the app comes before those of all; the model knows the one app only.
        self.model.contracts = [one for one in self.model.contracts if one[2] is not DEFAULT_PARTS or region != "**"]
        self.model.contracts.append((self.mall.world.clock.now, region, parts))

    def repeat(self, _: object, __: object) -> None:
        """Everything again: nothing moves."""
        self.mall.reopen()
        assert self.mall.store.sweep() == 0

    def check(self) -> None:
        """The books agree with the model, in the words of the database alone."""
        expected = {NAMES.get(role, role[1:]): amount for role, amount in self.model.balances().items()}
        assert {name: amount for name, amount in self.mall.balances().items() if amount} == {
            name: amount for name, amount in expected.items() if amount
        }
        check_books(self.mall)
        for number in self.paid:
            gone = "SELECT SUM(amount) FROM journal WHERE payment_id = :n AND reason = 'giveback'"
            assert (self.mall.rows(gone, n=number)[0][0] or 0) == self.model.given[number]


def check_books(mall: Mall) -> None:
    """Raw SQL: accounts add up to zero, parts to their payment, lines to accounts, statements to lines."""
    assert mall.rows("SELECT SUM(balance) FROM accounts")[0][0] == 0
    moved = """SELECT a.id FROM accounts a WHERE a.balance <>
        (SELECT COALESCE(SUM(CASE WHEN j.credit = a.id THEN j.amount ELSE -j.amount END), 0)
         FROM journal j WHERE a.id IN (j.debit, j.credit))"""
    assert mall.rows(moved) == []
    shared = """SELECT s.payment_id FROM store_sales s JOIN store_lines l ON l.payment_id = s.payment_id
        AND l.refund_number = 0 GROUP BY s.payment_id, s.gross HAVING SUM(l.amount) <> s.gross"""
    assert mall.rows(shared) == []
    back = """SELECT r.payment_id FROM store_refunds r JOIN store_lines l ON l.payment_id = r.payment_id
        AND l.refund_number = r.number GROUP BY r.payment_id, r.number, r.amount HAVING SUM(l.amount) <> -r.amount"""
    assert mall.rows(back) == []
    sums = """SELECT p.name, l.currency, SUM(l.amount), MAX(a.balance) FROM store_lines l
        JOIN store_parties p ON p.id = l.party_id
        JOIN accounts a ON a.owner = 'party/' || p.name AND a.currency = l.currency GROUP BY p.name, l.currency"""
    for name, currency, total, balance in mall.rows(sums):
        assert total == balance
        months = mall.rows("SELECT DISTINCT month FROM store_lines ORDER BY month")
        opening = 0
        for (month,) in months:
            one = mall.store.statement(name, month, currency)
            assert one.opening_minor == opening
            opening = one.closing_minor
        assert opening == balance


def test_any_sequence(first_mall: Mall, tmp_path_factory: pytest.TempPathFactory) -> None:
    count = {"sequences": 0, "payments": 0, "refunds": 0}

    @settings(max_examples=SEQUENCES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(steps)
    def run(wanted: list[tuple[str, Any, Any]]) -> None:
        mall = first_mall.copied(tmp_path_factory.mktemp("run"))
        mall.store.add_party("Press", "other", "")
        mall.store.add_party("Charity", "other", "")
        one = Run(mall)
        for step in wanted:
            one.step(*step)
        one.check()
        count["sequences"] += 1
        count["payments"] += len(one.paid)
        count["refunds"] += len(one.model.keys)

    run()
    print(
        f"NOTE store: {count['sequences']} sequences, {count['payments']} payments, {count['refunds']} refunds: exact"
    )
    print(f"NOTE store: {SPLITS} splits of amounts up to {MAX_AMOUNT_MINOR}: parts add up, refunds mirror them")


def test_a_contract_never_changes_what_was(mall: Mall) -> None:
    mall.pay_in_app(mall.world.card(), 1, 1000)
    mall.world.clock.now += 10
    mall.store.add_contract(Scope(), {"store": 10_000})
    mall.store.sweep()
    assert mall.balances() == {"bob": 850, "Mall Store": 100, "Watch Manufacturer": 50}
    with pytest.raises(RequestProblem, match="now or later"):
        mall.store.add_contract(Scope(), {"store": 10_000}, mall.world.clock.now - 1)
    mall.store.add_contract(Scope(maker="bob"), {"developer": 10_000}, mall.world.clock.now + 100)
    card = mall.world.card()
    mall.pay_in_app(card, 1, 10)
    mall.store.sweep()
    assert mall.balances()["Mall Store"] == 110
    mall.world.clock.now += 100
    mall.pay_in_app(card, 2, 10)
    mall.store.sweep()
    assert mall.balances() == {"bob": 860, "Mall Store": 110, "Watch Manufacturer": 50}


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"store": 9_999}, RequestProblem),
        ({"store": 10_001}, RequestProblem),
        ({"store": 10_001, "developer": -1}, RequestProblem),
        ({}, RequestProblem),
        ({"wearer": 10_000}, RequestProblem),
        ({"=Nobody": 10_000}, UnknownProblem),
    ],
)
def test_contracts_that_are_none(mall: Mall, parts: dict[str, int], problem: type[Exception]) -> None:
    with pytest.raises(problem):
        mall.store.add_contract(Scope(), parts)


def test_the_manufacturer_is_the_watchs(mall: Mall) -> None:
    """A watch of another manufacturer, by the attribute of its certificate; one that nobody knows is the root's."""
    mall.store.add_party("Acme", "manufacturer", "", manufacturer="acme")
    for serial, maker, expected in ((7, "acme", "Acme"), (8, "unknown", "Watch Manufacturer")):
        watch = Watch(mall.world.root, serial)
        watch.certificate = mall.certify(
            "device", watch.identity.public, "W", {"secret": "software", "manufacturer": maker}
        )
        mall.world.register(watch)
        mall.world.watch = watch
        before = mall.balances().get(expected, 0)
        assert mall.pay_in_app(mall.world.card(), 1, 1000) == "00"
        mall.store.sweep()
        assert mall.balances()[expected] == before + 50


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE store_contract_parts SET basis_points = 1",
        "DELETE FROM store_contracts",
        "UPDATE store_lines SET amount = amount + 1",
        "DELETE FROM store_lines",
        "UPDATE store_sales SET gross = 1",
        "INSERT INTO store_sales SELECT * FROM store_sales",
        """INSERT INTO store_lines (party_id, currency, month, at, kind, payment_id, refund_number, gross, amount)
           SELECT party_id, currency, month, at, kind, payment_id, refund_number, 0, 0 FROM store_lines""",
        "INSERT INTO store_contracts (region, from_at, at) VALUES ('**', 1, 2)",
        "UPDATE store_licences SET serial = 9",
    ],
)
def test_the_database_refuses(mall: Mall, statement: str) -> None:
    from sqlalchemy import text

    card = mall.world.card()
    mall.pay_in_app(card, 1, 1000)
    mall.pay_order(card, 2, mall.order())
    mall.store.sweep()
    with pytest.raises(StoreProblem), mall.world.bank.books.write() as connection:
        connection.execute(text(statement))
    check_books(mall)


def test_the_currency_of_a_payment_is_kept(mall: Mall) -> None:
    assert {row[0] for row in mall.rows("SELECT currency FROM store_payees")} == {EUR}
