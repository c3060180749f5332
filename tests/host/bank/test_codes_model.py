"""Random scans, repeats, reversals and waits against a model of forty lines."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tapwatch.bank import codes, guesses
from tests.host.bank.till import Till, shown, wrong
from tests.host.bank.world import World

LONG = bool(os.getenv("TAPWATCH_LONG"))
SHOPS = ("A", "B")
NUMBERS = st.integers(0, 4)
AMOUNTS = st.sampled_from([0, 1, 700, 9_000, 20_000, 20_001])
counted = {"steps": 0, "approved": 0}


class Model:
    """What must come of each scan, as simply as it can be said."""

    def __init__(self) -> None:
        self.used: set[int] = set()
        self.dead: set[int] = set()
        self.wrong: dict[int, int] = {}
        self.guesses: dict[str, list[int]] = {shop: [] for shop in SHOPS}
        self.paid: dict[int, int] = {}
        """By number of the code: what it paid and nobody gave back."""

    def blocked(self, shop: str, now: int) -> bool:
        last = self.guesses[shop][-guesses.MOST_WRONG :]
        return len(last) == guesses.MOST_WRONG and last[-1] - last[0] < 3600 and now < last[-1] + 3600

    def scan(self, shop: str, number: int, amount: int, right: bool, undone: bool, now: int) -> str:
        if self.blocked(shop, now):
            return "58"
        if not right or number in self.dead:
            self.guesses[shop].append(now)
            if number not in self.used | self.dead:
                self.wrong[number] = self.wrong.get(number, 0) + 1
                if self.wrong[number] == codes.WRONG_CHECKS:
                    self.dead.add(number)
            return "14"
        if number in self.used:
            return "94"
        self.used.add(number)
        if undone:
            return "21"
        if amount == 0:
            return "13"
        if amount > codes.PER_CODE_MINOR or sum(self.paid.values()) + amount > codes.IN_ALL_MINOR:
            return "61"
        self.paid[number] = amount
        return "00"


class Scans(RuleBasedStateMachine):
    """One book of codes and two merchants."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="tapwatch-codes-")
        self.world = World(Path(self._folder.name))
        self.book: dict[int, Any] = self.world.card().content[21]
        self.model = Model()
        self.sent: list[tuple[dict[str, str], str, int]] = []

    def teardown(self) -> None:
        assert self.world.bank.trial_balance().balanced
        self.world.bank._store.close()
        self._folder.cleanup()

    def send(self, shop: str, number: int, amount: int, right: bool, undone: bool = False) -> None:
        now = self.world.clock.now
        code = shown(self.book, number, now)
        request = Till(self.world, shop).digits(code if right else wrong(code), amount)
        if undone:
            assert self.world.code(self.world.about(request, "0400")) == "00"
        expected = self.model.scan(shop, number, amount, right, undone, now)
        assert self.world.code(request) == expected
        counted["approved"] += expected == "00"
        self.sent.append((request, expected, number))

    @rule(shop=st.sampled_from(SHOPS), number=NUMBERS, amount=AMOUNTS)
    def right(self, shop: str, number: int, amount: int) -> None:
        self.send(shop, number, amount, right=True)

    @rule(shop=st.sampled_from(SHOPS), number=NUMBERS, times=st.integers(1, 4))
    def guess(self, shop: str, number: int, times: int) -> None:
        for _ in range(times):
            self.send(shop, number, 100, right=False)

    @rule(shop=st.sampled_from(SHOPS), number=NUMBERS)
    def reversal_first(self, shop: str, number: int) -> None:
        self.send(shop, number, 100, right=True, undone=True)

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        if self.sent:
            request, answer, _ = data.draw(st.sampled_from(self.sent))
            assert self.world.code({**request, "t": "0201"}) == answer

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        if self.sent:
            request, answer, number = data.draw(st.sampled_from(self.sent))
            assert self.world.code(self.world.about(request, "0400")) == "00"
            if answer == "00":
                self.model.paid.pop(number, None)

    @rule(wait_s=st.sampled_from([1, 59, 600, 3599]))
    def wait(self, wait_s: int) -> None:
        if self.world.clock.now + wait_s <= self.book[5]:
            self.world.clock.now += wait_s

    @invariant()
    def money(self) -> None:
        counted["steps"] += 1
        assert self.world.spent == sum(self.model.paid.values())


@pytest.mark.share("fuzz")
def test_scans_against_the_model() -> None:
    Scans.TestCase.settings = settings(
        max_examples=200 if LONG else 12,
        stateful_step_count=60 if LONG else 25,
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
    Scans.TestCase("runTest").runTest()
    print(
        f"NOTE codes: {counted['steps']} random steps against the model, {counted['approved']} approved, 0 differences"
    )
    assert counted["approved"] > 8
