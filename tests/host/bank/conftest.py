"""Fixtures of the bank's tests."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank import passwords, store
from tests.host.bank.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class SharedStatements(dict):
    """What SQLAlchemy makes of statements, by statement alone: its keys begin with the dialect of one engine."""

    def get(self, key: tuple, default: object = None) -> object:
        """The compiled statement, made for whichever engine."""
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple, value: object) -> None:
        """Keep it for all engines of the same kind."""
        super().__setitem__((type(key[0]), *key[1:]), value)


@pytest.fixture(scope="session", autouse=True)
def _one_cache() -> Iterator[None]:
    """Banks share what SQLAlchemy makes of a statement; each engine for itself would cost a third of the time."""
    one_cache = partial(store.create_engine, execution_options={"compiled_cache": SharedStatements()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "create_engine", one_cache)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """A real one takes 50 ms on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 2)
        yield


@pytest.fixture(scope="session")
def first_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A bank on SQLite with one registered watch, closed: what every test starts from."""
    world = World(tmp_path_factory.mktemp("first"))
    asyncio.run(world.bank.stop())
    return world


@pytest.fixture
def world(first_world: World, tmp_path: Path) -> World:
    """A bank on SQLite with one registered watch."""
    return first_world.copied(tmp_path)
