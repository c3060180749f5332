"""Fixtures of the signing room."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.host.signing.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An empty folder of keys."""
    return Desk(tmp_path, capsys)


PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)


@pytest.fixture(scope="module")
def softhsm() -> Iterator[str]:
    """The library of SoftHSM. It reads its configuration when it is loaded, so each file of tests loads it anew."""
    found = [place for place in PLACES if Path(place).exists()]
    if not found:
        pytest.skip("SoftHSM is not installed: tools/setup.sh test")
    _forget(found[0])
    yield found[0]
    _forget(found[0])


def _forget(library: str) -> None:
    with contextlib.suppress(ImportError):  # then nothing has loaded it
        import pkcs11

        pkcs11.unload(library)
