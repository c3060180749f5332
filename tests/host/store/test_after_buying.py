"""What is bought stays bought: while prices, versions and keys change, and after the app is withdrawn."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.problems import UnknownProblem
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.world import EUR, Watch
from tests.host.store.mall import PRICE, Maker, listing, project

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

pytestmark = pytest.mark.share("system")


def dearer(mall: Mall, maker: Maker, version: str, price: int = 999) -> bytes:
    """Another version of the app that is sold, at another price."""
    prices = [["**", EUR, price]]
    return mall.listed(maker, project("chess", version, paid=True), listing(category="games", prices=prices))


def test_a_price_that_changes_before_payment(mall: Mall) -> None:
    """What stands in the code is paid and counts; who asks again sees the new price and pays once."""
    card, order = mall.world.card(), mall.order()
    dearer(mall, mall.ann, "1.1.0")
    assert mall.pay_order(card, 1, order) == "00"
    paid = mall.store.order_state(mall.world.watch.id, order.order)
    assert (paid.state, paid.amount_minor, mall.world.spent) == ("paid", PRICE, PRICE)
    assert mall.order() == paid
    assert mall.rows("SELECT version FROM store_sales") == [("1.0.0",)], "sold as the version that was ordered"


def test_a_price_that_changes_before_the_second_order(mall: Mall) -> None:
    first = mall.order()
    dearer(mall, mall.ann, "1.1.0")
    second = mall.order()
    assert (second.amount_minor, second.order != first.order) == (999, True)
    assert mall.store.order_state(mall.world.watch.id, first.order).state == "ended"


def test_withdrawn_after_it_was_bought(mall: Mall) -> None:
    order = mall.order()
    mall.pay_order(mall.world.card(), 1, order)
    before = mall.licence()
    mall.store.withdraw("chess")
    assert mall.licence() == before
    with pytest.raises(UnknownProblem):
        mall.store.app("chess")
    assert mall.store.give_back(mall.world.watch.id, order.order).state == "refunded"
    assert mall.world.spent == 0


def test_newer_versions_and_another_key_of_the_maker(mall: Mall) -> None:
    """The licence names the maker, not a version or a key: it holds on."""
    mall.pay_order(mall.world.card(), 1, mall.order())
    before = mall.licence()
    dearer(mall, mall.ann, "1.1.0")
    key = PrivateKey.generate()
    certificate = mall.certify("developer", key.public, "Ann", {"id": "ann"})
    mall.store.certify(certificate)
    digest = dearer(mall, Maker("ann", key, certificate), "1.2.0")
    assert mall.licence() == before and before[3] == "ann"
    assert mall.store.app("chess")["digest"] == digest.hex(), "what phones fetch is the newest"
    assert mall.order().state == "paid"


def test_each_watch_buys_for_itself(mall: Mall) -> None:
    mall.pay_order(mall.world.card(), 1, mall.order())
    other = Watch(mall.world.root, 2)
    mall.world.register(other)
    with pytest.raises(UnknownProblem):
        mall.store.licence(other.id, "chess")
    assert mall.store.order(other.id, "chess", "DE", EUR, secrets.token_bytes(16)).state == "open"


def test_a_card_without_money(mall: Mall) -> None:
    """The bank says no, the order stays open, nobody is owed anything; once there is money it is paid."""
    order, card = mall.order(), mall.world.card()
    left = move(mall, -1)
    assert mall.pay_order(card, 1, order) == "51"
    assert mall.store.order_state(mall.world.watch.id, order.order).state == "open"
    assert mall.rows("SELECT COUNT(*) FROM store_sales") == [(0,)]
    assert move(mall, left) == left
    assert mall.pay_order(card, 2, order) == "00"
    assert mall.store.order_state(mall.world.watch.id, order.order).state == "paid"


def move(mall: Mall, amount: int) -> int:
    """Bring money to the customer's account; -1 takes all away. Returns how much was moved."""
    books = mall.world.bank.books
    with books.write() as connection:
        till, account = books.ledger.account(connection, "till", "bank", EUR), mall.world.account
        ends = (till, account) if amount > 0 else (account, till)
        moved = amount if amount > 0 else books.ledger.balance(connection, account)
        books.ledger.move(connection, "opening", *ends, moved, mall.world.clock.now)
    return moved
