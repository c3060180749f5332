"""Fixtures of the store's tests."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank import store
from tests.host.bank.conftest import SharedStatements
from tests.host.store.mall import Mall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def _one_cache() -> Iterator[None]:
    """Databases share what SQLAlchemy makes of a statement."""
    one_cache = partial(store.create_engine, execution_options={"compiled_cache": SharedStatements()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "create_engine", one_cache)
        yield


@pytest.fixture(scope="session")
def first_mall(tmp_path_factory: pytest.TempPathFactory) -> Mall:
    """A bank with a store, two developers, a free and a paid app; closed: what every test starts from."""
    mall = Mall(tmp_path_factory.mktemp("mall"))
    mall.stock()
    asyncio.run(mall.world.bank.stop())
    return mall


@pytest.fixture
def mall(first_mall: Mall, tmp_path: Path) -> Mall:
    """The same mall, for one test."""
    return first_mall.copied(tmp_path)
