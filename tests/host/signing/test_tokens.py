"""Keys in a token, by SoftHSM: made, brought, used, and everything that a token refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tapwatch.apps import bundle, pack
from tapwatch.errors import UserError
from tapwatch.signing import envelope, token
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.token_uri import UriProblem, parse
from tests.host.apps.projects import files
from tests.host.signing.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.share("store and keys")
PIN = b"123456"
NOTICE = "tapwatch/notice"


@pytest.fixture(scope="module")
def module(softhsm: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The library of SoftHSM with two tokens in a folder of their own."""
    folder = tmp_path_factory.mktemp("tokens")
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    before, os.environ["SOFTHSM2_CONF"] = os.environ.get("SOFTHSM2_CONF"), str(config)
    for label in ("vault", "spare"):
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "87654321", "--pin"]
        subprocess.run([*command, PIN.decode()], check=True, capture_output=True)
    yield softhsm
    os.environ.pop("SOFTHSM2_CONF")
    if before is not None:
        os.environ["SOFTHSM2_CONF"] = before


def ask(_: str) -> bytes:
    return PIN


@pytest.fixture
def pin(tmp_path: Path) -> str:
    path = tmp_path / "pin"
    path.write_bytes(PIN)
    path.chmod(0o600)
    return str(path)


def refused(uri: str, module: str, answer: bytes = PIN) -> str:
    with pytest.raises(UserError) as caught:
        token.open_key(uri, lambda _: answer, module).close()
    return caught.value.message


def test_a_key_that_is_born_there(module: str) -> None:
    made = token.make_key("pkcs11:token=vault;object=born", ask, module)
    public = made.public
    made.close()
    opened = token.open_key("pkcs11:token=vault;object=born", ask, module)
    first, second = (opened.sign(NOTICE, {1: 2}) for _ in range(2))
    opened.close()
    assert opened.public == public and first != second, "a token draws its own nonces"
    for data in (first, second):
        assert envelope.verify(data, public, NOTICE).payload == {1: 2}
    assert refused("pkcs11:token=vault;object=nobody", module) == "the token has no private keys called nobody"


def test_a_key_that_is_brought(module: str) -> None:
    key = PrivateKey.generate()
    token.bring_key("pkcs11:token=spare;object=brought;id=%01%02", key, ask, module).close()
    for uri in ("pkcs11:token=spare;object=brought", "pkcs11:token=spare;id=%01%02"):
        opened = token.open_key(uri, ask, module)
        assert opened.public == key.public
        envelope.verify(opened.sign(NOTICE, 1), key.public, NOTICE)
        with pytest.raises(Exception) as caught:
            _ = opened._private[_value()]
        assert type(caught.value).__name__ == "AttributeSensitive", "the key can be read"
        opened.close()
    with pytest.raises(UserError, match="not replaced"):
        token.bring_key("pkcs11:token=spare;object=brought", key, ask, module)


def _value() -> object:
    from pkcs11 import Attribute

    return Attribute.VALUE


def test_what_a_token_refuses(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = "pkcs11:token=vault;object=refusing"
    token.make_key(uri, ask, module).close()
    assert refused(uri, module, b"000000") == "the PIN is wrong"
    assert refused("pkcs11:token=attic;object=x", module).startswith("the token is not there")
    assert refused("pkcs11:token=vault;serial=0;object=x", module).startswith("the token is not there")
    assert refused(uri, "/nowhere/lib.so").endswith("does not load as a PKCS #11 library")
    assert refused(uri, __file__).endswith("does not load as a PKCS #11 library")
    monkeypatch.delenv(token_variable(), raising=False)
    assert refused(uri, "") == "which library speaks to the token is not known"
    monkeypatch.setenv(token_variable(), module)
    token.open_key(uri, ask).close()
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    assert refused(uri, module) == "the library for tokens is not installed"


def token_variable() -> str:
    from tapwatch.signing.token_library import MODULE_VARIABLE

    return MODULE_VARIABLE


def test_keys_of_another_kind(module: str) -> None:
    import pkcs11
    from pkcs11 import Attribute, KeyType

    p384 = bytes.fromhex("06052b81040022")
    with pkcs11.lib(module).get_token(token_label="vault").open(rw=True, user_pin=PIN.decode()) as session:
        session.generate_keypair(KeyType.RSA, 2048, store=True, label="rsa")
        session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: p384}, local=True).generate_keypair(
            store=True, label="p384"
        )
    for name in ("rsa", "p384"):
        assert refused(f"pkcs11:token=vault;object={name}", module) == f"the key {name} in the token is not on P-256"


def test_a_root_in_a_token(module: str, desk: Desk, pin: str, tmp_path: Path) -> None:
    """The commands: new, certify, revoke and rotate with keys of which the folder has names only."""
    more = ("--module", module, "--password-file", pin)
    made = desk.run("keys", "new", "root", "acme", "--token", "pkcs11:token=vault;object=acme", *more)
    assert made["kept"] == "token" and b"PRIVATE KEY-----" not in (desk.folder / "acme.key").read_bytes()
    desk.run("keys", "new", "store", "shop", "--token", "pkcs11:token=spare;object=shop", *more)
    desk.run("keys", "certify", "shop", *more)
    assert desk.run("keys", "revoke", "shop", *more)["number"] == 1
    arguments = ("--token", "pkcs11:token=vault;object=shop2", "--root", "acme", "--root-password-file", pin)
    assert desk.run("keys", "rotate", "shop", "shop2", *arguments, *more)["serial"] == 2
    (tmp_path / "pin").write_text("999999")
    desk.run("keys", "new", "developer", "alice")
    certify = ("keys", "certify", "alice", "--id", "alice_apps")
    assert "PIN is wrong" in desk.refused(3, *certify, *more)
    assert "is in a token" in desk.refused(2, "keys", "password", "acme")
    (tmp_path / "pin").write_bytes(PIN)
    assert desk.run(*certify, *more)["serial"] == 3, "a wrong PIN takes no number"


def test_from_a_file_into_a_token(module: str, desk: Desk, pin: str, tmp_path: Path) -> None:
    made = desk.run("keys", "new", "developer", "carol")
    uri, backup = "pkcs11:token=spare;object=carol", tmp_path / "carol.backup"
    arguments = ("keys", "to-token", "carol", "--token", uri, "--module", module, "--pin-file", pin)
    moved = desk.run(*arguments, "--backup", str(backup))
    assert (moved["kept"], moved["public"]) == ("token", made["public"])
    assert b"PRIVATE KEY-----" not in (desk.folder / "carol.key").read_bytes()
    assert PrivateKey.load(backup).public.hex() == made["public"]
    assert "in a token already" in desk.refused(2, *arguments, "--backup", str(tmp_path / "x"))


def test_two_keys_of_one_token_at_once(module: str) -> None:
    uris = [f"pkcs11:token=vault;object=pair{n}" for n in range(2)]
    first, second = (token.make_key(uri, ask, module) for uri in uris)
    for key in (first, second):
        envelope.verify(key.sign(NOTICE, 1), key.public, NOTICE)
    second.close()
    first.close()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pkcs11:token=a%20b;object=%e6%b0%b4", {"token": "a b", "object": "水"}),
        ("pkcs11:serial=0001;id=%00%ff", {"serial": "0001", "id": b"\x00\xff"}),
        (
            "pkcs11:token=t;object=o;type=private?module-path=/l.so&pin-source=file:/p",
            {"token": "t", "object": "o", "module_path": "/l.so", "pin_file": "/p"},
        ),
    ],
)
def test_names_of_keys(text: str, wanted: dict) -> None:
    """RFC 7512, as far as it is supported."""
    got = vars(parse(text))
    assert {name: value for name, value in got.items() if value} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "token=a;object=b",
        "pkcs11:",
        "pkcs11:token=a",
        "pkcs11:object=b",
        "pkcs11:token=a;object=b;type=cert",
        "pkcs11:token=a;token=b;object=c",
        "pkcs11:token=a;object=b;colour=red",
        "pkcs11:token=a;object=b?pin-value=1234",
        "pkcs11:token=a;object=%ff",
        "pkcs11:token=a%0a;object=b",
        "pkcs11:token=a;object",
        "pkcs11:token=水;object=b",
        "pkcs11:token=a;object=" + "b" * 1100,
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(UriProblem):
        parse(text)
    with pytest.raises(UserError):
        token.parse_uri(text)


def test_a_key_in_a_token_signs_an_app(module: str) -> None:
    """The packer asks for signatures alone, so the key may be where it cannot leave."""
    key = token.make_key("pkcs11:token=vault;object=ada", ask, module)
    try:
        read = bundle.read(pack.pack_files(files(), key).bundle)
    finally:
        key.close()
    signed = envelope.parse(read.envelope)
    assert read.manifest[1] == "tally" and signed.key_id == key.key_id
