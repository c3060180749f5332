"""Fixtures of the bank's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.bank.world import World

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A bank on SQLite with one registered watch."""
    return World(tmp_path)
