"""`tapwatch sim` as a person or a script starts it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.acquiring.client import AcquirerClient
from tapwatch.simulator.wav import RATE_HZ, written
from tapwatch.stage import sim
from tapwatch.stage.stage import DEMO_LIMITS, PASSCODE
from tapwatch.terminal import amount
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.session import TapSession
from tests.tools.children import PATIENCE_S, end, line

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
_STARTED: list[subprocess.Popen] = []


@pytest.fixture(autouse=True)
def _none_is_left() -> Iterator[None]:
    """Also after a test that fails."""
    yield
    while _STARTED:
        end(_STARTED.pop())


def start(*arguments: str) -> subprocess.Popen:
    """`tapwatch sim` with these arguments."""
    environment = dict(os.environ, PYTHONPATH="host_tools")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    program = [sys.executable, "-m", "tapwatch.cli", "sim", *arguments]
    _STARTED.append(subprocess.Popen(program, cwd=ROOT, env=environment, **pipes))
    return _STARTED[-1]


def facts(process: subprocess.Popen) -> dict:
    """What it prints first, with --json."""
    return json.loads(line(process, "line of facts"))


def said(*arguments: str) -> int:
    """The exit code of a command line that ends at once; a process of its own would mostly import."""
    try:
        return cli.main(arguments)
    except SystemExit as end:  # argparse's own
        assert isinstance(end.code, int)
        return end.code


def look(printed: dict) -> dict:
    """What the watch says of itself."""
    headers = {"Authorization": f"Bearer {printed['token']}"}
    request = urllib.request.Request(f"{printed['url']}/state.json", headers=headers)  # noqa: S310 - always http
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - always http
        return json.load(answer)


def stop(process: subprocess.Popen) -> tuple[int, str]:
    """End it as Ctrl-C would; returns exit code and messages."""
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=PATIENCE_S)
    return process.returncode, messages


def test_a_script_finds_everything_in_one_line_of_json_and_pays_all_day(tmp_path):
    process = start("--headless", "--json", "--demo-wallet", "--size", "240x240", "--state", str(tmp_path / "state"))
    printed = facts(process)
    assert set(printed) == {"url", "token", "nfc", "bank", "store", "keys"}
    assert {"visa", "mastercard"} <= set(json.loads(Path(printed["keys"]).read_text()))
    deadline = time.monotonic() + PATIENCE_S
    while (state := look(printed))["access"] != "armed" or len(state["cards"]) < 2:
        assert time.monotonic() < deadline, state
        time.sleep(0.1)
    assert {card["profile"] for card in state["cards"]} == {"visa", "mastercard"} and state["log"] == []
    host, port = printed["bank"].split(":")
    terminal = TapSession(open_reader(printed["nfc"]), AcquirerClient(host, int(port)))
    receipt = terminal.tap(TapRequest(amount.parse("12.34", "CNY"))).receipt
    assert receipt.approved, receipt.reason
    assert stop(process) == (0, "")
    assert (tmp_path / "state" / "watch" / "flash.img").stat().st_size == 262_144
    with contextlib.closing(sqlite3.connect(tmp_path / "state" / "bank" / "bank.db")) as books:
        limits = [json.loads(row[0]) for row in books.execute("SELECT limits FROM tokens")]
    assert {one["per_day"] for one in limits} == {DEMO_LIMITS.per_day} and len(limits) == 2


def test_a_worn_watch_has_cards_is_not_armed_and_listens_at_once(tmp_path, capsys, monkeypatch):
    state_dir = ("--state", str(tmp_path / "state"))
    process = start("--headless", "--json", "--worn", "--size", "240x240", *state_dir)
    printed = facts(process)
    state = look(printed)
    assert (state["screen"], state["access"], state["unlocked"], state["log"]) == ("face", "worn", True, [])
    assert {"visa", "mastercard"} <= {card["profile"] for card in state["cards"] if card["keys_left"]}
    assert printed["passcode"] == PASSCODE
    sound = tmp_path / "buzz.wav"
    sound.write_bytes(written(array("h", [3000, -3000] * (RATE_HZ // 4))))
    code = said("voice", "say", "--wav", str(sound), "--sim", printed["url"])
    told, messages = capsys.readouterr()
    assert (code, messages) == (1, "") and "It understood no word" in told
    assert stop(process) == (0, "")
    monkeypatch.setattr(sim, "PASSCODE", "13579")
    assert said("sim", "--headless", "--worn", *state_dir) == 1
    assert "does not open with the passcode 13579" in capsys.readouterr().err, "told after one try, and at once"


def test_a_person_gets_the_address_of_the_page_and_a_taken_port_and_a_taken_folder_are_told(tmp_path, capsys):
    first = start("--state", str(tmp_path))
    address = line(first, "address of its page").split()
    assert address[0] == "Watch" and address[1].startswith("http://127.0.0.1:")
    port = str(urllib.parse.urlsplit(address[1]).port)
    for arguments, text in (
        (("--port", port), f"port {port} cannot be used"),
        (("--state", str(tmp_path)), "another"),
    ):
        code = said("sim", "--headless", *arguments)
        printed, messages = capsys.readouterr()
        assert (code, printed) == (3, ""), messages
        assert text in messages.lower() and "try:" in messages
    assert stop(first) == (0, "")


@pytest.mark.parametrize("place", ["file", "file/below"])
@pytest.mark.parametrize("command", ["sim", "demo"])
def test_a_folder_that_cannot_be_made_is_told(tmp_path, capsys, command, place):
    (tmp_path / "file").touch()
    folders = ["--state", str(tmp_path / place)] + (["--out", str(tmp_path / "out")] if command == "demo" else [])
    code = said(command, *folders)
    printed, messages = capsys.readouterr()
    assert (code, printed) == (3, "")
    assert str(tmp_path / "file") in messages and "try: choose another folder" in messages


@pytest.mark.parametrize(
    "arguments",
    [("--port", "70000"), ("--port", "x"), ("--size", "1x1"), ("--nfc", "udp:nowhere"), ("--worn", "--demo-wallet")],
)
def test_wrong_usage_is_exit_code_2(capsys, arguments):
    code = said("sim", *arguments)
    printed, messages = capsys.readouterr()
    assert (code, printed) == (2, "") and messages


def test_headless_ends_with_the_firmware_and_shows_why(tmp_path):
    process = start("--headless", "--json")
    printed = facts(process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        pytest.skip("needs /proc to find the firmware's process")
    os.kill(int(children.read_text().split()[0]), signal.SIGSEGV)
    _, messages = process.communicate(timeout=PATIENCE_S)
    assert printed and process.returncode == 1
    assert "The watch firmware ended with SIGSEGV" in messages
