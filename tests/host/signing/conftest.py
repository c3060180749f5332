"""Fixtures of the signing room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.signing.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An empty folder of keys."""
    return Desk(tmp_path, capsys)
