"""Licences come to the watch by themselves: with the bank's notices, and by its mailbox."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tapwatch.bank import history
from tapwatch.bank.parcels import LICENCE, REVOCATIONS
from tapwatch.signing import cbor, envelope, revocations
from tapwatch.store import migrations
from tapwatch.store.licences import GRACE_S, REFUND_S
from tapwatch.store.sweep import FINISH_S
from tests.host.bank.mail import Mail
from tests.host.store.mall import PRICE

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

pytestmark = pytest.mark.share("store and keys")


def ends(mall: Mall, mail: Mail) -> list[Any]:
    """When each licence that the mailbox has brought ends; signatures and certificate are checked."""
    for kind, body in mail.brought:
        assert kind == LICENCE and isinstance(body, list) and body[1] == mall.store.certificate
    said = [envelope.verify(body[0], mall.store_key.public, "tapwatch/licence").payload for _, body in mail.brought]
    assert all(payload[1] == mall.world.watch.id and payload[2] == "chess" for payload in said)
    assert [payload[4] for payload in said] == list(range(1, len(said) + 1)), "serial numbers rise"
    return [payload[6] for payload in said]


def test_what_was_bought_stays_without_anybody_asking(mall: Mall) -> None:
    """One that ends comes with the payment; 14 days later one without end, though no phone asks the store."""
    mail, paid = Mail(mall.world), mall.world.clock.now
    mall.pay_order(mall.world.card(), 1, mall.order())
    mall.store.sweep()
    mail.round()
    assert ends(mall, mail) == [paid + REFUND_S + GRACE_S]
    mall.world.clock.now = paid + REFUND_S - 1
    mall.store.sweep()
    mail.round()
    assert len(mail.brought) == 1
    mall.world.clock.now += FINISH_S
    mall.store.sweep()
    mall.store.sweep()
    mail.round()
    assert ends(mall, mail) == [paid + REFUND_S + GRACE_S, None]
    assert mall.licence()[6] is None


def test_a_refund_of_all_ends_it_and_one_of_a_part_does_not(mall: Mall) -> None:
    mail, paid, card, order = Mail(mall.world), mall.world.clock.now, mall.world.card(), mall.order()
    mall.pay_order(card, 1, order)

    def back() -> list[object]:
        """What the wearer reads at the store and at the bank, and whether the watch was told that nothing is paid."""
        with mall.world.bank.books.read() as connection:
            (at_the_bank,) = history.payments_of(connection, card.content[1])
        told = [notice.payload[10] for notice in mall.world.notices()]
        here = mall.store.order_state(mall.world.watch.id, order.order)
        return [here.back_minor, at_the_bank.back_minor, at_the_bank.state, "21" in told]

    assert back() == [0, 0, "paid", False]
    (payment,) = mall.rows("SELECT payment_id FROM store_sales")
    mall.store.refund(payment[0], 100, "a part")
    assert back() == [100, 100, "paid", False]
    mail.round()
    assert len(mail.brought) == 1
    mall.store.refund(payment[0], None, "the rest")
    assert back() == [PRICE, PRICE, "reversed", True]
    mail.round()
    assert ends(mall, mail) == [paid + REFUND_S + GRACE_S, paid], "an end in the past"
    mall.world.clock.now = paid + REFUND_S
    mall.store.sweep()
    assert ends(mall, mail)[-1] == mall.licence()[6] == paid, "and none without end follows"


def test_a_list_that_the_store_takes_is_the_banks(mall: Mall) -> None:
    made = revocations.issue(mall.world.root, 4, 1, [7])
    assert mall.store.set_revocations(made) == 4
    mail = Mail(mall.world)
    mail.round()
    assert mail.brought == [(REVOCATIONS, made)]
    assert mall.world.bank.revocations() == mall.store.revocations() == made


@pytest.mark.parametrize("known", [False, True])
def test_a_store_of_before_hands_its_list_over(mall: Mall, known: bool) -> None:
    """A list that the bank has already stays."""
    old, new = (revocations.issue(mall.world.root, number, 1, [7]) for number in (4, 5))
    books = mall.world.bank.books
    with books.write() as connection:
        connection.execute(text("UPDATE store_schema_version SET version = 1"))
        connection.execute(text("ALTER TABLE store_versions DROP COLUMN void"))
        connection.execute(text("INSERT INTO store_settings VALUES ('revocations', :list)"), {"list": old})
    if known:
        mall.world.bank.set_revocations(new)
    mall.reopen()
    assert mall.store.revocations() == (new if known else old)
    assert mall.rows("SELECT version FROM store_schema_version") == [(migrations.VERSION,)]
    assert mall.rows("SELECT COUNT(*) FROM store_settings WHERE name = 'revocations'") == [(0,)]
    (body,) = mall.rows("SELECT body FROM parcels")
    assert cbor.decode(body[0]) == mall.store.revocations()
    asyncio.run(mall.world.bank.stop())
