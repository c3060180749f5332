"""The `tapwatch` command from outside: help, errors, exit codes, JSON, speed."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch import cli
from tapwatch.errors import EXIT_ENVIRONMENT, EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.terminal import run
from tests.host.terminal.cards import MastercardCard, VisaCard
from tests.host.terminal.test_online import ScriptedBank
from tests.host.terminal.udp_card import UdpCard


@pytest.fixture
def approving(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ScriptedBank:
    """A bank that approves, in place of the one on the network; terminal state in a temporary folder."""
    bank = ScriptedBank("00", "00", "00")
    monkeypatch.setattr(run, "AcquirerClient", lambda host, port: bank)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return bank


def tapwatch(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tapwatch.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment, check=False)


def refused(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """Run a command line that must end with `code`; returns what it said on the error channel."""
    try:
        got = cli.main(arguments)
    except SystemExit as stopped:
        got = stopped.code
    said = capsys.readouterr()
    assert (got, "Traceback" in said.err) == (code, False), said.err
    return said.err


def test_every_room_with_commands_is_listed() -> None:
    rooms = sorted(path.parent.name for path in Path(cli.__file__).parent.glob("*/commands.py"))
    assert set(rooms) <= set(cli.ROOMS), "a room has commands that the command does not know"


def test_every_subcommand_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    (choices,) = [action.choices for action in cli.build_parser()._actions if isinstance(action.choices, dict)]
    assert {"tap", "apdu", "keys"} <= set(choices)
    for name in choices:
        with pytest.raises(SystemExit) as stopped:
            cli.main([name, "--help"])
        assert stopped.value.code == 0
        assert len(capsys.readouterr().out.splitlines()) > 4


def test_help_is_fast_and_imports_little() -> None:
    fastest = min(_help_cpu_s() for _ in range(5))
    print(f"NOTE cli: tapwatch --help {fastest * 1000:.0f} ms of one core")
    assert fastest < 0.2
    script = "import sys, tapwatch.cli as c; c.build_parser(); print(*sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    heavy = {"cryptography", "sqlalchemy", "aiohttp", "PIL", "iso4217", "nfc", "smartcard", "cbor2"}
    assert not heavy & {name.split(".")[0] for name in loaded.stdout.split()}


def _help_cpu_s() -> float:
    """Processor time of one `tapwatch --help`; the wall clock would measure what else the machine does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert tapwatch("--help").returncode == EXIT_OK
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert "usage" in refused(capsys, EXIT_USAGE)
    assert "invalid choice" in refused(capsys, EXIT_USAGE, "fly")


@pytest.mark.parametrize("card, scheme", [(VisaCard(), "visa"), (MastercardCard(), "mastercard")])
def test_tap_as_json(
    approving: ScriptedBank, capsys: pytest.CaptureFixture[str], card: VisaCard, scheme: str, tmp_path: Path
) -> None:
    trace = tmp_path / "apdu.txt"
    with UdpCard(card.apdu) as antenna:
        reader = f"udp:127.0.0.1:{antenna.port}"
        arguments = ["tap", "--amount", "12.34", "--reader", reader, "--trace", str(trace), "--json"]
        assert cli.main(arguments) == EXIT_OK
    said = capsys.readouterr()
    receipt = json.loads(said.out)
    assert (receipt["approved"], receipt["scheme"], receipt["amount_minor"]) == (True, scheme, 1234)
    assert "present the watch" in said.err and "SELECT 2PAY.SYS.DDF01" in trace.read_text()


def test_tap_prints_a_receipt(approving: ScriptedBank, capsys: pytest.CaptureFixture[str]) -> None:
    with UdpCard(VisaCard().apdu) as antenna:
        code = cli.main(["tap", "--amount", "500", "--currency", "JPY", "--reader", f"udp:127.0.0.1:{antenna.port}"])
    out = capsys.readouterr().out
    assert code == EXIT_OK and "500 JPY" in out and "APPROVED" in out
    assert approving.messages[0]["49"] == "392"


def test_second_tap_after_see_phone(
    approving: ScriptedBank, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card, asked, pauses = VisaCard(), [], []
    monkeypatch.setattr(run.time, "sleep", pauses.append)

    def confirm_first(command: bytes) -> bytes:
        if command[1] == 0xA8:
            asked.append(command)
            if len(asked) == 1:
                return bytes.fromhex("6986")
        return card.apdu(command)

    with UdpCard(confirm_first) as antenna:
        code = cli.main(["tap", "--amount", "300", "--reader", f"udp:127.0.0.1:{antenna.port}", "--trace", "-"])
    out = capsys.readouterr().out
    assert code == EXIT_OK and "Look at the watch" in out and len(asked) == 2
    assert 3.0 in pauses
    assert asked[0] != asked[1], "the second tap needs a new unpredictable number"


def test_tap_without_a_bank_is_no_approval(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    state = str(tmp_path / "terminal.json")
    with UdpCard(VisaCard().apdu) as antenna:
        reader = f"udp:127.0.0.1:{antenna.port}"
        code = cli.main(["tap", "--amount", "1", "--no-bank", "--reader", reader, "--state", state])
    assert code == EXIT_FAILED and "ONLINE REQUEST" in capsys.readouterr().out


def test_tap_with_the_bank_down(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    state = str(tmp_path / "terminal.json")
    with UdpCard(VisaCard().apdu) as antenna:
        places = ["--bank", f"127.0.0.1:{port}", "--reader", f"udp:127.0.0.1:{antenna.port}", "--state", state]
        code = cli.main(["tap", "--amount", "1", *places])
    out = capsys.readouterr().out
    assert code == EXIT_FAILED and "DECLINED" in out and "no bank at" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--amount", "12.345"],
        ["--amount", "-1"],
        ["--amount", "1", "--currency", "ZZZ"],
        ["--amount", "1", "--country", "0"],
        ["--amount", "1", "--merchant", "\u5e97"],
        ["--amount", "1", "--merchant", "x" * 41],
        ["--amount", "1", "--reader", "usb"],
        ["--amount", "1", "--reader", "udp:host"],
        ["--amount", "1", "--reader", "udp:host:0"],
        ["--amount", "1", "--bank", "host:99999"],
        ["--amount", "1", "--cvm-limit", "1.234"],
        [],
    ],
)
def test_tap_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], tmp_path: Path) -> None:
    refused(capsys, EXIT_USAGE, "tap", "--state", str(tmp_path / "t.json"), *arguments)


def test_tap_environment(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with UdpCard(VisaCard().apdu) as antenna:
        port = antenna.port
    common = ["tap", "--amount", "1", "--wait", "0.2", "--state", str(tmp_path / "t.json"), "--no-bank"]
    said = refused(capsys, EXIT_ENVIRONMENT, *common, "--reader", f"udp:127.0.0.1:{port}")
    assert "no card came" in said and "try:" in said
    said = refused(capsys, EXIT_ENVIRONMENT, *common, "--reader", "udp:no-such-host.invalid:1")
    assert "cannot be reached" in said and "why:" in said


def test_apdu_decode(capsys: pytest.CaptureFixture[str]) -> None:
    cases = {
        "7708 82022000 9F270180": ["ARQC (ask the bank)"],
        "770882022000 9F2701809000": ["DDA", "9000 done"],
        "9000": ["9000 done"],
        "9F360290 00": ["Application transaction counter: 9000  36864"],
        "00A404000E325041592E5359532E444446303100": ["SELECT, P1 04, P2 00", '"2PAY.SYS.DDF01"'],
        "00B2011400": ["READ RECORD, P1 01, P2 14"],
        "80A80000028300": ["GET PROCESSING OPTIONS", "83   Command template"],
        "80AE8000021234": ["GENERATE AC, P1 80", "1234"],
        "FF": ["no BER-TLV"],
    }
    for text, wanted in cases.items():
        assert cli.main(["apdu", "decode", *text.split()]) == EXIT_OK
        out = capsys.readouterr().out
        assert all(piece in out for piece in wanted), out
    assert "not hex" in refused(capsys, EXIT_USAGE, "apdu", "decode", "xyz")


def test_keys(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    keys = ("--keys", str(tmp_path / "keys"))
    assert cli.main(["keys", "new", "developer", "alice", *keys, "--json"]) == EXIT_OK
    made = json.loads(capsys.readouterr().out)
    assert cli.main(["keys", "show", "alice", *keys, "--json"]) == EXIT_OK
    assert json.loads(capsys.readouterr().out) == made and len(made["public"]) == 128
    assert "already" in refused(capsys, EXIT_ENVIRONMENT, "keys", "new", "developer", "alice", *keys)
    assert "cannot be read" in refused(capsys, EXIT_ENVIRONMENT, "keys", "show", "bob", *keys)


def test_keys_with_a_password(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, keys = "good password", ("--keys", str(tmp_path / "keys"))
    typed = ["one password", "two passwords", "short", "short", good, good, "bad password"]
    monkeypatch.setattr("getpass.getpass", lambda prompt: typed.pop(0))
    assert "differ" in refused(capsys, EXIT_USAGE, "keys", "new", "root", "acme", *keys)
    assert "8 characters" in refused(capsys, EXIT_USAGE, "keys", "new", "root", "acme", *keys)
    assert cli.main(["keys", "new", "root", "acme", *keys]) == EXIT_OK
    assert cli.main(["keys", "show", "acme", *keys]) == EXIT_OK
    assert "password" in refused(capsys, EXIT_ENVIRONMENT, "keys", "password", "acme", *keys)
    assert not typed


def test_errors_say_what_why_and_what_to_do() -> None:
    error = UserError("the door is shut", "open it")
    error.__cause__ = OSError("locked")
    assert error.explain().splitlines() == ["tapwatch: the door is shut", "     why: locked", "     try: open it"]
    assert UserError("plain").explain() == "tapwatch: plain"


def test_interrupt_and_closed_pipe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("tapwatch.terminal.run.run_decode", stop)
    assert cli.main(["apdu", "decode", "00"]) == 130
    assert "stopped" in capsys.readouterr().err


def test_a_broken_room_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(cli.importlib, "import_module", broken)
    with pytest.raises(ImportError):
        cli.build_parser()
