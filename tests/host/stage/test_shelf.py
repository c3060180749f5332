"""The store of the stage has the examples: reviewed, with prices and payees, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.service import Bank
from tapwatch.stage import app_store, shelf
from tapwatch.stage.manufacturer import DEVELOPER_ID, Manufacturer
from tapwatch.store.catalogue import Wish

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.store.service import AppStore

IDS = ["beacon", "departures", "marble", "tips", "water"]


@pytest.fixture
def stage(tmp_path: Path) -> tuple[AppStore, Manufacturer]:
    """A store and the manufacturer who certified its developer."""
    maker = Manufacturer(tmp_path / "manufacturer")
    bank = Bank.create(f"sqlite:///{tmp_path / 'bank.db'}", tmp_path / "bank", maker.root)
    return app_store.opened(bank, maker, tmp_path / "store"), maker


def test_the_examples_are_in_the_store_once(stage: tuple[AppStore, Manufacturer]) -> None:
    store, maker = stage
    assert shelf.fill(store, maker.developer) == IDS
    assert shelf.fill(store, maker.developer) == []
    listed, more = store.apps(Wish(region="CN", currency=156))
    assert [app["id"] for app in listed] == IDS and more is None
    assert {app["maker"] for app in listed} == {DEVELOPER_ID}
    assert [app["price"]["amount_minor"] for app in listed if app["paid"]] == [300]
    assert store.reviews() == []


def test_a_shelf_that_was_half_filled_is_filled(
    stage: tuple[AppStore, Manufacturer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stage was stopped between what a developer and what a reviewer does."""
    store, maker = stage
    with monkeypatch.context() as patch:
        patch.setattr(store, "reviews", list)
        shelf.fill(store, maker.developer)
    assert len(store.reviews()) == len(IDS)
    assert shelf.fill(store, maker.developer) == IDS and store.reviews() == []


def test_without_examples_the_store_is_empty(stage: tuple[AppStore, Manufacturer], tmp_path: Path) -> None:
    store, maker = stage
    assert shelf.fill(store, maker.developer, tmp_path) == []
