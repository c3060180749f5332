"""What is made of esptool's output; a program that hangs; a copy that cannot be made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import UserError
from tapwatch.flashing import esptool_run
from tapwatch.flashing.esptool_run import Esptool, Meter
from tapwatch.flashing.regions import Region
from tapwatch.flashing.rescue import Rescue
from tests.host.flashing import inside

if TYPE_CHECKING:
    from pathlib import Path

    from tests.host.flashing.mock_chip import Mock


def test_the_bar_goes_from_nothing_to_all(chip: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over files of different sizes, from the real output."""
    monkeypatch.setattr(esptool_run, "_watched", inside.watched)
    regions = [Region("a", 0x10000, b"\1" * 40_000), Region("b", 0x40000, bytes(range(256)) * 300)]
    paths = [str(tmp_path / region.what) for region in regions]
    for path, region in zip(paths, regions, strict=True):
        with open(path, "wb") as file:
            file.write(region.data)
    shown: list[tuple[int, int]] = []
    Esptool(chip.port).write(regions, paths, lambda done, total: shown.append((done, total)))
    total = sum(len(region.data) for region in regions)
    assert shown == sorted(shown)
    assert shown[-1] == (total, total)
    assert {whole for _, whole in shown} == {total}
    assert any(0 < done < total for done, _ in shown)


def test_lines_that_are_no_progress() -> None:
    shown: list[tuple[int, int]] = []
    meter = Meter([10, 10], lambda done, total: shown.append((done, total)))
    for line in ("", "100.0% of nothing", "Writing at 0x1 ---", "Writing 'x' at 0x0...", "Writing at 0x1  250.0% x"):
        meter(line)
    assert shown == [(10, 20)]


def test_a_program_that_says_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esptool_run, "_SILENCE_S", 0.2)
    said, code = esptool_run._watched([sys.executable, "-c", "import time; time.sleep(30)"], lambda line: None)
    assert (said, code != 0) == ([], True)


@pytest.mark.parametrize(
    ("said", "words", "code"),
    [
        (
            "ERROR: A fatal error occurred: MD5 of file does not match data in flash!",
            "does not hold what was written",
            1,
        ),
        ("ERROR: A fatal error occurred: Verification failed (digest mismatch)", "does not hold what was written", 1),
        ("ERROR: A fatal error occurred: Failed to connect to ESP32-S3: No serial data", "no chip in download mode", 3),
        ("ERROR: something else", "went away, or does not do what esptool asks", 3),
        ("", "went away, or does not do what esptool asks", 3),
    ],
)
def test_what_went_wrong(said: str, words: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esptool_run, "_watched", lambda command, progress: ([said], 2))
    with pytest.raises(UserError) as caught:
        Esptool("port", connecting="hold BOOT").run("flash-id")
    assert words in caught.value.message
    assert caught.value.exit_code == code
    assert caught.value.hint
    assert "why: " in caught.value.explain()


def test_without_a_copy_nothing_is_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(UserError, match="cannot be copied to this computer"):
        Rescue(blocked / "folder", "24:0a:c4:80:33:5f").save(b"", b"")
    assert Rescue(tmp_path, "24:0a:c4:80:33:5f").load() is None


def test_the_copy_is_for_its_owner_alone(tmp_path: Path) -> None:
    copy = Rescue(tmp_path, "24:0a:c4:80:33:5f")
    copy.save(b"t" * 4096, b"files")
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert copy.load() == (b"t" * 4096, b"files")
    copy.drop()
    assert copy.load() is None
