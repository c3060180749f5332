"""An update key that never leaves its token signs an image, by SoftHSM."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tests.host.images import trees
from tests.host.images.trees import BOARD
from tests.host.signing.conftest import PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

PIN = "123456"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The library of SoftHSM with one token. It reads its configuration when it is loaded."""
    found = [place for place in PLACES if Path(place).exists()]
    if not found:
        pytest.skip("SoftHSM is not installed: tools/setup.sh test")
    pkcs11 = pytest.importorskip("pkcs11")
    (tmp_path / "tokens").mkdir()
    config = f"directories.tokendir = {tmp_path}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    (tmp_path / "softhsm2.conf").write_text(config)
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    command = ["softhsm2-util", "--init-token", "--free", "--label", "desk", "--so-pin", "87654321", "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True, env=dict(os.environ))
    pkcs11.unload(found[0])
    yield found[0]
    pkcs11.unload(found[0])


def test_a_key_in_a_token_signs(module: str, tmp_path: Path) -> None:
    """Twice, with the same body: a token draws its own nonces, so only the signatures differ."""
    trees.small(tmp_path / "tree")
    (tmp_path / "pin").write_text(PIN)
    (tmp_path / "pin").chmod(0o600)
    image = f"@/out/{BOARD}.twi"
    token = f"--module {module} --password-file @/pin"
    build = f"build --board {BOARD} --source @/tree --key ann --keys @/ann {token}"
    lines = (
        "keys new root acme --no-password --keys @/vault",
        f"keys new update ann --token pkcs11:token=desk;object=ann {token} --keys @/ann",
        "keys certify @/ann/ann.pub --out @/ann/ann.cert --keys @/vault",
        f"{build} --out @/out",
        f"{build} --out @/again",
        f"image verify {image} --root @/vault/acme.pub",
        f"image diff {image} @/again/{BOARD}.twi",
    )
    for line in lines:
        assert cli.main(line.replace("@", str(tmp_path)).split()) == 0, line
    first, second = ((tmp_path / name / f"{BOARD}.twi").read_bytes() for name in ("out", "again"))
    assert first != second and len(first) == len(second)
