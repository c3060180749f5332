"""The store dies or its disk fails at any write of any step: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from tapwatch.bank.problems import StoreProblem
from tests.host.bank.world import EUR
from tests.host.store.mall import Mall, listing, project
from tests.host.store.test_sharing import check_books
from tests.host.store.test_statements import DECEMBER

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

pytestmark = pytest.mark.share("cuts and faults")
WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """The process ends here. No code of ours may catch it."""


class Fault:
    """Ends the process at the n-th write from now, or at the n-th commit."""

    def __init__(self, mall: Mall, at: int, commit: bool) -> None:
        self.left, self._engine = at, mall.world.bank.books.database.engine
        self._name = "commit" if commit else "before_cursor_execute"
        self._hook = self._commit if commit else self._write

    def __enter__(self) -> Fault:
        event.listen(self._engine, self._name, self._hook)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, self._name, self._hook)

    def _commit(self, _: object) -> None:
        self._count()

    def _write(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith(WRITES):
            self._count()

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


class Story:
    """Publish, buy, pay in the app, give back, pay out, close: steps that may be repeated."""

    def __init__(self, mall: Mall) -> None:
        self.mall, self.key = mall, secrets.token_bytes(16)
        self.request = mall.request(mall.ann, project("clock"), listing())
        self.card = mall.world.card()
        self.first, self.watch = mall.order(), mall.world.watch.id
        assert mall.pay_order(self.card, 1, self.first) == "00"
        assert mall.pay_in_app(self.card, 2, 1001) == "00"

    def steps(self) -> tuple[Callable[[], object], ...]:
        """Each is what somebody asks for, and asks for again when no answer came."""
        store = self.mall.store
        return (
            lambda: store.publish(self.request),
            lambda: store.accept(self.mall.rows("SELECT MAX(id) FROM store_versions")[0][0]),
            lambda: store.licence(self.watch, "chess"),
            lambda: store.refund(self._payment(), 333, "part"),
            lambda: store.give_back(self.watch, self.first.order),
            lambda: store.order(self.watch, "chess", "DE", EUR, self.key),
            lambda: store.pay_out("bob", 100, EUR, "T-1"),
            lambda: self._later(lambda: store.close_month("2026-11")),
        )

    def check(self) -> None:
        """What it must come to, however often it was cut."""
        mall = self.mall
        left = 1001 - 333
        assert mall.world.spent == left
        assert sum(mall.balances().values()) == left - 100
        assert mall.store.app("clock")["version"] == "1.0.0"
        counts = {"sales": 2, "refunds": 2, "licences": 2, "orders": 2, "payouts": 1, "publications": 4}
        for table, wanted in counts.items():
            assert mall.rows(f"SELECT COUNT(*) FROM store_{table}")[0][0] == wanted, table  # noqa: S608
        assert mall.world.bank.trial_balance().balanced
        check_books(mall)

    def _payment(self) -> int:
        found = self.mall.rows("SELECT payment_id FROM store_sales WHERE kind = 'in-app'")
        return found[0][0] if found else 0

    def _later(self, step: Callable[[], object]) -> object:
        now, self.mall.world.clock.now = self.mall.world.clock.now, DECEMBER
        try:
            return step()
        finally:
            self.mall.world.clock.now = now


def played(story: Story, cut: Callable[[int], AbstractContextManager[object]], ends: type[BaseException]) -> int:
    """Play a story through; each step is cut at its first point, its second and so on, and asked for again.

    Returns how often it was cut. `ends` is what a cut raises.
    """
    points = 0
    for place in range(len(story.steps())):
        at, again = 1, True
        while again:
            with cut(at):
                try:
                    story.steps()[place]()
                    again = False
                except ends:
                    points += 1
            at += 1
            if again and at % 3 == 0:
                story.mall.reopen()
        story.steps()[place]()
    story.check()
    return points


@pytest.mark.parametrize("commit", [False, True], ids=["writes", "commits"])
def test_killed_anywhere(first_mall: Mall, tmp_path: Path, commit: bool) -> None:
    """One story is played through; at each step it is killed at every point of that step, and the step repeated."""
    story = Story(first_mall.copied(tmp_path))
    points = played(story, lambda at: Fault(story.mall, at, commit), Killed)
    print(f"NOTE store: killed at {points} {'commits' if commit else 'writes'} of 8 steps: 0 lost, 0 twice")
    assert points >= (8 if commit else 40)


def test_the_check_can_fail(mall: Mall) -> None:
    """A guard: money that moves beside the books is noticed."""
    mall.pay_in_app(mall.world.card(), 1, 1000)
    mall.store.sweep()
    check_books(mall)
    with mall.world.bank.books.write() as connection:
        accounts = [row[0] for row in mall.rows("SELECT id FROM accounts WHERE owner LIKE 'party/%'")]
        mall.world.bank.books.ledger.move(connection, "share", accounts[0], accounts[1], 1, 5)
    with pytest.raises(AssertionError):
        check_books(mall)


def test_a_full_disk(mall: Mall) -> None:
    """What cannot be written is not said to be done; it is done once there is room."""
    engine = mall.world.bank.books.database.engine
    request = mall.request(mall.ann, {**project("clock"), "notes.md": bytes(400_000)}, listing())

    def no_room(connection: object, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]  # SQLite keeps what it has

    engine.dispose()
    event.listen(engine, "connect", no_room)
    with pytest.raises(StoreProblem, match="full"):
        mall.store.publish(request)
    event.remove(engine, "connect", no_room)
    engine.dispose()
    assert mall.store.reviews() == []
    assert mall.store.publish(request).state == "waiting"
