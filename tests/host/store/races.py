"""Several processes on one database: each has its own bank and store, and all are told the same at once."""

from __future__ import annotations

import contextlib
import multiprocessing
import secrets
from typing import TYPE_CHECKING, Any

from tapwatch.bank.service import Bank
from tapwatch.store.service import AppStore
from tests.host.bank.test_codes_merchant import chip, payment
from tests.host.bank.world import DAY_S, EUR

if TYPE_CHECKING:
    from multiprocessing.connection import Connection as Pipe
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

    from tests.host.store.mall import Mall

PROCESSES = 2
ROUNDS = 2
_PATIENCE_S = 60


def _play(url: str, keys: Path, store_keys: Path, device: bytes, pipe: Pipe, start: Barrier) -> None:
    """One process: a step at a time, until there is none. Every step is `time, name, arguments`."""
    now = [0]
    at, name, arguments = pipe.recv()
    now[0] = at
    bank = Bank(url, keys, lambda: now[0])
    store = AppStore(bank.books, store_keys)
    while name:
        now[0] = at
        start.wait(_PATIENCE_S)
        if name == "order":
            pipe.send(store.order(device, *arguments).order)
        elif name == "pay":
            pipe.send(bank.merchant_payment(*arguments))
        elif name == "licence":
            pipe.send(store.licence(device, *arguments).envelope)
        elif name == "give back":
            pipe.send(store.give_back(device, *arguments).state)
        at, name, arguments = pipe.recv()


class Crowd:
    """The processes; use it as a context manager."""

    def __init__(self, mall: Mall) -> None:
        self._mall = mall
        context = multiprocessing.get_context("spawn")
        self._start, pairs = context.Barrier(PROCESSES), [context.Pipe() for _ in range(PROCESSES)]
        self._pipes = [mine for mine, _ in pairs]
        world = mall.world
        known = (world.url, world.keys, mall.keys, world.watch.id)
        self._processes = [context.Process(target=_play, args=(*known, theirs, self._start)) for _, theirs in pairs]

    def __enter__(self) -> Crowd:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            with contextlib.suppress(OSError):  # it has ended before
                pipe.send((0, "", ()))
            process.join(_PATIENCE_S)
            process.kill()  # at the end of a run each that is left would be waited for, for ever
            process.join(_PATIENCE_S)

    def all(self, name: str, *arguments: Any) -> set[Any]:
        """Everybody does the same at once; what they were answered."""
        for pipe in self._pipes:
            pipe.send((self._mall.world.clock.now, name, arguments))
        assert all(pipe.poll(_PATIENCE_S) for pipe in self._pipes)
        return {pipe.recv() for pipe in self._pipes}


def exactly_once(mall: Mall) -> None:
    """Order, payment, licence, the one without end, refund: asked for by all at once, each is there once."""
    world = mall.world
    with Crowd(mall) as crowd:
        for number in range(1, ROUNDS + 1):
            (order,) = crowd.all("order", "chess", "DE", EUR, secrets.token_bytes(16))
            code, price = mall.store.order_state(world.watch.id, order).code, mall.order().amount_minor
            card = world.card()
            date = bytes.fromhex("261122")
            signed = payment(world, card, 1, code, price, k7=chip(world, card, 1, code, price, t9A=date))
            assert crowd.all("pay", signed, code) == {"00"}
            assert world.spent == price
            assert len(crowd.all("licence", "chess")) == 1
            assert crowd.all("give back", order) == {"refunded"} and world.spent == 0
            for table, rows in (("orders", 1), ("sales", 1), ("refunds", 1), ("licences", 2)):
                count = f"SELECT COUNT(*) FROM store_{table}"  # noqa: S608  # our own text
                assert mall.rows(count) == [(rows * number,)], table
    assert mall.rows("SELECT SUM(amount) FROM store_lines") == [(0,)]
    finals_come_once(mall)


def finals_come_once(mall: Mall) -> None:
    """The licence without end, which every sweep would give."""
    mall.pay_order(mall.world.card(), 1, mall.order())
    mall.store.sweep()
    mall.world.clock.now += 15 * DAY_S
    with Crowd(mall) as crowd:
        assert len(crowd.all("licence", "chess")) == 1
    assert mall.rows("SELECT COUNT(*) FROM store_licences WHERE kind = 'final'") == [(1,)]
