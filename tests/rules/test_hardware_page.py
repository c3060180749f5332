"""docs/hardware.md against the code: which lines wake the T-Watch Ultra, which boards there are, its pictures."""

from __future__ import annotations

import re
import tomllib

import pytest
from PIL import Image

from docs.pictures import hold
from tests.tools.trees import ROOT

PAGE = (ROOT / "docs/hardware.md").read_text()
ULTRA = (ROOT / "board/lilygo_twatch_ultra/board.py").read_text()
LINES = {"BOOT": "_BOOT", "power chip": "_PMU_INT", "touch": "_TOUCH_INT", "motion": "_MOTION_INT", "NFC": "_NFC_INT"}
"""Beginning of a row of the table, and the constant of the board."""


def constants(source: str) -> dict[str, str]:
    """Numbers of a board file: `_A, _B = const(1), const(2)`."""
    found: dict[str, str] = {}
    for names, values in re.findall(r"^(_[A-Z_, ]+) = (const\(\d+\)(?:, const\(\d+\))*)$", source, re.MULTILINE):
        found.update(zip(names.split(", "), re.findall(r"\d+", values), strict=True))
    return found


@pytest.mark.parametrize("row", LINES)
def test_the_lines_that_wake_are_those_of_the_board(row):
    told = re.search(rf"^\| {row}[^|]*\| (\d+) \|", PAGE, re.MULTILINE)
    assert told is not None and told[1] == constants(ULTRA)[LINES[row]]


def test_every_board_has_a_column():
    for facts in (ROOT / "board").glob("*/board.toml"):
        board = tomllib.loads(facts.read_text())
        assert f"`{facts.parent.name}`" in PAGE and board["glass"] in PAGE, facts.parent.name


@pytest.mark.parametrize("name", hold.SKETCHES)
def test_pictures_are_as_they_are_drawn_and_shown(name):
    drawn, kept = hold.SKETCHES[name]().picture(), Image.open(hold.FOLDER / f"{name}.png")
    assert drawn.convert("RGB").tobytes() == kept.convert("RGB").tobytes(), "run python -m docs.pictures.hold"
    assert f"pictures/hardware/{name}.png" in PAGE
