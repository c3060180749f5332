"""Key files: what they say, their passwords, who may read them, and that they are whole or not there."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from tapwatch.errors import UserError
from tapwatch.signing import key_file, pkcs8, private_file
from tapwatch.signing.key_file import KeyFile, KeyFileProblem
from tapwatch.signing.keys import PrivateKey
from tests.host.signing.desk import Desk

pytestmark = pytest.mark.share("store and keys")
PASSWORD = b"correct horse battery"


def made(key: PrivateKey, password: bytes | None = None) -> KeyFile:
    return KeyFile("acme", "root", key.public, "2026-11-23", pem=key.pem(password))


def test_both_forms_are_read_back() -> None:
    key = PrivateKey.generate()
    kept = made(key, PASSWORD)
    assert key_file.parse(key_file.secret_form(kept)) == kept and kept.locked
    public = key_file.parse(key_file.public_form(kept))
    assert (public.name, public.public, public.pem, public.token) == ("acme", key.public, b"", "")
    in_token = KeyFile("acme", "root", key.public, "2026-11-23", token="pkcs11:token=vault;object=acme")
    assert key_file.parse(key_file.secret_form(in_token)) == in_token and in_token.locked
    assert "BEGIN" not in repr(kept) and not made(key).locked


def test_openssl_and_cryptography_open_a_key_file(tmp_path: Path) -> None:
    """PKCS #8, PBES2, scrypt, AES-256-CBC, with our lines in front of the PEM."""
    key, path = PrivateKey.generate(), tmp_path / "acme.key"
    path.write_bytes(key_file.secret_form(made(key, PASSWORD)))
    command = ["openssl", "pkey", "-in", path, "-passin", "stdin", "-pubout", "-outform", "DER"]
    done = subprocess.run(command, input=PASSWORD, capture_output=True, check=True)
    assert done.stdout.endswith(b"\x04" + key.public)
    opened = serialization.load_pem_private_key(path.read_bytes(), PASSWORD)
    assert PrivateKey(opened).public == key.public  # type: ignore[arg-type]
    assert PrivateKey.load(path, PASSWORD).public == key.public


def test_passwords_are_stretched() -> None:
    """The costs of scrypt stand in the file, and no two files are alike."""
    key = PrivateKey.generate()
    first, second = key.pem(PASSWORD), key.pem(PASSWORD)
    assert first != second
    listed = subprocess.run(["openssl", "asn1parse"], input=first, capture_output=True, text=False, check=True).stdout
    assert b":scrypt" in listed and b":aes-256-cbc" in listed
    for number in (pkcs8.SCRYPT_N, pkcs8.SCRYPT_R, pkcs8.SCRYPT_P):
        assert b":%X\n" % number in listed or b":%02X\n" % number in listed


@pytest.mark.parametrize("password", [None, b"", b"wrong password", PASSWORD + b" ", PASSWORD[:-1]])
def test_wrong_passwords(password: bytes | None) -> None:
    with pytest.raises(UserError, match="does not open"):
        PrivateKey.open(PrivateKey.generate().pem(PASSWORD), password, "acme.key")


def test_every_damage_is_noticed(tmp_path: Path) -> None:
    """A byte changed anywhere, or the file cut anywhere: it opens as this key, or not at all; never as another."""
    key = PrivateKey.generate()
    good = key_file.secret_form(made(key))
    outcomes = {"refused": 0, "the same key": 0}
    for position in range(len(good)):
        for wrong in (good[:position] + bytes([good[position] ^ 0x01]) + good[position + 1 :], good[:position]):
            outcomes[opened_as(wrong, key)] += 1
    print(f"NOTE signing: damaged key files {outcomes}")
    assert outcomes["refused"] > len(good)


def opened_as(data: bytes, key: PrivateKey) -> str:
    try:
        parsed = key_file.parse(data)
        opened = PrivateKey.open(parsed.pem, None, "x")
    except (KeyFileProblem, UserError):
        return "refused"
    if parsed.public != opened.public:
        return "refused"  # KeyFolder.opened compares the two
    assert opened.public == key.public
    return "the same key"


def test_a_file_of_another_key_is_not_used(desk: Desk) -> None:
    desk.run("keys", "new", "developer", "alice")
    desk.run("keys", "new", "developer", "bob")
    alice, bob = (key_file.parse((desk.folder / f"{name}.key").read_bytes()) for name in ("alice", "bob"))
    mixed = KeyFile("alice", "developer", alice.public, alice.made, pem=bob.pem)
    (desk.folder / "alice.key").write_bytes(key_file.secret_form(mixed))
    assert "another key" in desk.refused(3, "keys", "password", "alice", "--no-password")


def test_who_may_read(desk: Desk) -> None:
    """Files are for their owner alone; a file that is not is used with a warning."""
    desk.with_root()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in desk.folder.iterdir()}
    assert set(modes.values()) == {0o600} and stat.S_IMODE(desk.folder.stat().st_mode) == 0o700
    (desk.folder / "acme.key").chmod(0o644)
    _, said = desk.say("keys", "show", "acme")
    assert "others may read" in said and "chmod 600" in said
    (desk.folder / "acme.key").chmod(0o600)
    assert not desk.say("keys", "show", "acme")[1]


def test_nothing_is_replaced(desk: Desk, tmp_path: Path) -> None:
    desk.with_root()
    before = {path.name: path.read_bytes() for path in desk.folder.iterdir()}
    assert "not replaced" in desk.refused(3, "keys", "new", "root", "acme", "--no-password")
    assert "not replaced" in desk.refused(3, "keys", "certify", "shop")
    (desk.folder / "shop.key").unlink()
    assert "not replaced" in desk.refused(3, "keys", "new", "store", "shop", "--no-password")
    before.pop("shop.key")
    assert {path.name: path.read_bytes() for path in desk.folder.iterdir()} == before


@pytest.mark.parametrize("step", ["fsync", "link", "unlink"])
def test_a_cut_leaves_a_whole_file_or_none(tmp_path: Path, step: str) -> None:
    """A process that dies at any step of writing: the name is there with all bytes, or not at all."""
    path = tmp_path / "acme.key"
    data = key_file.secret_form(made(PrivateKey.generate(), None)) * 50
    died = dies_at(step, lambda: private_file.create(path, data[:16_000]))
    assert died
    assert not path.exists() or path.read_bytes() == data[:16_000]
    if path.exists():
        path.unlink()
    private_file.create(path, b"again")
    assert path.read_bytes() == b"again"


def dies_at(step: str, work, calls: int = 0) -> bool:
    """Run `work` in a child that is gone at a call of an operating system's function.

    Of the calls that `work` makes to it: even numbers before, odd ones after call number `calls // 2`.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    real, seen = getattr(os, step), [0]

    def dying(*arguments, **options):
        if seen[0] == calls // 2 and not calls % 2:
            os._exit(9)
        result = real(*arguments, **options)
        if seen[0] == calls // 2:
            os._exit(9)
        seen[0] += 1
        return result

    setattr(os, step, dying)
    try:
        work()
    finally:
        os._exit(0)


def test_a_folder_without_links_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(UserError, match="cannot be written"):
        private_file.create(tmp_path / "x", b"x")
    assert not list(tmp_path.iterdir())
