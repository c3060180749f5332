"""Three months of a store, told by hand: who paid what, who had to get what of it, and what came back.

Two developers, two manufacturers, currencies with none, two and three decimals, contracts of a region, an app and a
maker, one of them changed in the middle of a month. What is expected is written down here, not asked of the store.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import TYPE_CHECKING

from tapwatch.store import statement_csv
from tapwatch.store.contracts import Scope
from tests.host.bank.world import DAY_S, EUR, START, Watch
from tests.host.store.mall import PRICE, listing, project
from tests.host.store.oracle import largest_remainder
from tests.host.store.questions import asked

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

JPY, KWD = 392, 414
OPENING = 1_000_000
NOVEMBER = START // DAY_S - 21
DECEMBER, JANUARY, FEBRUARY = NOVEMBER + 30, NOVEMBER + 61, NOVEMBER + 92
"""First days of the months, counted from 1970."""
MONTHS = {"2026-11": NOVEMBER, "2026-12": DECEMBER, "2027-01": JANUARY}
ANN, BOB, STORE, MADE, ACME = "ann", "bob", "Mall Store", "Watch Manufacturer", "Acme"
ROLES = ("developer", "store", "manufacturer")
USUAL, GERMAN, LATER = (8_500, 1_000, 500), (7_777, 1_111, 1_112), (9_000, 899, 101)


class ThreeMonths:
    """What happens, and what it must come to."""

    def __init__(self, mall: Mall) -> None:
        self.mall = mall
        self.accounts: dict[int, int] = {}
        self.due: dict[tuple[str, int, str], int] = defaultdict(int)
        """Minor units by party, currency and month."""
        self.kept: dict[int, tuple[int, dict[str, int]]] = {}
        """Currency of a payment, and what each party has of it."""

    def told(self) -> None:
        """All of it; months are closed once they are over."""
        self.set_up()
        self.november()
        self.december()
        self.january()
        self.at(FEBRUARY)
        self.mall.store.close_month("2027-01")

    def set_up(self) -> None:
        """Apps that take payments in three currencies, contracts, and a manufacturer."""
        mall, contract = self.mall, self.mall.store.add_contract
        for app, place, currency in (("yen", "JP", JPY), ("dinar", "KW", KWD)):
            said = listing(payee=[f"Ann {place}", place, currency])
            mall.listed(mall.ann, project(app, permissions='["payment"]'), said)
        contract(Scope(region="DE"), dict(zip(ROLES, GERMAN, strict=True)))
        contract(Scope(app="yen"), {"developer": 10_000})
        contract(Scope(maker="ann", region="KW"), {"developer": 0, "store": 10_000})
        mall.store.add_party(ACME, "manufacturer", "", manufacturer="acme")

    def november(self) -> None:
        """Bought and given back whole; a part of a payment comes back."""
        self.at(NOVEMBER + 22)
        bought = self.buy("DE", {ANN: 7_777, STORE: 1_111, MADE: 1_112})
        self.tea = self.pay("tea", 1001, {BOB: 7_777, STORE: 1_111, MADE: 1_112})
        self.pay("yen", 333, {ANN: 10_000}, JPY)
        self.pay("dinar", 12_345, {ANN: 0, STORE: 10_000}, KWD)
        self.back(self.tea, 333)
        self.back(bought)

    def december(self) -> None:
        """Something of November comes back after its end; a contract changes on the 16th; a watch of Acme."""
        self.at(DECEMBER + 1)
        self.mall.store.close_month("2026-11")
        self.back(self.tea, 100)
        self.at(DECEMBER + 9)
        self.before = self.pay("tea", 777, {BOB: 7_777, STORE: 1_111, MADE: 1_112})
        change = dict(zip(ROLES, LATER, strict=True))
        self.mall.store.add_contract(Scope(region="DE"), change, (DECEMBER + 15) * DAY_S)
        self.at(DECEMBER + 14)
        self.pay("tea", 777, {BOB: 7_777, STORE: 1_111, MADE: 1_112})
        self.at(DECEMBER + 15)
        self.pay("tea", 777, {BOB: 9_000, STORE: 899, MADE: 101})
        self.take_watch_of_acme()
        self.pay("tea", 5, {BOB: 9_000, STORE: 899, ACME: 101})
        self.buy("FR", {ANN: 8_500, STORE: 1_000, ACME: 500})  # no contract for that region

    def january(self) -> None:
        """Everything that is left of two payments comes back in another month; a payout."""
        self.at(JANUARY + 2)
        self.mall.store.close_month("2026-12")
        self.back(self.before)
        self.back(self.tea)
        self.mall.store.pay_out(ANN, 333, JPY, "T-1")
        self.due[ANN, JPY, "2027-01"] -= 333

    def at(self, day: int) -> None:
        """Nine in the morning of a day."""
        self.mall.world.clock.now = day * DAY_S + 9 * 3_600

    def pay(self, app: str, amount: int, points: dict[str, int], currency: int = EUR) -> int:
        """A payment in an app, to be shared out by `points`; its number."""
        world = self.mall.world
        world.account = self.account(currency)
        code = world.bank.merchant_code(self.mall.payee(app), amount, currency)
        assert self.mall.pay(world.card(), 1, code, amount, currency) == "00"
        return self.shared(amount, points, currency)

    def buy(self, region: str, points: dict[str, int]) -> int:
        """Buy the app that is sold."""
        self.mall.world.account = self.account(EUR)
        assert self.mall.pay_order(self.mall.world.card(), 1, self.mall.order(region=region)) == "00"
        return self.shared(PRICE, points, EUR)

    def back(self, number: int, amount: int | None = None) -> None:
        """A part of a payment comes back, all that is left for None."""
        currency, parts = self.kept[number]
        taken = largest_remainder(amount or sum(parts.values()), list(parts.values()))
        assert self.mall.store.refund(number, amount, f"{number} {amount}")
        left = {party: had - part for (party, had), part in zip(parts.items(), taken, strict=True)}
        self.kept[number] = currency, left
        self.book(currency, {party: left[party] - had for party, had in parts.items()})

    def shared(self, amount: int, points: dict[str, int], currency: int) -> int:
        """What was paid last is shared out like that; its number."""
        self.mall.store.sweep()
        number = self.mall.rows("SELECT MAX(payment_id) FROM store_sales")[0][0]
        parts = dict(zip(points, largest_remainder(amount, list(points.values())), strict=True))
        self.kept[number] = currency, parts
        self.book(currency, parts)
        return number

    def book(self, currency: int, parts: dict[str, int]) -> None:
        """Count it for the month in which it happens."""
        today = self.mall.world.clock.now // DAY_S
        month = max(name for name, first in MONTHS.items() if first <= today)
        for party, part in parts.items():
            self.due[party, currency, month] += part

    def account(self, currency: int) -> int:
        """The wearer's account in a currency."""
        if currency not in self.accounts:
            self.accounts[currency] = self.mall.world.bank.open_account("Wearer", currency, OPENING)
        return self.accounts[currency]

    def take_watch_of_acme(self) -> None:
        """From now on the wearer has another watch."""
        watch = Watch(self.mall.world.root, 77)
        said = {"secret": "software", "manufacturer": "acme"}
        watch.certificate = self.mall.certify("device", watch.identity.public, "W", said)
        self.mall.world.register(watch)
        self.mall.world.watch = watch

    def check(self) -> int:
        """Statements, ledger and wearers agree with what was counted; returns the number of statements read."""
        statements = {pair: self.read(*pair) for pair in {(party, currency) for party, currency, _ in self.due}}
        for (party, currency), (changes, last) in statements.items():
            assert changes == [self.due[party, currency, month] for month in MONTHS], (party, currency)
            owner = {"owner": f"party/{party}", "currency": currency}
            kept = self.mall.rows("SELECT balance FROM accounts WHERE owner = :owner AND currency = :currency", **owner)
            assert kept == [(last,)]
        for currency, account in self.accounts.items():
            spent = OPENING - self.mall.world.bank.balance(account)
            had = sum(last for (_, one), (_, last) in statements.items() if one == currency)
            assert spent == had + (333 if currency == JPY else 0), "less what was paid out"
        assert asked(self.mall.rows) == []
        empty = "SELECT SUM(ABS(balance)) FROM accounts WHERE id IN (SELECT account FROM store_tills)"
        assert self.mall.rows(empty) == [(0,)]
        return len(MONTHS) * len(statements)

    def read(self, party: str, currency: int) -> tuple[list[int], int]:
        """What changed in each month, and what a party has at the end, out of its CSV files."""
        changes, before = [], 0
        for month in MONTHS:
            data = statement_csv.write(self.mall.store.statement(party, month, currency)).decode()
            opening, *lines, closing = csv.DictReader(io.StringIO(data, newline=""))
            assert (opening["kind"], closing["kind"], int(opening["balance_minor"])) == ("opening", "closing", before)
            for line in lines:
                assert line["date"].startswith(month)
                before += int(line["share_minor"])
                assert int(line["balance_minor"]) == before
            assert int(closing["balance_minor"]) == before
            changes.append(sum(int(line["share_minor"]) for line in lines))
        return changes, before
