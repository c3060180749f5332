"""The facts of boards: every board of the tree has good ones, and what is wrong in a file is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tapwatch.cli import main
from tapwatch.errors import UserError
from tapwatch.images import boards
from tests.host.images.trees import BOARD, FACTS

WRONG = (
    ('name = "trial"', 'name = "other"', "its folder 'trial'"),
    ('name = "trial"', "name = 3", "name must be a line of text"),
    ('chip = "esp32s3"', 'chip = "esp32c3"', "it may be esp32s3"),
    ('psram = "quad"', 'psram = "none"', "quad, octal"),
    ('glass = "410x502"', 'glass = "410x500"', "410x502, 240x240"),
    ("flash_bytes = 16_777_216", "flash_bytes = 1_048_576", "flash_bytes must be a number from 4194304"),
    ("flash_bytes = 16_777_216", "flash_bytes = true", "flash_bytes must be a number"),
    ("least_psram_bytes = 2_097_152", "", "least_psram_bytes must be a number"),
    ("https://micropython.org", "http://micropython.org", "must begin with https://"),
    ("[usb]", "[usb]\nspeed = 3", "[usb] says 'speed'"),
    ("[stock]", "[stuck]", "it has no table [stock]"),
    ("vid = 0x303A", "vid = 0x1303A", "vid must be a number from 1 to 65535"),
    ("notes = [", 'colour = "red"\nnotes = [', "it says 'colour'"),
    ("notes = [", "notes = [3,", "notes must be a list of texts"),
    ('nfc = "ST25R3916"', "", "nfc must be a line of text"),
    ("[stock]", "[stock", "line"),
)


def written(root: Path, text: str) -> Path:
    (root / "board" / BOARD).mkdir(parents=True)
    (root / "board" / BOARD / boards.FILE).write_text(text)
    return root


@pytest.mark.parametrize("name", boards.names())
def test_every_board_has_good_facts(name: str) -> None:
    board = boards.read(name)
    assert board.name == name and board.fonts in ("large", "small")
    assert board.vfs_bytes == min(board.flash_bytes, 16 << 20) - 0x242000


def test_what_lies_beyond_16_mb_is_not_counted(tmp_path: Path) -> None:
    text = FACTS.replace("16_777_216", "33_554_432")
    assert boards.read(BOARD, written(tmp_path, text)).vfs_bytes == 16_777_216 - 0x242000


@pytest.mark.parametrize(("good", "bad", "words"), WRONG)
def test_a_wrong_file_is_refused_with_the_reason(good: str, bad: str, words: str, tmp_path: Path) -> None:
    assert good in FACTS
    with pytest.raises(UserError, match=r"board\.toml is wrong") as caught:
        boards.read(BOARD, written(tmp_path, FACTS.replace(good, bad)))
    assert words in str(caught.value.__cause__)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (written(tmp_path, "") / "board" / BOARD / boards.FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="is wrong"):
        boards.read(BOARD, tmp_path)


@pytest.mark.parametrize("name", ["none", "", "../board", "A", "simulator"])
def test_another_board_is_not_there(name: str) -> None:
    with pytest.raises(UserError, match="there is no board") as caught:
        boards.read(name)
    assert "lilygo_twatch_ultra" in caught.value.hint


def test_the_table_has_a_row_for_each_board(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards"]) == 0
    shown = capsys.readouterr().out
    for name in boards.names():
        board = boards.read(name)
        row = next(line for line in shown.splitlines() if line.startswith(name + " "))
        for cell in (board.title, board.chip, f"{board.flash_bytes >> 20} MB", board.psram, board.glass, board.nfc):
            assert cell in row, cell
    assert "None of them has been tried" in shown


def test_the_table_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [board["name"] for board in said] == boards.names()
    assert said[0]["stock"]["page"].startswith("https://")
