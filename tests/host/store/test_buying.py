"""Orders, payments, licences, refunds: each once, whatever is repeated."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.problems import BusyProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.store.licences import GRACE_S, REFUND_S
from tapwatch.store.orders import OPEN_S, PER_HOUR
from tapwatch.store.sweep import FINISH_S
from tests.host.bank.world import EUR, Watch
from tests.host.store.mall import PRICE

if TYPE_CHECKING:
    from tests.host.store.mall import Mall


def test_an_app_is_bought_once(mall: Mall) -> None:
    card, order = mall.world.card(), mall.order()
    assert (order.state, order.amount_minor) == ("open", PRICE)
    with pytest.raises(UnknownProblem):
        mall.licence()
    assert [mall.pay_order(card, 1, order) for _ in range(2)] == ["00", "00"]
    assert mall.pay_order(card, 2, order) == "94", "a bill is paid once"
    now = mall.world.clock.now
    first = mall.licence()
    assert first == {1: mall.world.watch.id, 2: "chess", 3: "ann", 4: 1, 5: now, 6: now + REFUND_S + GRACE_S}
    for _ in range(3):
        assert mall.licence() == first
        assert mall.store.sweep() == 0
    mall.reopen()
    assert mall.licence() == first
    paid = mall.store.order_state(mall.world.watch.id, order.order)
    assert (paid.state, paid.refund_until) == ("paid", now + REFUND_S)
    assert mall.balances() == {"ann": 424, "Mall Store": 50, "Watch Manufacturer": 25}
    assert mall.order() == paid, "who has it does not buy it again"


def test_the_licence_becomes_final(mall: Mall) -> None:
    order = mall.order()
    mall.pay_order(mall.world.card(), 1, order)
    bought = mall.world.clock.now
    mall.licence()
    mall.world.clock.now = bought + REFUND_S - 1
    assert mall.licence()[4] == 1
    mall.world.clock.now += FINISH_S
    final = mall.licence()
    assert (final[4], final[5], final[6]) == (2, bought, None)
    assert mall.licence() == final
    with pytest.raises(StateProblem, match="over"):
        mall.store.give_back(mall.world.watch.id, order.order)


def test_an_app_is_given_back(mall: Mall) -> None:
    order = mall.order()
    mall.pay_order(mall.world.card(), 1, order)
    bought = mall.licence()[5]
    mall.world.clock.now += 1000
    watch = mall.world.watch.id
    done = [mall.store.give_back(watch, order.order) for _ in range(3)]
    assert {one.state for one in done} == {"refunded"}
    assert mall.world.spent == 0
    assert set(mall.balances().values()) == {0}
    ended = mall.licence()
    assert (ended[4], ended[6]) == (2, bought)
    assert [notice.payload[10] for notice in mall.world.notices()] == ["00", "21"]
    again = mall.order()
    assert again.order != order.order
    mall.pay_order(mall.world.card(), 1, again)
    assert mall.licence()[4] == 3
    assert mall.world.bank.trial_balance().balanced


def test_the_same_request_is_the_same_order(mall: Mall) -> None:
    key = secrets.token_bytes(16)
    first = mall.order(key=key)
    assert mall.order(key=key) == first
    assert mall.order() == first, "another key finds the open order"
    with pytest.raises(StateProblem, match="another order"):
        mall.store.order(mall.world.watch.id, "chess", "CN", EUR, key)
    other = mall.order(region="CN")
    assert (other.amount_minor, other.order != first.order) == (300, True)
    assert mall.store.order_state(mall.world.watch.id, first.order).state == "ended"
    mall.world.clock.now += OPEN_S
    assert mall.order(key=key).state == "ended"
    late = mall.order(region="CN")
    assert late.order != other.order
    assert mall.store.orders(mall.world.watch.id)[0].order == late.order


def test_two_orders_paid_for_one_app(mall: Mall) -> None:
    """The code of an order that ended can still be paid: the second payment comes back at once."""
    first = mall.order()
    second = mall.order(region="CN")
    card = mall.world.card()
    assert [mall.pay_order(card, 1, second), mall.pay_order(card, 2, first)] == ["00", "00"]
    mall.store.sweep()
    states = {one.order: one.state for one in mall.store.orders(mall.world.watch.id)}
    assert states == {first.order: "returned", second.order: "paid"}
    assert mall.world.spent == 300
    assert sum(mall.balances().values()) == 300
    assert mall.store.give_back(mall.world.watch.id, first.order).state == "returned"


def test_an_app_that_is_withdrawn_is_not_sold(mall: Mall) -> None:
    order = mall.order()
    mall.store.withdraw("chess")
    with pytest.raises(UnknownProblem):
        mall.order()
    assert mall.pay_order(mall.world.card(), 1, order) == "00"
    assert mall.store.order_state(mall.world.watch.id, order.order).state == "returned"
    assert mall.world.spent == 0


@pytest.mark.parametrize(
    ("app", "region", "currency", "problem"),
    [
        ("tally", "DE", EUR, StateProblem),
        ("chess", "DE", 156, UnknownProblem),
        ("nothing", "DE", EUR, UnknownProblem),
        ("chess", "de", EUR, RequestProblem),
        ("chess", "**", EUR, RequestProblem),
        ("'; DROP TABLE store_apps; --", "DE", EUR, UnknownProblem),
    ],
)
def test_what_cannot_be_ordered(mall: Mall, app: str, region: str, currency: int, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        mall.store.order(mall.world.watch.id, app, region, currency, secrets.token_bytes(16))


def test_orders_are_the_watchs_own(mall: Mall) -> None:
    order = mall.order()
    other = Watch(mall.world.root, 2)
    mall.world.register(other)
    for ask in (mall.store.order_state, mall.store.give_back):
        with pytest.raises(UnknownProblem):
            ask(other.id, order.order)
    assert mall.store.orders(other.id) == []


def test_a_flood_of_orders(mall: Mall) -> None:
    """One watch asks again and again; another one still gets its order."""
    key = secrets.token_bytes(16)
    mall.order(key=key)
    refused = 0
    for number in range(400):
        try:
            mall.order(region=("CN", "DE")[number % 2])
        except BusyProblem:
            refused += 1
    assert refused == 400 - PER_HOUR + 1
    assert mall.rows("SELECT count(*) FROM store_orders")[0][0] <= PER_HOUR
    assert mall.order(key=key).app == "chess", "a repeat is no new order"
    other = Watch(mall.world.root, 2)
    mall.world.register(other)
    assert mall.store.order(other.id, "chess", "DE", EUR, key).state == "open"
    mall.world.clock.now += 3600
    assert mall.order().state == "open"
    print(f"NOTE store: 400 orders of one watch within an hour, {refused} refused, another watch served")
