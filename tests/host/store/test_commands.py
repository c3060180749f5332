"""The actions of `tapwatch store`, from a new key to a statement."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch.bank.service import Bank
from tapwatch.cli import main
from tapwatch.signing import certificates, revocations
from tapwatch.signing.keys import PrivateKey

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("system")


class Keeper:
    """Somebody at a keyboard."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.root = PrivateKey.generate()
        bank = folder / "bank"
        bank.mkdir()
        Bank.create(f"sqlite:///{bank / 'bank.db'}", bank / "keys", self.root)

    def run(self, *words: str, code: int = 0) -> str:
        """What a command prints."""
        where = ("--state", str(self.folder / "store"), "--bank", str(self.folder / "bank"))
        assert main(["store", *words, *where]) == code, self._capsys.readouterr().err
        return self._capsys.readouterr().out

    def ask(self, *words: str) -> Any:
        """The same as JSON."""
        return json.loads(self.run(*words, "--json"))

    def file(self, name: str, data: bytes) -> str:
        """A file to hand over."""
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def certificate(self, role: str, public: bytes, **attributes: str) -> str:
        """A certificate of the root, as a file."""
        now = int(time.time())
        made = certificates.issue(self.root, role, public, role, now, now + 10**7, time.time_ns(), attributes)
        return self.file(f"{role}.cert", made)


@pytest.fixture
def keeper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keeper:
    """A bank, and a store with a developer."""
    keeper = Keeper(tmp_path, capsys)
    public = bytes.fromhex(keeper.ask("key")["public"])
    root = keeper.file("root.pub", keeper.root.public)
    keeper.run("init", "--certificate", keeper.certificate("store", public), "--root", root)
    key = PrivateKey.generate()
    keeper.run("developers", "--certificate", keeper.certificate("developer", key.public, id="ann"), "--payout", "IBAN")
    return keeper


def test_a_store_from_nothing(keeper: Keeper) -> None:
    assert keeper.ask("keys")["days_left"] == 115
    (developer,) = keeper.ask("developers")
    assert (developer["maker"], developer["state"]) == ("ann", "certified")
    assert keeper.ask("apps") == keeper.ask("review") == []
    assert {party["name"] for party in keeper.ask("parties")} == {"ann", "Tapwatch Store", "Watch Manufacturer"}
    keeper.run("parties", "--add", "Acme", "--manufacturer", "acme")
    keeper.run("contracts", "--add", "developer:9000", "store:500", "=Acme:500", "--maker", "ann", "--region", "DE")
    keeper.run("contracts", "--add", "developer:10000", "--begins", "2099-01-01")
    made = keeper.ask("contracts")
    assert [one["maker"] for one in made] == ["-", "ann", "-"]
    assert made[1]["parts"] == "developer:9000, store:500, =Acme:500"
    assert made[2]["begins"].startswith("2099-01-01")
    assert keeper.run("statement", "--party", "ann", "--month", "2026-11") == ""
    listed = keeper.file("list", revocations.issue(keeper.root, 7, 1))
    assert keeper.ask("revocations", listed) == {"number": 7}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("contracts", "--add", "developer"), "developer:8500"),
        (("contracts", "--add", "developer:1"), "add up to 1"),
        (("contracts", "--add", "developer:10000", "--begins", "soon"), "2026-12-01"),
        (("contracts", "--add", "developer:10000", "--app", "nothing"), "no app nothing"),
        (("statement", "--party", "nobody", "--month", "2026-11"), "no party nobody"),
        (("payout", "ann", "--amount", "1", "--reference", "x"), "has 0, not 100"),
        (("refund", "5", "--reference", "x"), "none of the store's"),
        (("review", "5"), "no review 5"),
        (("apps", "--withdraw", "nothing"), "no app nothing"),
        (("close", "2999-01"), "is no month"),
        (("revocations", "/nowhere"), "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_explained(
    keeper: Keeper, words: tuple[str, ...], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--state", str(keeper.folder / "store"), "--bank", str(keeper.folder / "bank"))
    assert main(["store", *words, *where]) != 0
    assert hint in capsys.readouterr().err


def test_the_files_of_tapwatch_keys_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The way of docs/store.md: nobody has to write a file by hand."""
    keys, where = tmp_path / "keys", ("--state", str(tmp_path / "store"), "--bank", str(tmp_path / "bank"))
    assert main(["keys", "new", "root", "acme", "--no-password", "--keys", str(keys)]) == 0
    assert main(["bank", "init", "--root", str(keys / "acme.key"), "--state", str(tmp_path / "bank")]) == 0
    assert main(["store", "key", *where]) == 0
    public = str(tmp_path / "store/store.pub")
    assert main(["keys", "certify", public, "--title", "Corner", "--keys", str(keys)]) == 0
    certificate = str(tmp_path / "store/store.cert")
    assert main(["store", "init", "--certificate", certificate, "--root", public, *where]) != 0, "another root"
    assert main(["store", "init", "--certificate", certificate, "--root", certificate, *where]) != 0
    assert "no public key" in capsys.readouterr().err
    assert main(["store", "init", "--certificate", certificate, "--root", str(keys / "acme.pub"), *where]) == 0


def test_keys_that_do_not_fit(keeper: Keeper, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--state", str(keeper.folder / "other"), "--bank", str(keeper.folder / "bank"))
    assert main(["store", "keys", *where]) != 0
    assert "store init" in capsys.readouterr().err
    assert main(["store", "key", *where]) == 0
    wrong = keeper.certificate("store", PrivateKey.generate().public)
    root = keeper.file("root.pub", keeper.root.public)
    assert main(["store", "init", "--certificate", wrong, "--root", root, *where]) != 0
    assert "another key" in capsys.readouterr().err
    pem = keeper.folder / "store/keys/store.pem"
    pem.chmod(0o644)
    assert main(["store", "keys", "--state", str(keeper.folder / "store"), *where[2:]]) != 0
    assert "chmod 600" in capsys.readouterr().err
