"""What is refused, with which words; and that nothing was written."""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import tempfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import UserError
from tapwatch.flashing import chip as chip_room
from tapwatch.flashing import esptool_run, ports, rescue
from tapwatch.images import boards
from tests.host.flashing import kit, mock_chip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOARD = boards.read(kit.BOARD)


@pytest.fixture
def refused(flash: Callable[..., int], capsys: pytest.CaptureFixture) -> Callable[..., str]:
    """Runs the command; returns what it said when it refused."""

    def run(port: str, *more: str, code: int = 1, stock: bool = True) -> str:
        assert flash(port, *more, stock=stock) == code
        said = capsys.readouterr().err
        assert said.startswith("tapwatch: ")
        assert "Traceback" not in said
        return said

    return run


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"chip": "esp32c3"}, "the chip is an esp32c3, but a LilyGO T-Watch Ultra has an esp32s3"),
        ({"chip": "esp32"}, "the chip is an esp32, but a LilyGO T-Watch Ultra has an esp32s3"),
        ({"flash_mb": 4}, "the chip has 4 MB, but a LilyGO T-Watch Ultra has 16 MB of flash"),
        ({"secure_boot": True}, "secure boot may be on in this chip: it would not start what is written to it"),
        ({"encrypted": True}, "flash encryption may be on in this chip"),
    ],
    ids=["esp32c3", "esp32", "4 MB", "secure boot", "encrypted"],
)
def test_another_chip(how: dict, words: str, refused: Callable[..., str]) -> None:
    with mock_chip.running(**how) as chip:
        before = bytes(chip.flash.data)
        assert words in refused(chip.port)
        assert (chip.flash.blocks, bytes(chip.flash.data)) == (0, before)


def test_files_are_judged_before_the_watch_is_touched(files: kit.Files, refused: Callable[..., str]) -> None:
    """The port is not even opened: it is none."""
    good = files.image.read_bytes()
    for data, words in (
        (b"", "it does not begin as an image does"),
        (good[:-1], "its body is not the one that was signed"),
        (good + b"\0", "its body is not the one that was signed"),
        (good[:300], "its head is cut off"),
        (good[:3000] + bytes((good[3000] ^ 1,)) + good[3001:], "its body is not the one that was signed"),
        (good.replace(kit.BOARD.encode(), b"lilygo_twatch_ultrb"), "the system image is for lilygo_twatch_ultrb"),
        (kit.system(board="waveshare_amoled_206"), "is for waveshare_amoled_206, not for lilygo_twatch_ultra"),
        (kit.system(machine="x64"), "the system image has machine code for x64"),
    ):
        files.image.write_bytes(data)
        said = refused("/dev/null")
        assert words in said, said
    files.image.unlink()
    assert "the system image" in refused("/dev/null", code=3)


def test_a_stock_image_that_nobody_vouches_for(files: kit.Files, refused: Callable[..., str]) -> None:
    said = refused("/dev/null", "--stock", str(files.stock), stock=False)
    assert f"its SHA-256 is {files.sha256}" in said
    assert "--stock-sha256 HASH" in said
    said = refused("/dev/null", "--stock", str(files.stock), "--stock-sha256", "0" * 64, stock=False)
    assert "not the one you gave" in said
    said = refused("/dev/null", "--stock", str(files.stock), "--stock-sha256", "12", stock=False, code=2)
    assert "takes 64 hexadecimal digits" in said
    said = refused("/dev/null", "--stock", "/nowhere.bin", stock=False, code=3)
    assert "download it from https://micropython.org/download/ESP32_GENERIC_S3/" in said


def test_a_changed_stock_image(files: kit.Files, refused: Callable[..., str]) -> None:
    data = bytearray(files.stock.read_bytes())
    data[-100] ^= 1
    files.stock.write_bytes(bytes(data))
    assert "has been changed: its own SHA-256 is another" in refused("/dev/null")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), "a new watch needs --stock"),
        (("--keep-state", "--erase"), "--erase and --keep-state exclude each other"),
        (("--lose-files",), "--lose-files belongs to --keep-state"),
        (("--board", "pebble"), "there is no board 'pebble'"),
    ],
)
def test_words_that_make_no_sense(more: tuple[str, ...], words: str, refused: Callable[..., str]) -> None:
    assert words in refused("/dev/null", *more, code=2, stock=more[:1] in (("--lose-files",), ("--board",)))


def test_ports_that_do_not_work(refused: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says what is wrong with it, and what to do about that."""
    said = refused("/dev/ttyACM99", code=3)
    assert "the port /dev/ttyACM99 cannot be opened" in said and "why: there is no such port" in said, said
    assert "`tapwatch doctor` lists the ports" in said, said
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert "why: this file is no serial port" in refused(str(file), code=3)
    assert "nonsense://x is no serial port" in refused("nonsense://x", code=2)
    master, slave = pty.openpty()
    try:
        name = os.ttyname(slave)
        with open(name) as busy:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
            said = refused(name, code=3)
        assert f"the port {name} cannot be opened" in said and "why: another program has it open" in said, said
        monkeypatch.setattr(ports.os, "access", lambda path, mode: False)
        said = refused(name, code=3)
        assert "why: you may not use it" in said and "usermod -aG" in said, said
    finally:
        os.close(master)
        os.close(slave)


def test_no_room_on_the_computer(
    flash: Callable[..., int],
    chip: mock_chip.Mock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """It is noticed before the partition table goes: the watch is as it was."""
    before = bytes(chip.flash.data)
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        assert flash(chip.port) == 3
    said = capsys.readouterr().err
    assert "cannot be laid out on this computer" in said and "nothing has been written" in said, said
    assert bytes(chip.flash.data) == before
    copy = rescue.Rescue(tmp_path / "copies", "00:00:00:00:00:00")
    monkeypatch.setattr(rescue.os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(UserError, match="cannot be copied"):
        copy.save(b"table", b"files")
    assert not list((tmp_path / "copies").iterdir()), "no part of a copy is left"


def test_stopped_while_it_writes(
    flash: Callable[..., int],
    chip: mock_chip.Mock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ctrl-C behind the first erase: the user is told what the watch is now."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(esptool_run.Esptool, "write", stopped)
    assert flash(chip.port) == 130
    assert "half written and starts nothing: give the same command again" in capsys.readouterr().err


def listed(*rows: tuple[str, int, int]) -> Callable[[], list]:
    return lambda: [
        SimpleNamespace(device=device, vid=vid, pid=pid, serial_number=None, description="JTAG")
        for device, vid, pid in rows
    ]


def test_finding_the_port() -> None:
    other, download, runs = (
        ("/dev/ttyS0", 0x1A86, 1),
        ("/dev/ttyACM1", 0x303A, 0x1001),
        ("/dev/ttyACM0", 0x303A, 0x4001),
    )
    assert ports.find(BOARD, "socket://127.0.0.1:9", listed()) == "socket://127.0.0.1:9"
    assert ports.find(BOARD, None, listed(other, download)) == "/dev/ttyACM1"
    assert ports.find(BOARD, None, listed(runs, other)) == "/dev/ttyACM0"
    with pytest.raises(UserError) as none:
        ports.find(BOARD, None, listed(other))
    assert "no LilyGO T-Watch Ultra was found on USB" in none.value.explain()
    assert "hold BOOT while you plug it in" in none.value.explain()
    assert BOARD.notes[0] in none.value.explain()
    with pytest.raises(UserError) as many:
        ports.find(BOARD, None, listed(download, runs))
    assert "/dev/ttyACM0 (JTAG), /dev/ttyACM1 (JTAG)" in many.value.explain()
    assert "name one with --port" in many.value.explain()


SAID = """Connected to ESP32-S3 on /dev/ttyACM0:
Chip type:          ESP32-S3 (QFN56) (revision v0.2)
Features:           Wi-Fi, BT 5 (LE), Dual Core + LP Core, 240MHz{psram}
Crystal frequency:  40MHz
MAC:                24:0a:c4:80:33:5f
Detected flash size: {flash}
"""


def looked(psram: str, flash: str = "16MB") -> chip_room.Chip:
    said = SAID.format(psram=psram, flash=flash)
    return chip_room.look(SimpleNamespace(port="p", run=lambda *words: said))


def test_what_esptool_says_of_memory() -> None:
    """PSRAM in the package is seen and judged, PSRAM beside it is not seen."""
    inside = looked(", Embedded PSRAM 8MB (AP_3v3)")
    chip_room.check(inside, BOARD)
    assert chip_room.seen(inside, BOARD)[1] == "8 MB of PSRAM in the chip"
    chip_room.check(looked(""), BOARD)
    assert "cannot be seen from here" in chip_room.seen(looked(""), BOARD)[1]
    with pytest.raises(UserError, match="1 MB of PSRAM; the watch needs 2 MB"):
        chip_room.check(looked(", Embedded PSRAM 1MB (AP_3v3)"), BOARD)
    with pytest.raises(UserError, match="the chip has a flash of unknown size"):
        chip_room.check(looked("", "Unknown"), BOARD)
    with pytest.raises(UserError, match="does not say which chip"):
        chip_room.look(SimpleNamespace(port="p", run=lambda *words: "rubbish"))


def test_fuses_that_esptool_does_not_tell_count_as_burnt() -> None:
    with pytest.raises(UserError, match="secure boot and flash encryption may be on"):
        chip_room.check_unlocked(SimpleNamespace(run=lambda *words: "Security Information: none"))


def test_the_command_is_in_the_help() -> None:
    from tapwatch.cli import build_parser

    parsed = build_parser().parse_args(["flash", "--board", "b", "--image", "i"])
    assert isinstance(parsed, argparse.Namespace)
    assert (parsed.baud, parsed.keep_state, parsed.no_start) == (921_600, False, False)
