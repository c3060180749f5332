"""`tapwatch bank` as a person or a script uses it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.cli import main
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.test_servers import ECHO

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.share("system")


class Shell:
    """Runs actions on one bank."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state = str(folder / "bank")
        self.root = str(folder / "root.pem")
        self._capsys = capsys
        PrivateKey.generate().save(self.root)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Return exit code, output and error output."""
        code = main(["bank", *arguments, "--state", self.state])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err

    def json(self, *arguments: str) -> dict:
        """Run an action that must go through, and read its JSON."""
        code, out, err = self(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell with a new bank."""
    shell = Shell(tmp_path, capsys)
    assert len(shell.json("init", "--root", shell.root)["issuer_id"]) == 16
    return shell


def test_account_card_and_books(shell: Shell) -> None:
    assert shell.json("account", "Ada", "--opening", "12.34", "--currency", "EUR")["balance"] == "12.34 EUR"
    assert shell.json("card", "1", "visa") == {"card": 1}
    assert shell.json("tokens") == []
    books = shell.json("ledger")
    assert books["balanced"]
    assert [line["balance_minor"] for line in books["lines"]] == [1234, -1234]
    code, out, _ = shell("ledger")
    assert (code, "balanced" in out) == (0, True)


@pytest.mark.parametrize(
    ("code", "arguments", "text"),
    [
        (3, ("card", "9", "visa"), "no customer account 9"),
        (3, ("card", "9", "amex"), "use one of: visa, mastercard, visa-18"),
        (3, ("card", "9" * 30, "visa"), "too large"),
        (3, ("token", "1", "00" * 8), "no card 1"),
        (2, ("token", "1", "zz"), "is not an id"),
        (2, ("suspend", "00"), "is not an id"),
        (3, ("resume", "00" * 8), "no such token"),
        (2, ("account", "Ada", "--opening", "1.234", "--currency", "EUR"), "decimals"),
        (3, ("tokens", "--database", "sqlite:///nowhere/at/all.db"), "database failed"),
        (3, ("init", "--root", "nowhere.pem"), "nowhere.pem"),
    ],
)
def test_mistakes(shell: Shell, code: int, arguments: tuple[str, ...], text: str) -> None:
    got, _, err = shell(*arguments)
    assert got == code
    assert text in err
    assert "Traceback" not in err


def test_init_twice(shell: Shell) -> None:
    code, _, err = shell("init", "--root", shell.root)
    assert (code, "holds a bank already" in err) == (3, True)


def test_serve(shell: Shell) -> None:
    """Ports are printed as JSON, terminals are answered, SIGTERM ends it cleanly."""
    command = [sys.executable, "-m", "tapwatch.cli", "bank", "serve", "--state", shell.state, "--json"]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    process = subprocess.Popen(
        [*command, "--http-port", "0", "--iso-port", "0"], text=True, stdout=subprocess.PIPE, env=environment
    )
    assert process.stdout
    ports = json.loads(process.stdout.readline())
    assert AcquirerClient("127.0.0.1", ports["iso_port"]).exchange(ECHO)["39"] == "00"
    taken = subprocess.run(
        [*command, "--http-port", str(ports["http_port"]), "--iso-port", "0"],
        capture_output=True, text=True, env=environment, timeout=30, check=False,
    )  # fmt: skip
    assert (taken.returncode, f"port {ports['http_port']}" in taken.stderr) == (3, True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
