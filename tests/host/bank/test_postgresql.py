"""The same bank on PostgreSQL: a private cluster behind a socket file. Skipped where PostgreSQL is missing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tapwatch.bank import migrations
from tapwatch.bank.customer_desk import Owner
from tapwatch.bank.problems import AccessProblem, StoreProblem
from tapwatch.bank.products import PRODUCTS
from tapwatch.bank.store import Store
from tests.host.bank.mail import Mail
from tests.host.bank.old_bank import VERSION_1, VERSION_3
from tests.host.bank.test_codes_merchant import merchant_code, payment
from tests.host.bank.test_migrations import shape
from tests.host.bank.till import Till, presented, shown, wrong
from tests.host.bank.world import World

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = [
    pytest.mark.share("system"),
]


@pytest.fixture(scope="module")
def world(url: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    """One bank for the whole module: creating one takes a while."""
    return World(tmp_path_factory.mktemp("bank"), url)


def test_payments_repeats_clones_and_reversals(world: World) -> None:
    before = world.spent
    card = world.card("mastercard")
    request = world.purchase(card, 3, 500)
    assert world.code(request) == "00"
    world.reopen()
    assert world.code({**request, "t": "0201"}) == "00"
    held = world.purchase(card, 1, 1000, "0100")
    assert world.code(world.about(held, "0220", 400)) == "00"
    assert world.code(held) == "00"
    assert world.spent - before == 900
    assert world.code(world.about(request, "0400")) == "00"
    assert world.spent - before == 400
    assert world.pay(card, 3, 1) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"
    assert world.bank.trial_balance().balanced


def test_batches(world: World) -> None:
    token = world.token()
    old = world.fetch(token)
    new = world.fetch(token)
    assert world.pay(old, old.atcs[0], 100) == "54"
    assert world.pay(new, new.atcs[4], 100) == "00"
    assert world.fetch(token, 2, max(new.atcs)).atcs[0] == max(new.atcs) + 1


def test_two_authorisations_at_once(world: World) -> None:
    card = world.card()
    requests = [world.purchase(card, 1, 100 + number) for number in range(6)]
    codes: list[str] = []
    threads = [threading.Thread(target=lambda one=one: codes.append(world.code(one))) for one in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["00"] + ["59"] * 5


def test_codes_once_and_never_by_guessing(world: World) -> None:
    card = world.card()
    book, till, before = card.content[21], Till(world), world.spent
    now = world.clock.now
    purchase = till.digits(shown(book, 0, now), 300)
    assert world.code(purchase) == world.code({**purchase, "t": "0201"}) == "00"
    assert [till.pay(shown(book, 0, now)), till.pay(wrong(shown(book, 1, now)))] == ["94", "14"]
    assert world.code(till.qr(card, presented(card, 1), 200)) == "00"
    assert world.spent - before == 500
    assert world.code(world.about(purchase, "0400")) == "00"
    assert world.spent - before == 200
    guesser = Till(world, "GUESSER")
    assert [guesser.pay(f"97{number:016d}") for number in range(11)] == ["14"] * 10 + ["58"]
    assert world.bank.trial_balance().balanced


def test_two_merchants_scan_one_code(world: World) -> None:
    code = shown(world.card().content[21], 0, world.clock.now)
    requests = [Till(world, f"SHOP{number}").digits(code, 100 + number) for number in range(6)]
    codes: list[str] = []
    threads = [threading.Thread(target=lambda one=one: codes.append(world.code(one))) for one in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["00"] + ["94"] * 5


def test_merchant_codes_and_lost_watches(world: World) -> None:
    card, code = world.card(), merchant_code(world)
    envelope = payment(world, card, 1, code)
    assert [world.bank.merchant_payment(envelope, code) for _ in range(2)] == ["00", "00"]
    assert world.bank.merchant_payment(payment(world, card, 2, code), code) == "94"
    world.bank.lost(world.watch.id, "call me")
    assert world.pay(card, 3, 100) == "41"
    world.bank.found(world.watch.id)
    assert world.pay(card, 4, 100) == "00"


def test_books_are_replaced_and_forgotten(world: World) -> None:
    token = world.token()
    first = world.fetch(token)
    assert world.pay(first, first.atcs[0], 100) == "00"
    assert Till(world).pay(shown(first.content[21], 0, world.clock.now)) == "00"
    second = world.fetch(token, 2, first.atcs[-1])
    world.fetch(token, 3, second.atcs[-1])
    assert Till(world).pay(shown(first.content[21], 1, world.clock.now)) == "14"
    assert Till(world).pay(shown(second.content[21], 1, world.clock.now)) == "00"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE code_handles SET state = 'live' WHERE state = 'used'",
        "UPDATE code_handles SET handle = '00000000'",
        "UPDATE payments SET code_id = NULL WHERE channel = 'digits'",
        "UPDATE payments SET channel = 'digits'",
        "UPDATE payments SET code_id = (SELECT min(code_id) FROM payments) WHERE channel = 'digits'",
        "UPDATE journal SET amount = 1",
        "DELETE FROM journal",
        "UPDATE atcs SET state = 'live' WHERE state = 'used'",
        "DELETE FROM atcs",
        "UPDATE accounts SET balance = -1 WHERE kind = 'customer'",
        "INSERT INTO journal (reason, debit, credit, amount, currency, at) VALUES ('purchase', 1, 1, 5, 978, 0)",
    ],
)
def test_the_database_guards_itself(world: World, statement: str) -> None:
    world.pay(world.card(), 1, 100)
    book = world.card().content[21]
    assert [Till(world).pay(shown(book, number, world.clock.now)) for number in (0, 1)] == ["00", "00"]
    with pytest.raises(StoreProblem), Store(world.url).write() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_product(world: World, name: str) -> None:
    card = world.card(name)
    codes = [world.pay(card, atc, 100) for atc in (card.atcs[6], card.atcs[1])]
    codes += [
        world.code(world.purchase(card, atc, 100, chip=card.tap(atc, 100, cdcvm=False))) for atc in card.express_atcs
    ]
    assert set(codes) == {"00"}
    world.clock.now += 3600
    again = world.fetch(card.content[1], 2, max(card.atcs + card.express_atcs))
    assert world.pay(again, again.atcs[0], 100) == "00"
    assert world.pay(card, card.atcs[6], 100) == "59"


def test_an_old_database_is_brought_up(world: World, url: str) -> None:
    """Version 1 as its program made it, with one card; then the same tables as a new database."""
    with Store(url).engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in ("old", "fresh"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    old, fresh = (Store(url.replace("/postgres?", f"/{name}?")) for name in ("old", "fresh"))
    with old.write() as connection:
        for statement in VERSION_1["postgresql"]:
            connection.exec_driver_sql(statement)
        for statement in VERSION_1["sqlite"]:
            if statement.startswith(('INSERT INTO "accounts"', 'INSERT INTO "cards"')):
                connection.exec_driver_sql(statement)
    migrations.migrate(old)
    migrations.migrate(fresh)
    with old.read() as connection:
        assert connection.execute(text("SELECT product FROM cards ORDER BY id")).scalars().all() == [
            "visa-18", "mastercard-14",
        ]  # fmt: skip
    assert shape(old, types=True) == shape(fresh, types=True)
    old.close()
    fresh.close()


def test_version_3_with_data_is_brought_up(world: World, url: str) -> None:
    """Accounts and cards of version 3 keep what they are, and get customers and an expiry."""
    with Store(url).engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE third"))
    third = Store(url.replace("/postgres?", "/third?"))
    with third.write() as connection:
        for statement in VERSION_1["postgresql"]:
            connection.exec_driver_sql(statement)
    migrations.migrate(third, 3)
    with third.write() as connection:
        for statement in VERSION_3["sqlite"]:
            if statement.startswith(('INSERT INTO "accounts"', 'INSERT INTO "cards"')):
                connection.exec_driver_sql(statement)
    migrations.migrate(third)
    with third.read() as connection:
        assert connection.execute(text("SELECT count(*), min(expiry) FROM cards")).one() == (3, "3012")
    assert shape(third, types=True) == shape(Store(world.url), types=True)
    third.close()


def test_customers_codes_and_mailboxes(world: World) -> None:
    """The rooms of version 4: guesses, a code with wrong tries, histories, and a poll of the mailbox."""
    desk, bank = world.bank.customers, world.bank
    number = desk.create("ada", "correct horse", "+10005550142")
    account = bank.open_account("Ada", 978, 50_000)
    desk.give_account(number, account)
    bank.order_card(account, "visa")
    with pytest.raises(AccessProblem):
        desk.log_in("ada", "wrong password")
    session = desk.log_in("ada", "correct horse").bearer
    card = desk.cards(desk.logged_in(session))[0]
    one = desk.enrol(world.watch.id, "", None, card.pan, card.expiry)
    desk.challenge(world.watch.id, one.id, "sms")
    code = desk.messages()[0].text[:6]
    assert desk.code(world.watch.id, one.id, f"{(int(code) + 1) % 10**6:06d}").tries_left == 2
    token = desk.code(world.watch.id, one.id, code).token_id
    assert token is not None and world.pay(world.fetch(token), 1, 100) == "00"
    owner = Owner("customer", customer=number)
    desk.set_state(owner, token, "suspended")
    assert [event.event for event in desk.history(owner, token)[0]] == ["suspended", "keys", "issued"]
    mail = Mail(world)
    assert mail.round() >= {3, 4, 7, 8, 10}
    with pytest.raises(StoreProblem), Store(world.url).write() as connection:
        connection.execute(text("UPDATE enrolments SET state = 'started'"))
        connection.execute(text("INSERT INTO enrolments (id, device_id, card_id, decision, state, at) "
                                "SELECT 'x', device_id, card_id, 'yellow', 'started', 0 FROM enrolments"))  # fmt: skip


def test_one_code_from_many_threads(world: World) -> None:
    """Six right answers at once make one token."""
    desk, bank = world.bank.customers, world.bank
    number, account = desk.create("bob", "correct horse", "+10005550143"), bank.open_account("Bob", 978, 0)
    desk.give_account(number, account)
    bank.order_card(account, "visa")
    card = desk.cards(number)[0]
    one = desk.enrol(world.watch.id, "", None, card.pan, card.expiry)
    desk.challenge(world.watch.id, one.id, "sms")
    code, got = desk.messages()[0].text[:6], []
    answer = lambda: got.append(desk.code(world.watch.id, one.id, code).token_id)  # noqa: E731
    threads = [threading.Thread(target=answer) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6 and len(set(got)) == 1 == len(desk.tokens(Owner("customer", customer=number)))


def test_server_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreProblem, match="database failed"), Store(f"postgresql://x@/x?host={tmp_path}").read():
        pass
