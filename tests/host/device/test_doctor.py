"""`tapwatch doctor`: a watch that runs, stock MicroPython, a chip in download mode, and what each finding means."""

from __future__ import annotations

import ast
import json
import re
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch import cli
from tapwatch.compiled import ROOT
from tapwatch.device import development, look_chip, look_running, rows
from tapwatch.device.fuses import Espefuse
from tapwatch.errors import UserError
from tapwatch.flashing import esptool_run
from tapwatch.images import boards
from tests.host.device import virtual_cable
from tests.host.device.fuse_chip import with_fuses
from tests.host.flashing import inside, mock_chip

if TYPE_CHECKING:
    from pathlib import Path

_HELLO = {1: 1, 2: "1.2.3", 3: bytes(64), 4: "provisioned", 5: "efuse", 6: "locked", 7: None}
_GOOD: dict[int, Any] = {1: "lilygo_twatch_ultra", 2: "1.2.3", 3: "release", 4: [["nfc", ""]], 5: 80, 6: True} | {
    7: 5 << 20,
    8: 6 << 20,
    9: "efuse",
    10: False,
    11: 61,
    12: "power",
    13: bytes(32),
}
_SLOT = {1: "1.2.3", 2: "release", 3: "a", 4: "proved", 5: bytes(8), 6: None, 7: "lilygo_twatch_ultra", 8: "1.0.0"}


def _asked(**changed: Any) -> list[rows.Row]:
    """What is made of a watch that differs from a good one in these keys: `k5=3` for charge."""
    said = _GOOD | {int(name[1:]): value for name, value in changed.items() if name[0] == "k"}
    slot = _SLOT | {int(name[1:]): value for name, value in changed.items() if name[0] == "u"}
    hello = _HELLO | {int(name[1:]): value for name, value in changed.items() if name[0] == "h"}
    answers = {look_running.HELLO: hello, look_running.UPDATE_STATE: slot, look_running.DIAGNOSE: said}
    return look_running.look(lambda kind, body: answers[kind])


def test_a_good_watch_has_nothing_to_look_at() -> None:
    assert rows.worst(_asked()) == rows.OK, _asked()


@pytest.mark.parametrize(
    ("changed", "name", "verdict"),
    [
        ({"k1": "other_board"}, "board", rows.LOOK),
        ({"k3": "development"}, "system", rows.LOOK),
        ({"k4": [["CO5300", "does not answer"]]}, "CO5300", rows.BROKEN),
        ({"k4": [["a new chip", "is odd"]]}, "a new chip", rows.BROKEN),
        ({"k5": 3}, "battery", rows.LOOK),
        ({"k6": False}, "charger", rows.LOOK),
        ({"k7": 200_000}, "memory", rows.BROKEN),
        ({"k8": 1000}, "files", rows.LOOK),
        ({"k8": 1 << 44}, "files", rows.LOOK),
        ({"k9": "software"}, "device secret", rows.LOOK),
        ({"k12": "watchdog"}, "start", rows.LOOK),
        ({"u4": "trial"}, "slot", rows.LOOK),
        ({"u6": [bytes(32), 1, 2]}, "update", rows.LOOK),
        ({"h4": "new"}, "identity", rows.LOOK),
        ({"h6": "wiping"}, "access", rows.LOOK),
        ({"h6": "lost"}, "access", rows.LOOK),
    ],
)
def test_what_is_wrong_is_told_with_a_meaning_and_something_to_do(
    changed: dict[str, Any], name: str, verdict: str
) -> None:
    row = next(row for row in _asked(**changed) if row.name == name)
    assert row.verdict == verdict and row.meaning, row
    said: list[str] = []
    rows.show([row], said.append)
    assert len(said) == 1 + bool(row.meaning) + bool(row.todo), said


@pytest.mark.parametrize("strange", [{"k4": [["nfc"]]}, {"k4": [1]}, {"k5": "80"}, {"k13": 7}, {"u5": 1}, {"h3": b""}])
def test_a_watch_that_speaks_nonsense_is_an_error(strange: dict[str, Any]) -> None:
    with pytest.raises(UserError):
        _asked(**strange)


def test_what_a_watch_says_cannot_command_a_terminal() -> None:
    said: list[str] = []
    rows.show([rows.Row("board", "\x1b[2J\nOK")], said.append)
    assert said == ["OK      board  ·[2J·OK"]


_CHIP = re.compile(r"[A-Z]{2,4}\d{3,}[A-Z]*")


def _devices() -> set[str]:
    """Every chip that a board names, and whatever else is written down as a finding."""
    found: set[str] = set()
    for path in (ROOT / "board").rglob("*.py"):
        if "simulator" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name, text = getattr(node.func, "attr", getattr(node.func, "id", "")), str(node.args[0].value)
            if name == "attempt" or _CHIP.fullmatch(text):
                found.add(text)
    return found


def test_every_chip_of_every_board_has_a_meaning() -> None:
    """A finding of a chip that the table lacks would only say that something did not start."""
    names = _devices()
    assert {"CO5300", "AXP2101", "PCF85063"} <= names, names
    missing = [name for name in names if rows.of_finding(name, "does not answer").meaning == rows.UNKNOWN[0]]
    print(f"NOTE doctor.devices_named_by_boards {len(names)}")
    assert not missing, missing
    assert rows.of_finding("X9", "is odd").meaning == rows.UNKNOWN[0], "the check can fail"


def test_stock_micropython_is_recognised(capsys: pytest.CaptureFixture[str]) -> None:
    """The raw REPL of MicroPython itself, that of its WebAssembly port, with real mpremote."""
    node = shutil.which("node")
    if node is None or not virtual_cable.WASM.exists():
        pytest.skip("node or the WebAssembly port of MicroPython is missing: run `make setup`")
    with virtual_cable.stock(node) as cable:
        assert cli.main(["doctor", "--port", cable.port, "--json"]) == 1
        report = json.loads(capsys.readouterr().out)
        assert report["by"] == "by its REPL"
        assert any(row["name"] == "system" and row["value"] == "not there" for row in report["rows"]), report
        assert cli.main(["shell", "--port", cable.port, "-c", "print(6 * 7)"]) == 0
        assert capsys.readouterr().out.strip() == "42"
        assert cli.main(["logs", "--port", cable.port]) == 1
        assert "does not run" in capsys.readouterr().err


def test_the_rom_of_a_chip_is_asked_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the real esptool and espefuse over the protocol of the ROM."""
    monkeypatch.setattr(esptool_run, "_watched", inside.watched)
    with with_fuses(tmp_path / "fuses.bin"), mock_chip.running() as chip:
        before = bytes(chip.flash.data)
        assert cli.main(["doctor", "--rom", "--port", chip.port, "--json"]) == 1
        assert bytes(chip.flash.data) == before and chip.flash.blocks == 0
    report = json.loads(capsys.readouterr().out)
    said = {row["name"]: row["value"] for row in report["rows"]}
    assert said["flash"] == "16 MB" and said["secure boot"] == said["flash encryption"] == "off", said
    assert said["JTAG"] == said["download mode"] == "open" and said["device secret"].startswith("none"), said


def test_burnt_fuses_are_told(tmp_path: Path) -> None:
    """On espefuse's virtual fuses: secure boot, no JTAG, no download mode, a key for the HMAC."""
    fuses = Espefuse("esp32s3", virtual=tmp_path / "fuses.bin")
    burn = ["--do-not-confirm", "burn-efuse", "SECURE_BOOT_EN", "1", "DIS_PAD_JTAG", "1", "DIS_DOWNLOAD_MODE", "1"]
    fuses._run(burn)
    fuses.burn("BLOCK_KEY5", bytearray(b"k" * 32))
    said = {row.name: row for row in look_chip.of_fuses(fuses.summary())}
    assert said["secure boot"].verdict == rows.BROKEN and said["flash encryption"].value == "off"
    assert said["JTAG"].value == "shut: DIS_PAD_JTAG" and said["download mode"].value == "shut"
    assert said["device secret"].value == "a key in BLOCK_KEY5"


def test_ports_without_a_name_are_told_apart() -> None:
    board = boards.read("lilygo_twatch_ultra")
    watch = SimpleNamespace(device="/dev/ttyACM7", vid=board.usb_vid, pid=board.usb_pid, description="x")
    other = SimpleNamespace(device="/dev/ttyUSB0", vid=1, pid=2, description="y")
    listed: Any = [watch, other]
    assert board.title in development.watches(listed)["/dev/ttyACM7"] and len(development.watches(listed)) == 1
    assert development.find_port(None, listed) == "/dev/ttyACM7"
    for several in ([], [watch, SimpleNamespace(**(vars(watch) | {"device": "/dev/ttyACM8"}))]):
        with pytest.raises(UserError):
            development.find_port(None, several)  # type: ignore[arg-type] # enough of it
