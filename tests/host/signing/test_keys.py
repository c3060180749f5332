"""Private keys: files, passwords, and the ids of docs/formats.md."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tapwatch.errors import EXIT_ENVIRONMENT, UserError
from tapwatch.signing.keys import PrivateKey, key_id
from tapwatch.signing.public import check_public


def test_ids() -> None:
    key = PrivateKey.generate()
    assert len(key.public) == 64
    assert key.key_id == hashlib.sha256(key.public).digest()[:8] == key_id(key.public)
    assert repr(key) == f"<PrivateKey {key.key_id.hex()}>"


@pytest.mark.parametrize("password", [None, b"correct horse"])
def test_save_and_load(tmp_path: Path, password: bytes | None) -> None:
    key, path = PrivateKey.generate(), tmp_path / "root.pem"
    key.save(path, password)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PrivateKey.load(path, password).public == key.public


def test_save_never_replaces(tmp_path: Path) -> None:
    path = tmp_path / "root.pem"
    PrivateKey.generate().save(path)
    before = path.read_bytes()
    with pytest.raises(UserError, match="not replaced"):
        PrivateKey.generate().save(path)
    assert path.read_bytes() == before


def test_save_into_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        PrivateKey.generate().save(tmp_path / "none" / "root.pem")


def test_load_says_what_is_wrong(tmp_path: Path) -> None:
    locked = tmp_path / "locked.pem"
    PrivateKey.generate().save(locked, b"right")
    other = tmp_path / "p384.pem"
    other.write_bytes(
        ec.generate_private_key(ec.SECP384R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("hello")
    known, unknown = tmp_path / "known.pem", tmp_path / "unknown.pem"
    PrivateKey.generate().save(known)
    unknown.write_text(known.read_text().replace("MBMGByqGSM49AgEG", "MBMGByrGSM49AgEG"))  # no known kind
    cases = [
        (tmp_path / "none.pem", None),
        (locked, None),
        (locked, b"wrong"),
        (other, None),
        (garbage, None),
        (unknown, None),
    ]
    for path, password in cases:
        with pytest.raises(UserError) as caught:
            PrivateKey.load(path, password)
        assert caught.value.exit_code == EXIT_ENVIRONMENT
        assert str(path) in caught.value.message and caught.value.hint


def test_public_keys_are_checked() -> None:
    for bad in (b"", bytes(63), bytes(64), b"\xff" * 64, b"\x01" * 64):
        with pytest.raises(ValueError):
            check_public(bad)
