"""Backups as files, pictures as strips, blocks as lines: whatever is wrong with them is refused."""

from __future__ import annotations

import base64
import json
import os
import random
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch import cli
from tapwatch.device import backup, logs, repl, rows, screenshot
from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.images import files
from tapwatch.signing import private_file

if TYPE_CHECKING:
    from pathlib import Path

_CONTENT: dict[str, Any] = {"version": 1, "settings": {"language": "zh"}, "alarms": []}


def _line(data: bytes) -> bytes:
    return b"= %d %08x %s\r\n" % (len(data), zlib.crc32(data), base64.b64encode(data))


def test_a_file_that_was_written_opens_again() -> None:
    assert backup.opened(backup.written(_CONTENT, 1_800_000_000)) == _CONTENT


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"form": "other"}, "no backup"),
        ({"version": 2}, "version 2"),
        ({"sha256": "0" * 64}, "has changed"),
        ({"content": []}, "no backup"),
        ({"content": _CONTENT | {"settings": {"wrist": "left"}}}, "has changed"),
    ],
)
def test_a_changed_file_is_refused(changed: dict[str, Any], words: str) -> None:
    said = json.loads(backup.written(_CONTENT, 0)) | changed
    with pytest.raises(UserError, match=words):
        backup.opened(json.dumps(said))


@pytest.mark.parametrize("text", ["", "[]", "7", "{", "[" * 100_000, '"\ud800"'])
def test_what_is_no_backup_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="no backup"):
        backup.opened(text)


def test_a_file_that_is_too_large_is_refused_before_the_watch_is_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = _CONTENT | {"alarms": ["x" * 9000]}
    with pytest.raises(UserError, match="too large"):
        backup.opened(backup.written(large, 0))
    path = tmp_path / "huge.json"
    path.write_bytes(b" " * 70_000)
    assert cli.main(["restore", "--port", "/dev/nobody", str(path)]) == 1
    assert "too large" in capsys.readouterr().err


def test_no_file_is_overwritten_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "there.json"
    path.write_text("mine")
    assert cli.main(["backup", "--port", "/dev/nobody", str(path)]) == 3
    assert "--force" in capsys.readouterr().err and path.read_text() == "mine"


def test_blocks_come_whole_or_not_at_all() -> None:
    """Each byte of what is printed changed, each end cut off: the same blocks, or an error."""
    printed = b"noise\r\n" + _line(b"one") + b"in between\n" + _line(b"") + b". 2\r\n"
    assert repl.read_blocks(printed) == [b"one", b""]
    generator, refused = random.Random(5), 0
    for at in range(len(printed)):
        for data in (printed[:at], printed[:at] + bytes((generator.randrange(256),)) + printed[at + 1 :]):
            try:
                assert repl.read_blocks(data) == [b"one", b""]
            except UserError:
                refused += 1
    print(f"NOTE device.damaged_blocks_refused {refused} of {2 * len(printed)}")
    assert refused > len(printed)


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [b"123"],
        [struct.pack(">2H", 0, 2)],
        [struct.pack(">2H", 4000, 2)],
        [struct.pack(">2H", 2, 2)],
        [struct.pack(">2H", 2, 2), b"12"],
        [struct.pack(">2H", 2, 2), struct.pack(">4H", 0, 0, 2, 2) + bytes(7)],
        [struct.pack(">2H", 2, 2), struct.pack(">4H", 1, 0, 2, 2) + bytes(8)],
        [struct.pack(">2H", 2, 2), struct.pack(">4H", 0, 0, 2, 1) + bytes(4)],
        [struct.pack(">2H", 2, 1), *[struct.pack(">4H", 0, 0, 2, 1) + bytes(4)] * 2],
    ],
)
def test_strips_that_are_no_picture_are_refused(blocks: list[bytes]) -> None:
    with pytest.raises(UserError):
        screenshot.put_together(blocks)


def test_a_picture_that_was_drawn_upside_down_is_put_together() -> None:
    """A watch on the right wrist sends its strips from below."""
    strips = [struct.pack(">4H", 0, y, 2, 1) + bytes((y,)) * 4 for y in (1, 0)]
    assert screenshot.put_together([struct.pack(">2H", 2, 2), *strips]) == (2, 2, bytes(4) + b"\x01" * 4)
    assert screenshot.png(1, 1, b"\xff\xff").getpixel((0, 0)) == (255, 255, 255)


def test_lines_below_the_level_are_left_out() -> None:
    said: list[str] = []
    logs.show(["1 info a: b", "2 error c: d", "odd", "app torch: info"], logs.LEVELS.index("warning"), said.append)
    assert said == ["2 error c: d", "odd", "app torch: info"]
    assert rows.worst([]) == rows.OK


def test_a_picture_of_another_kind_is_refused_before_a_watch_is_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["screenshot", str(tmp_path / "x.jpg"), "--port", str(tmp_path / "none")]) == EXIT_USAGE
    assert "does not end in .png" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_images_may_be_read_by_others_and_what_is_private_may_not(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        files.write(tmp_path / "image", b"1")
        private_file.replace(tmp_path / "secret", b"2")
    finally:
        os.umask(mask)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("image", "secret")]
    assert modes == [0o640, 0o600]
