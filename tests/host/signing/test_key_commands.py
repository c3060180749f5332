"""`tapwatch keys`: each action, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapwatch.signing import certificates, envelope, key_file, key_folder, passwords, revocations
from tapwatch.signing.commands import ROLES as OFFERED
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.roles import ROLES, check_attributes, is_maker_id, signer_of
from tests.host.signing.desk import START, Cast, Desk

pytestmark = pytest.mark.share("store and keys")


def root_public(desk: Desk) -> bytes:
    return key_file.parse((desk.folder / "acme.pub").read_bytes()).public


def test_the_roles() -> None:
    """The command offers what the table has; every type that is signed has one role."""
    assert tuple(ROLES) == OFFERED
    signed = [kind for role in ROLES.values() for kind in role.signs]
    assert sorted("tapwatch/" + kind for kind in signed) == sorted(envelope.KINDS)
    assert set(ROLES) - {"root"} == set(certificates.ROLES)
    assert signer_of("tapwatch/app") == "developer" and signer_of("tapwatch/licence") == "store"
    with pytest.raises(KeyError):
        signer_of("tapwatch/unheard-of")


def test_from_a_root_to_a_revoked_developer(desk: Desk, tmp_path: Path) -> None:
    desk.with_root()
    public = root_public(desk)
    shop = certificates.check((desk.folder / "shop.cert").read_bytes(), public, "store", START + 86_400 * 2)
    alice = certificates.check((desk.folder / "alice.cert").read_bytes(), public, "developer", START + 86_400 * 2)
    assert (shop.serial, alice.serial) == (1, 2) and alice.attributes == {"id": "alice_apps"}
    said = desk.run("keys", "revoke", "alice", "--out", str(tmp_path / "list"))
    assert (said["number"], said["serials"], said["apps"]) == (1, [2], [])
    assert revocations.check((tmp_path / "list").read_bytes(), public).serials == (2,)
    said = desk.run("keys", "revoke", "1", str(desk.folder / "shop.cert"), "ab" * 32, "cd" * 16)
    assert (said["number"], said["serials"], said["apps"]) == (2, [1, 2], ["ab" * 16, "cd" * 16])
    assert desk.run("keys", "revocations")["number"] == 2


def test_a_bundle_is_revoked_by_its_file(desk: Desk, tmp_path: Path) -> None:
    desk.with_root()
    path = tmp_path / "tally.twb"
    path.write_bytes(Cast.make().bundle())
    (app,) = desk.run("keys", "revoke", str(path))["apps"]
    assert len(app) == 32
    path.write_bytes(b"no bundle")
    assert "no bundle" in desk.refused(2, "keys", "revoke", str(path))


def test_what_cannot_be_revoked(desk: Desk) -> None:
    desk.with_root()
    assert "nothing to revoke" in desk.refused(2, "keys", "revoke")
    assert "no certificate with the number 9" in desk.refused(1, "keys", "revoke", "9")
    assert "cannot be read" in desk.refused(3, "keys", "revoke", "nobody")
    assert "has not ended" in desk.refused(1, "keys", "revoke", "--drop", "1")
    assert desk.run("keys", "revocations")["number"] == 0
    ended = str(START + 20 * 365 * 86_400)
    assert desk.run("keys", "revoke", "1", "2")["serials"] == [1, 2]
    assert desk.run("keys", "revoke", "--drop", "1", "--from", ended)["serials"] == [2]


def test_a_full_list_says_so(desk: Desk) -> None:
    desk.with_root()
    many = [f"{n:064x}" for n in range(1 << 130, (1 << 130) + 1)] + [f"{n:02x}" * 32 for n in range(1, 64)]
    assert len(desk.run("keys", "revoke", *many)["apps"]) == 64
    assert "at most 64" in desk.refused(3, "keys", "revoke", "ff" * 32)


def test_list_numbers_rise_over_a_lost_list(desk: Desk) -> None:
    """The file of the latest list is gone: that is said, and its number is not given again."""
    desk.with_root()
    desk.run("keys", "revoke", "1")
    path = desk.folder / "acme.revocations"
    old = path.read_bytes()
    path.unlink()
    assert "missing" in desk.refused(3, "keys", "revoke", "2")
    path.write_bytes(old)
    assert desk.run("keys", "revoke", "2")["number"] == 2
    path.write_bytes(old)
    assert "older than list 2" in desk.refused(3, "keys", "revoke", "ab" * 32)


def test_rotation(desk: Desk) -> None:
    desk.with_root()
    said = desk.run("keys", "rotate", "alice", "alice2", "--root", "acme")
    assert said["old_serial"] == 2 and said["serial"] == 3 and "same" in said["next"]
    fresh = certificates.read(envelope.parse((desk.folder / "alice2.cert").read_bytes()))
    old = certificates.read(envelope.parse((desk.folder / "alice.cert").read_bytes()))
    assert (fresh.name, fresh.attributes, fresh.role) == (old.name, old.attributes, old.role)
    assert fresh.public != old.public
    assert "cannot be rotated" in desk.refused(2, "keys", "rotate", "acme", "acme2")
    assert not (desk.folder / "acme2.key").exists()


def test_rotation_where_the_root_is_elsewhere(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A developer makes the key, the manufacturer certifies its public half."""
    here = desk.with_root()
    there = Desk(tmp_path / "there", capsys)
    there.run("keys", "new", "developer", "bob")
    sent = tmp_path / "bob.pub"
    sent.write_bytes((there.folder / "bob.pub").read_bytes())
    assert b"PRIVATE" not in sent.read_bytes() and there.run("keys", "show", str(sent))["name"] == "bob"
    here.run("keys", "certify", str(sent), "--id", "bob_apps", "--title", "Bob")
    (there.folder / "bob.cert").write_bytes((tmp_path / "bob.cert").read_bytes())
    assert there.run("keys", "show", "bob")["serial"] == 3
    said = there.run("keys", "rotate", "bob", "bob2")
    assert said["public"] == str(there.folder / "bob2.pub") and "serial" not in said
    (there.folder / "bob2.cert").write_bytes((tmp_path / "bob.cert").read_bytes())
    assert "another key" in there.refused(3, "keys", "show", "bob2")


def test_certificates_say_what_their_role_needs(desk: Desk) -> None:
    desk.with_root()
    desk.run("keys", "new", "developer", "bob")
    desk.run("keys", "new", "device", "watch")
    for arguments, words in (
        (("bob",), "must say id"),
        (("bob", "--id", "Bob"), "no id of a maker"),
        (("bob", "--id", "tapwatch"), "no id of a maker"),
        (("watch",), "must say secret"),
        (("watch", "--attribute", "secret=none"), "software"),
        (("bob", "--id", "b1", "--attribute", "id=b2"), "no attribute"),
        (("bob", "--id", "b1", "--days", "-1"), "days"),
        (("bob", "--id", "b1", "--days", "9999"), "days"),
        (("bob", "--id", "b1", "--title", "x" * 65), "no certificate can say"),
        (("bob", "--id", "b1", "--from", "yesterday"), "no time"),
        (("acme",), "has no certificate"),
        (("bob", "--root", "shop", "--id", "b1"), "not for root"),
    ):
        assert words in desk.refused(2, "keys", "certify", *arguments), arguments
    desk.run("keys", "certify", "watch", "--attribute", "secret=software", "--from", "2026-11-22", "--days", "30")
    said = desk.run("keys", "show", "watch")
    assert (said["not_before"], said["not_after"]) == ("2026-11-22 00:00:00Z", "2026-12-22 00:00:00Z")


def test_names_and_folders(desk: Desk) -> None:
    assert "no name" in desk.refused(2, "keys", "new", "developer", "../alice")
    assert "no name" in desk.refused(2, "keys", "show", ".hidden")
    assert desk.run("keys", "list") == {"folder": str(desk.folder), "keys": []}
    assert "no key for root" in desk.refused(3, "keys", "revocations")
    desk.with_root()
    desk.run("keys", "new", "root", "other", "--no-password")
    assert "2 keys for root" in desk.refused(3, "keys", "certify", "alice", "--out", str(desk.folder / "x.cert"))
    assert [key["name"] for key in desk.run("keys", "list")["keys"]] == ["acme", "alice", "other", "shop"]


def test_tables_for_people(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    from tapwatch import cli

    desk.with_root()
    desk.run("keys", "revoke", "alice")
    for command, words in (
        (("keys", "list"), ("alice", "Certificates of acme; latest revocation list: 1")),
        (("keys", "show", "acme"), ("fingerprint", "file, no password")),
        (("keys", "revocations"), ("2 (alice)",)),
    ):
        assert cli.main([*command, "--keys", str(desk.folder)]) == 0
        out = capsys.readouterr().out
        assert all(word in out for word in words), out


def test_passwords(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Roots, stores, token services and updates are not kept without one by oversight; developers may be."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("first password\nmore\n")
    second.write_text("second password")
    first.chmod(0o600)
    second.chmod(0o600)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "")
    for role in ("root", "store", "token-service", "update"):
        assert "8 characters" in desk.refused(2, "keys", "new", role, "x")
    assert desk.run("keys", "new", "developer", "alice")["kept"] == "file, no password"
    assert desk.run("keys", "new", "root", "acme", "--password-file", str(first))["kept"] == "file, password"
    change = ("keys", "password", "acme", "--new-password-file", str(second))
    assert "does not open" in desk.refused(3, *change, "--password-file", str(second))
    desk.run(*change, "--password-file", str(first))
    assert "does not open" in desk.refused(3, *change, "--password-file", str(first))
    assert "needs a password" in desk.refused(2, "keys", "password", "acme", "--no-password")
    desk.run("keys", "password", "acme", "--no-password", "--force", "--password-file", str(second))
    assert desk.run("keys", "show", "acme")["kept"] == "file, no password"
    assert PrivateKey.load(desk.folder / "acme.key").public == root_public(desk)
    (tmp_path / "empty").write_text("\n")
    assert "is empty" in desk.refused(2, "keys", "password", "alice", "--new-password-file", str(tmp_path / "empty"))


def test_nobody_at_the_keyboard(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    def gone(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", gone)
    assert "--password-file" in desk.refused(2, "keys", "new", "root", "acme")


def test_makers() -> None:
    for good in ("ab", "alice_apps", "a" * 24, "a1"):
        assert is_maker_id(good)
    for wrong in ("", "a", "a" * 25, "1a", "_a", "A1", "a-b", "tapwatch", "a\n", "é1"):
        assert not is_maker_id(wrong)
    check_attributes("store", {})


def test_where_keys_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert key_folder.default_folder() == tmp_path / "tapwatch" / "keys"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert key_folder.default_folder() == Path.home() / ".config/tapwatch/keys"
    monkeypatch.setattr("sys.platform", "darwin")
    assert key_folder.default_folder() == Path.home() / "Library/Application Support/tapwatch/keys"


def test_a_password_file_is_private(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pin"
    path.write_bytes(b"123456\r\n")
    path.chmod(0o640)
    assert passwords.asker(str(path))("PIN") == b"123456"
    assert "others may read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {1: 1, 2: 2, 3: [], 4: [], 5: 0},
        {1: -1, 2: 2, 3: [], 4: []},
        {1: True, 2: 2, 3: [], 4: []},
        {1: 1, 2: 2, 3: [2, 1], 4: []},
        {1: 1, 2: 2, 3: [1, 1], 4: []},
        {1: 1, 2: 2, 3: [b"x"], 4: []},
        {1: 1, 2: 2, 3: [1, b"x"], 4: []},
        {1: 1, 2: 2, 3: [True], 4: []},
        {1: 1, 2: 2, 3: [], 4: [b"short"]},
        {1: 1, 2: 2, 3: [], 4: [1]},
        {1: 1, 2: 2, 3: list(range(65)), 4: []},
        {1: 1, 2: 2, 3: {}, 4: []},
    ],
)
def test_what_is_no_revocation_list(payload: object) -> None:
    with pytest.raises(SignatureProblem):
        revocations.read(payload)
