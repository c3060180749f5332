"""`tapwatch bank` as a person or a script uses it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.bank import demo_customer
from tapwatch.bank.service import Bank
from tapwatch.cli import main
from tapwatch.signing import certificates, envelope, key_file, revocations
from tapwatch.signing.keys import PrivateKey
from tests.host.bank import mpm
from tests.host.bank.test_servers import ECHO
from tests.host.bank.world import Watch

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
        (3, ("lost", "00" * 8), "no such device"),
        (3, ("found", "00" * 8), "no such device"),
        (3, ("wipe", "00" * 8), "no such device"),
        (2, ("wipe", "all"), "is not an id"),
        (3, ("merchant", "x" * 26), "at most 25"),
        (2, ("merchant", "Corner", "--currency", "XYZ"), "not a currency"),
        (3, ("merchant-code", "9", "--amount", "1"), "no merchant 9"),
        (3, ("serve", "--receipts", "nonsense"), "no address"),
    ],
)
def test_mistakes(shell: Shell, code: int, arguments: tuple[str, ...], text: str) -> None:
    got, _, err = shell(*arguments)
    assert got == code
    assert text in err
    assert "Traceback" not in err


def test_a_merchants_code(shell: Shell) -> None:
    number = str(shell.json("merchant", "Corner", "--currency", "EUR")["merchant"])
    bill, sign = (
        shell.json("merchant-code", number, "--amount", "12.34", "--currency", "EUR", *more)["code"]
        for more in ((), ("--reusable",))
    )
    assert (bill[6:12], sign[6:12]) == ("010212", "010211")
    assert mpm.fields(bill)["54"] == mpm.fields(sign)["54"] == "12.34"
    counter = shell.json("merchant-code", number, "--currency", "EUR")["code"]
    assert counter[6:12] == "010211" and "54" not in mpm.fields(counter), "whoever pays enters the amount"
    assert (mpm.crc(bill[:-4]), mpm.fields(bill)["59"]) == (bill[-4:], "Corner")


def test_lost_and_found(shell: Shell) -> None:
    """On a watch that registered while nobody looked."""
    bank = Bank(f"sqlite:///{shell.state}/bank.db", Path(shell.state) / "keys")
    watch = Watch(PrivateKey.load(shell.root))
    bank.register(watch.certificate, watch.attest(bank.challenge()))
    device = watch.id.hex()
    assert shell.json("lost", device, "--text", "Call 555")["state"] == "lost"
    assert shell.json("found", device)["state"] == "found"
    assert shell("found", device)[0] == 3
    assert shell.json("wipe", device)["state"] == "wipe"
    assert [envelope.parse(data).payload[3] for data in bank.notices(watch.id, 0)] == ["lost", "found", "wipe"]


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


def test_customers_and_their_messages(shell: Shell) -> None:
    """A customer, an account of theirs, and the demo's; the password is printed once and works."""
    made = shell.json("customer", "ada", "--sms", "+10005550142")
    shell.json("account", "Ada", "--customer", "ada")
    shell.json("card", "1", "visa")
    bank = Bank(f"sqlite:///{shell.state}/bank.db", Path(shell.state) / "keys")
    assert bank.customers.log_in("ada", made["password"]).bearer
    assert shell("account", "Eve", "--customer", "eve")[0] == 3
    watch = Watch(PrivateKey.load(shell.root))
    watch.certificate = certificates.issue(
        PrivateKey.load(shell.root), "device", watch.identity.public, "W", 0, 1 << 40, 1, {"secret": "software"}
    )
    bank.register(watch.certificate, watch.attest(bank.challenge()))
    card = bank.customers.cards(1)[0]
    one = bank.customers.enrol(watch.id, "", None, card.pan, card.expiry)
    bank.customers.challenge(watch.id, one.id, "sms")
    (message,) = shell.json("messages")
    assert bank.customers.code(watch.id, one.id, message["text"][:6]).state == "approved"
    assert message["text"] in shell("messages")[1]
    first, second = (demo_customer.ensure(bank) for _ in range(2))
    assert first["password"] != second["password"] and len(bank.customers.cards(2)) == 2
    assert bank.customers.log_in("demo", second["password"]).bearer


def certificate(root: PrivateKey, path: Path, public: bytes, role: str = "token-service", days: int = 30) -> str:
    """A certificate of the root, as a file."""
    now = int(time.time())
    path.write_bytes(certificates.issue(root, role, public, "Corner Bank", now, now + days * 86_400, 1 + days, {}))
    return str(path)


def test_a_bank_whose_root_is_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Keys here, certificate from there; nothing is made before that fits, and a renewed one takes its place."""
    shell, root = Shell(tmp_path, capsys), PrivateKey.generate()
    assert shell("keys")[0] == 3
    public = bytes.fromhex(shell.json("key")["public"])
    assert shell.json("key")["public"] == public.hex(), "a second time changes nothing"
    assert key_file.parse((tmp_path / "bank/token-service.pub").read_bytes()).role == "token-service"
    assert shell("serve")[0] == 3, "it has no certificate yet"
    (tmp_path / "root.pub").write_bytes(root.public)
    into = ("init", "--root", str(tmp_path / "root.pub"), "--certificate")
    file = tmp_path / "bank.cert"
    for wrong, says in (
        (certificate(root, file, PrivateKey.generate().public), "another key"),
        (certificate(root, file, public, "store"), "another key"),
        (str(tmp_path / "nothing"), "cannot be read"),
    ):
        code, _, err = shell(*into, wrong)
        assert code in (2, 3) and (says in err or "does not hold" in err), err
    assert shell(*into, certificate(PrivateKey.generate(), file, public))[0] == 3, "of another root"
    good = certificate(root, file, public)
    assert shell(*into, good, "--name", "Mine")[0] == 2, "the name stands in the certificate"
    assert shell.json(*into, good)["issuer_id"] == envelope.key_id(public).hex()
    assert shell(*into, good)[0] == 3, "there is a bank"
    assert shell.json("keys")["days_left"] in (29, 30)
    assert shell("keys", "--certificate", certificate(PrivateKey.generate(), file, public, days=90))[0] == 3
    assert shell.json("keys", "--certificate", certificate(root, file, public, days=60))["days_left"] in (59, 60)


def test_a_list_of_the_root_is_taken(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(revocations.issue(PrivateKey.load(shell.root), 4, 1, [7]))
    assert shell.json("revocations", str(path)) == {"number": 4}
    path.write_bytes(revocations.issue(PrivateKey.load(shell.root), 3, 1, [7]))
    code, _, err = shell("revocations", str(path))
    assert code == 3 and "bring the newest" in err
