"""Fixtures of the room of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.images.build import Built, build
from tests.host.images import trees

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every image of these tests was made at the same time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(trees.BUILT_S))


@pytest.fixture(scope="session")
def small_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small source tree; nobody changes it."""
    return trees.small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small(small_tree: Path) -> Built:
    """Its image, signed with the development key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(trees.BUILT_S))
        return build(trees.plan_of(small_tree))
