"""`tapwatch logs --follow` and wrong ways, against a whole watch that runs on virtual hardware."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.device import logs
from tests.host.device import virtual_cable
from tests.host.flashing import kit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.host.device.cable import Cable

_PLANT = "watch.log.warning('bench', 'planted %d')\nwatch.log.debug('bench', 'quiet %d')"
_FORGET = "watch.log.written = 0\nwatch.log.warning('bench', 'first of a new start')"


@pytest.fixture(scope="module")
def flash_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    image = virtual_cable.system("development")
    return virtual_cable.flash(image, tmp_path_factory.mktemp("live") / "flash.bin")


@pytest.fixture(scope="module")
def watch(flash_file: Path) -> Iterator[Cable]:
    """A development watch that runs, and belongs to nobody."""
    with virtual_cable.watch(flash_file) as cable:
        yield cable


def _pauses(monkeypatch: pytest.MonkeyPatch, *deeds: Callable[[], object]) -> None:
    """In the pauses of --follow these happen, one in each; then somebody presses Ctrl-C."""
    left = list(deeds)

    def pause(seconds: float) -> None:
        if not left:
            raise KeyboardInterrupt
        left.pop(0)()

    monkeypatch.setattr(logs, "time", SimpleNamespace(sleep=pause, monotonic=time.monotonic))


def _on_watch(watch: Cable, code: str) -> Callable[[], int]:
    return lambda: cli.main(["shell", "--port", watch.port, "-c", code])


def test_following_shows_each_line_once(
    watch: Cable, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines that come while the watch goes on between two looks; Ctrl-C ends it, and the watch goes on."""
    _pauses(monkeypatch, *(_on_watch(watch, _PLANT % (number, number)) for number in (1, 2)), lambda: None)
    assert cli.main(["logs", "--follow", "--level", "warning", "--port", watch.port]) == 130
    said = capsys.readouterr()
    assert re.findall(r"warning bench: (planted \d)", said.out) == ["planted 1", "planted 2"], said.out
    assert "quiet" not in said.out and said.err == "tapwatch: stopped\n", said
    assert cli.main(["doctor", "--port", watch.port, "--field", "0", "--json"]) == 0
    assert '"by its messages"' in capsys.readouterr().out


def test_following_over_a_restart_and_a_pulled_cable(
    watch: Cable, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log that begins anew is shown from its first line; a watch that has gone is waited for."""
    _pauses(monkeypatch, _on_watch(watch, "pass"), _on_watch(watch, _FORGET))
    assert cli.main(["logs", "--follow", "--port", watch.port]) == 130
    said = capsys.readouterr()
    assert said.out.count("first of a new start") == 1 and "the watch has started anew" in said.err, said
    old = watch.port
    monkeypatch.setattr(logs, "AWAY_S", -1.0)
    _pauses(monkeypatch, lambda: watch.pull(b"raw REPL; CTRL-B to exit", 9), lambda: None)
    assert cli.main(["logs", "--follow", "--port", old]) == 3
    said = capsys.readouterr().err
    assert "went away in the middle of it; waiting" in said and "why: there is no such port" in said, said
    watch.plug_in()
    assert cli.main(["shell", "--port", watch.port, "-c", "print('there')"]) == 0
    assert "there" in capsys.readouterr().out


def test_provisioning_the_wrong_board_or_with_a_wrong_certificate(
    watch: Cable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused before the watch takes anything: it still belongs to nobody."""
    keys = str(tmp_path / "keys")
    assert cli.main(["keys", "new", "root", "acme", "--keys", keys, "--no-password"]) == 0
    words = ["provision-device", "--ca", keys, "--serial", "TW-1", "--port", watch.port, "--out", str(tmp_path / "out")]
    assert cli.main([*words, "--board", "lilygo_twatch_s3"]) == 1
    said = capsys.readouterr().err
    assert "this watch is a lilygo_twatch_ultra, not a lilygo_twatch_s3" in said, said
    rubbish = tmp_path / "rubbish.cert"
    for data in (b"", b"x" * 9000):
        rubbish.write_bytes(data)
        assert cli.main([*words, "--board", kit.BOARD, "--trust", str(rubbish)]) == 1
        assert "is no certificate that this root gave to a token service" in capsys.readouterr().err
    assert cli.main(["doctor", "--port", watch.port, "--field", "0"]) == 0
    assert "look    identity       new" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_files_that_cannot_be_written(watch: Cable, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was there stays, a device stays a device, and nothing is left beside it."""
    old = tmp_path / "old.png"
    old.mkdir()
    for words in (
        ("screenshot", str(old)),
        ("backup", "--force", str(old)),
        ("screenshot", str(tmp_path / "no/x.png")),
    ):
        assert cli.main([words[0], "--port", watch.port, *words[1:]]) == 3
        said = capsys.readouterr().err
        assert "try: " in said and "Traceback" not in said, said
    assert [path.name for path in tmp_path.iterdir()] == ["old.png"]
