"""`tapwatch screenshot`, `logs`, `backup`, `restore`, `shell`: real mpremote, a whole watch on virtual hardware."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tapwatch import cli
from tapwatch.device import backup, screenshot, shell
from tests.host.device import virtual_cable
from tests.host.flashing.test_virtual_esp32 import simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.host.device.cable import Cable

_RESTARTED = 3
_SET = """
s = watch.services
for name, value in (('language', 'zh'), ('brightness_percent', 77), ('wrist', 'right'), ('steps_goal', 12345)):
    s.settings.set(name, value)
s.alarms.enable(s.alarms.add(7, 30, 31, s.local_minutes(), 'Wecker \\u00fc'), False, s.local_minutes())
s.alarms.add(6, 5, 0, s.local_minutes(), '')
"""
_LOG = """
watch.log.warning('bench', 'a planted line', 7)
watch.log.info('bench', 'a quiet line')
try:
    {}['nothing']
except KeyError as error:
    watch.services.app_log.fault('torch', error)
"""


@pytest.fixture(scope="module")
def image() -> bytes:
    return virtual_cable.system("development")


@pytest.fixture(scope="module")
def watch(image: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cable]:
    """A development watch that runs, for all tests of this file."""
    path = virtual_cable.flash(image, tmp_path_factory.mktemp("bench") / "flash.bin")
    with virtual_cable.watch(path) as cable:
        yield cable


@pytest.fixture
def tapwatch(watch: Cable) -> Callable[..., int]:
    """A command for that watch."""
    return lambda *words: cli.main([words[0], "--port", watch.port, *words[1:]])


def test_a_screenshot_is_what_the_simulator_shows(tapwatch: Callable[..., int], tmp_path: Path) -> None:
    """Pixel by pixel, through drawing, base64, mpremote and PNG."""
    path = tmp_path / "front.png"
    assert tapwatch("screenshot", str(path)) == 0
    expected = screenshot.png(410, 502, simulated(tmp_path / "state"))
    with Image.open(path) as shown:
        assert shown.size == expected.size
        assert shown.tobytes() == expected.tobytes()
    assert len(expected.getcolors(1 << 16) or ()) > 10, "an empty picture proves nothing"


def test_a_watch_with_nobody_in_reach_logs_no_error(
    tapwatch: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """Its Bluetooth starts, as on a board, and is on: it has power by the cable."""
    assert tapwatch("logs", "--level", "warning") == 0
    assert not capsys.readouterr().out
    assert tapwatch("shell", "-c", "print(watch.bluetooth.on, board.ble.active())") == 0
    assert "True True" in capsys.readouterr().out


def test_logs_have_a_planted_line_and_a_traceback(
    tapwatch: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """The watch goes on between two commands: what one has written the next one reads."""
    assert tapwatch("shell", "-c", _LOG) == 0
    capsys.readouterr()
    assert tapwatch("logs", "--level", "warning") == 0
    said = capsys.readouterr().out
    assert "warning bench: a planted line 7" in said and "a quiet line" not in said, said
    assert "app torch: KeyError: nothing" in said and "Traceback" in said, said


def test_the_watch_goes_on_with_all_of_its_tasks(
    tapwatch: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """None has died, none was started twice, and time goes on for them."""
    code = "print([(job.name, job.state) for job in watch.supervisor.jobs()])"
    for _ in range(2):
        assert tapwatch("shell", "-c", code) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second and "('usb', 'running')" in first and "('screen', 'running')" in first, first
    assert "dead" not in first and "waiting" not in first, first


def test_backup_and_restore_give_the_same_settings(
    tapwatch: Callable[..., int], image: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Set, save, another watch whose flash is new, restore: it starts anew and has them; what it refuses is said."""
    saved, again = tmp_path / "saved.json", tmp_path / "again.json"
    assert tapwatch("shell", "-c", _SET) == 0
    assert tapwatch("backup", str(saved)) == 0
    content = json.loads(saved.read_text())["content"]
    assert content["settings"]["steps_goal"] == 12345 and len(content["alarms"]) == 2, content
    path = virtual_cable.flash(image, tmp_path / "new.bin")
    with virtual_cable.watch(path) as other:
        assert cli.main(["restore", "--port", other.port, str(saved)]) == 0, capsys.readouterr().out
        assert other.ended() == _RESTARTED
    with virtual_cable.watch(path) as other:
        assert cli.main(["backup", "--port", other.port, str(again)]) == 0
    assert json.loads(again.read_text())["content"] == content


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (("screenshot", "x.png"), 100_000),
        (("logs",), 60),
        (("backup", "x.json"), 100),
        (("restore", "../saved.json"), 30),
        (("shell", "-c", "print('x' * 999)"), 300),
    ],
)
def test_a_pulled_cable_is_told_and_harms_nothing(
    words: tuple[str, ...],
    after: int,
    watch: Cable,
    tapwatch: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In the middle of the answer: a clear message, no half file, and the next command finds the watch."""
    monkeypatch.chdir(tmp_path)
    content = {"version": 1, "settings": {"wrist": "left"}, "alarms": []}
    (tmp_path.parent / "saved.json").write_text(backup.written(content, 0))
    assert tapwatch("shell", "-c", "mark = 5") == 0
    watch.pull(b"raw REPL; CTRL-B to exit", after)
    assert tapwatch(*words) != 0
    said = capsys.readouterr().err
    assert "went away" in said and "cable" in said, said
    assert not list(tmp_path.iterdir())
    watch.plug_in()
    assert tapwatch("shell", "-c", "print('watch' in globals(), mark)") == 0
    assert "True 5" in capsys.readouterr().out


class _Hands:
    """A terminal at which somebody types."""

    def __init__(self, keys: bytes) -> None:
        self.keys, self.seen = bytearray(keys), bytearray()

    def enter(self) -> None: ...

    def exit(self) -> None: ...

    def waitchar(self, port: object) -> None: ...

    def readchar(self) -> bytes:
        if self.keys[:1] == b"\x1d" and b"42" not in self.seen:
            return b""  # they wait for the answer
        return bytes((self.keys.pop(0),)) if self.keys else b"\x1d"

    def write(self, data: bytes) -> None:
        self.seen += data


def test_a_shell_answers_and_leaves_the_watch_running(
    tapwatch: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hands = _Hands(b"6 * 7\r\x1d")
    monkeypatch.setattr(shell, "_console", lambda: hands)
    assert tapwatch("shell") == 0
    assert b"42" in hands.seen
    assert tapwatch("shell", "-c", "print(type(watch))") == 0
    assert "Watch" in capsys.readouterr().out


def test_a_release_image_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told apart by its answer; no interrupt is sent, and it answers on."""
    path = virtual_cable.flash(virtual_cable.system("release"), tmp_path / "flash.bin")
    with virtual_cable.watch(path) as cable:
        for words in (("screenshot", "x.png"), ("shell", "-c", "1"), ("logs",)):
            assert cli.main([words[0], "--port", cable.port, *words[1:]]) == 1
            said = capsys.readouterr().err
            assert "runs a release image" in said and "opens no REPL" in said, said
        assert b"\r\x03" not in cable.heard
        assert cli.main(["doctor", "--port", cable.port, "--field", "0", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["by"] == "by its messages"
    assert any(row["name"] == "system" and "release" in row["value"] for row in report["rows"]), report
