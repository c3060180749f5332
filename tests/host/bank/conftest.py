"""Fixtures of the bank's tests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.host.bank.world import World

if TYPE_CHECKING:
    from pathlib import Path


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
