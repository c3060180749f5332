"""`tapwatch apdu` as a command: scripts, pipes, and a person at a prompt."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.errors import EXIT_ENVIRONMENT, EXIT_FAILED, EXIT_OK
from tests.host.terminal.cards import VisaCard
from tests.host.terminal.udp_card import UdpCard
from tests.tools.children import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path


VISA = "A0000000031010"


def script(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "script.apdu"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_a_script_that_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = script(
        tmp_path,
        "# a tap",
        "",
        "select ppse",
        "expect 9000",
        f"select {VISA}",
        "gpo",
        "expect 9F27 = 80",
        "quit",
        "nonsense",
    )
    with UdpCard(VisaCard().apdu) as card:
        assert cli.main(["apdu", "--reader", f"builtin:127.0.0.1:{card.port}", "--script", lines]) == EXIT_OK
    assert card.fields_off == 1
    printed = capsys.readouterr().out
    assert f"{VISA}> gpo\n" in printed and "nonsense" not in printed


def test_a_script_that_does_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = script(tmp_path, f"select {VISA}", "expect 6A82", "gpo")
    with UdpCard(VisaCard().apdu) as card:
        assert cli.main(["apdu", "--reader", f"udp:127.0.0.1:{card.port}", "--script", lines]) == EXIT_FAILED
    printed = capsys.readouterr()
    assert printed.err == "tapwatch: line 2: expected 6A82, got 9000\n"
    assert "gpo" not in printed.out


def test_a_script_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["apdu", "--script", str(tmp_path / "none")]) == EXIT_ENVIRONMENT
    assert "cannot be read" in capsys.readouterr().err


def test_no_card_comes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = script(tmp_path, "select ppse")
    assert cli.main(["apdu", "--reader", "udp:127.0.0.1:9", "--wait", "0.2", "--script", lines]) == EXIT_ENVIRONMENT
    assert "line 1: no card came within 0.2 s" in capsys.readouterr().err


def test_lines_from_a_pipe() -> None:
    with UdpCard(VisaCard().apdu) as card:
        command = [sys.executable, "-m", "tapwatch.cli", "apdu", "--reader", f"udp:127.0.0.1:{card.port}"]
        lines = f"select {VISA}\nexpect 9000\nexpect 6A82\n"
        done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == EXIT_FAILED and "line 3: expected 6A82, got 9000" in done.stderr


def test_a_person_at_a_prompt(tmp_path: Path) -> None:
    """Mistakes are said and the prompt comes back; the history is kept, without the PIN."""
    with UdpCard(VisaCard().apdu) as card:
        command = [sys.executable, "-m", "tapwatch.cli", "apdu", "--reader", f"udp:127.0.0.1:{card.port}"]
        ours, theirs = pty.openpty()
        environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "dumb"}
        person = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        os.write(ours, f"select {VISA}\nverify 1234\nexpect 9000\nfrobnicate\nquit\n".encode())
        late = threading.Timer(PATIENCE_S, person.kill)  # which closes the terminal
        late.start()
        seen = read_all(ours)
        late.cancel()
        assert person.wait(30) == EXIT_OK
    assert f"{VISA}> " in seen and "expected 9000, got 6D00" in seen and "there is no 'frobnicate' here" in seen
    history = (tmp_path / "tapwatch" / "apdu_history").read_text()
    assert f"select {VISA}\n" in history and "1234" not in history


def read_all(terminal: int) -> str:
    """What a program printed on a pseudo-terminal until it closed it."""
    text = b""
    try:
        while piece := os.read(terminal, 65536):
            text += piece
    except OSError:  # how Linux reports that the other side has closed
        pass
    finally:
        os.close(terminal)
    return text.decode("utf-8", "replace")
