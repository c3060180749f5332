"""A bank made by the program of schema version 1 goes on under this one."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from tapwatch.bank import keyring, migrations
from tapwatch.bank.customer_desk import Owner
from tapwatch.bank.problems import AccessProblem, SetupProblem
from tapwatch.bank.products import PRODUCTS
from tapwatch.bank.store import Store
from tests.host.bank.old_bank import VERSION_1, VERSION_3, put_back, put_back_3
from tests.host.bank.world import START, Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.host.bank.world import World

pytestmark = pytest.mark.share("cuts and faults")


def shape(store: Store, types: bool) -> dict[str, object]:
    """What the tables look like: columns, keys, rules and indexes, the order of columns apart."""
    found: dict[str, object] = {}
    with store.read() as connection:
        inspector = inspect(connection)
        for table in inspector.get_table_names():
            found[table] = {
                "columns": sorted(
                    (column["name"], column["nullable"], str(column["type"]) if types else "")
                    for column in inspector.get_columns(table)
                ),
                "unique": sorted(sorted(rule["column_names"]) for rule in inspector.get_unique_constraints(table)),
                "checks": sorted(rule["sqltext"] for rule in inspector.get_check_constraints(table)),
                "indexes": sorted(
                    (str(index["name"]), bool(index["unique"]), tuple(index["column_names"]))
                    for index in inspector.get_indexes(table)
                ),
                "foreign": sorted(
                    (rule["constrained_columns"], rule["referred_table"], rule["referred_columns"])
                    for rule in inspector.get_foreign_keys(table)
                ),
            }
    return found


def test_an_old_bank_goes_on(world: World) -> None:
    """Its cards are of the usual products, its unused keys pay, its used ones are known, its books balance."""
    cards = put_back(world)
    world.reopen()
    for card, product in zip(cards, ("visa-18", "mastercard-14"), strict=True):
        token = world.bank.token(card.content[1])
        assert (token.product, token.express_limits, token.state) == (PRODUCTS[product], None, "active")
        assert world.pay(card, 5, 100) == "00"
        assert world.pay(card, 1, 100) == "59"
        assert world.bank.token(card.content[1]).state == "suspended"
    assert world.spent == VERSION_1["spent"] + 200
    assert world.bank.trial_balance().balanced


def test_an_old_bank_sells_the_new_cards(world: World) -> None:
    put_back(world)
    world.reopen()
    watch = world.watch = Watch(world.root, 9)
    world.register(watch)
    for product in PRODUCTS:
        card = world.card(product)
        assert world.pay(card, card.atcs[3], 100) == "00"
    again = json.loads((world.keys / "issuer-keys.json").read_text())
    assert {name: again[name] for name in VERSION_1["masters"]} == VERSION_1["masters"]


def test_tables_are_those_of_a_new_bank(world: World, tmp_path: Path) -> None:
    fresh = Store(f"sqlite:///{tmp_path / 'fresh.db'}")
    migrations.migrate(fresh)
    put_back(world)
    world.reopen()
    assert shape(Store(world.url), types=False) == shape(fresh, types=False)
    with Store(world.url).read() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    with fresh.read() as connection:
        new = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    assert sorted(triggers) == sorted(new)


def test_a_bank_of_version_3_goes_on(world: World) -> None:
    """Its cards pay, its suspended token is the operator's to resume, its accounts can be given to customers."""
    cards = put_back_3(world)
    world.reopen()
    device, stopped = bytes.fromhex(VERSION_3["device"]), bytes.fromhex(VERSION_3["stopped"])
    assert world.pay(cards[0], cards[0].atcs[1], 100) == "41"
    world.bank.found(device)
    for card in cards:
        assert world.pay(card, card.atcs[2], 100) == "00"
        assert world.pay(card, card.atcs[0], 300) == "59"
    assert world.spent == VERSION_3["spent"] + 200
    desk = world.bank.customers
    number = desk.create("ada", "correct horse", email="ada@example.org")
    desk.give_account(number, 1)
    assert [card.expiry for card in desk.cards(number)] == ["3012"] * 3
    with pytest.raises(AccessProblem):
        desk.set_state(Owner("customer", customer=number), stopped, "active")
    world.bank.set_state(stopped, "active")
    assert [one.device_id for one in desk.watches(number)] == [device]
    watch = Watch(world.root, 9)
    world.register(watch)
    one = desk.enrol(watch.id, "", None, desk.cards(number)[0].pan, "3012")
    desk.challenge(watch.id, one.id, "email")
    assert desk.code(watch.id, one.id, desk.messages()[0].text[:6]).state == "approved"
    assert world.bank.trial_balance().balanced


@pytest.mark.parametrize("put", [put_back, put_back_3])
def test_tables_of_every_version_become_the_same(world: World, tmp_path: Path, put: Callable) -> None:
    fresh = Store(f"sqlite:///{tmp_path / 'fresh.db'}")
    migrations.migrate(fresh)
    put(world)
    world.reopen()
    assert shape(Store(world.url), types=False) == shape(fresh, types=False)


def test_keys_of_new_profiles_are_made_once(world: World) -> None:
    """Eight processes open an old key folder at once, beside what one left that died in the middle."""
    put_back(world)
    path = world.keys / "issuer-keys.json"
    path.with_suffix(".new").write_text("{")
    rings: list[keyring.Keyring] = []
    threads = [threading.Thread(target=lambda: rings.append(keyring.load(world.keys, START))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = json.loads(path.read_text())
    for name, key in kept.items():
        assert {ring.master(name).hex() for ring in rings} == {key}
    assert len(rings) == 8
    assert path.stat().st_mode & 0o77 == 0
    assert not path.with_suffix(".new").exists()


def test_key_folder_that_cannot_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put_back(world)

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(keyring, "_write", refuse)
    with pytest.raises(SetupProblem, match="cannot be written"):
        world.reopen()


@pytest.mark.parametrize("content", ["[]", "5", '{"visa": 1}', '{"visa": "zz"}', "{"])
def test_broken_key_file(world: World, content: str) -> None:
    (world.keys / "issuer-keys.json").write_text(content)
    with pytest.raises(SetupProblem, match="is not a key file"):
        world.reopen()
