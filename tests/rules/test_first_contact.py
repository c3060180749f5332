"""Every fact that nobody knows for sure has a name, a row of docs/first-contact.md and a place in its form."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.tools.trees import ROOT

PAGE = (ROOT / "docs/first-contact.md").read_text()
FORM = tomllib.loads((ROOT / "docs/first-contact.toml").read_text())
ROW = re.compile(r"^\| ([A-Z][A-Z0-9-]+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
MARK = re.compile(r"\bUNSURE-[A-Z0-9]+(?:-[A-Z0-9]+)*")
LOOSE = re.compile(r"\bUNSURE\b(?!-[A-Z0-9]|-` )|\b[Tt]o be seen on\b|(?<![a-z] )\bTo be seen\b")
SIXTEEN = {
    1: ("I2C-ORDER",),
    2: ("PANEL-RESET",),
    3: ("PANEL-D1", "PANEL-CLOCK"),
    4: ("DLDO1", "NFC-MODULATION", "NFC-THRESHOLDS", "NFC-TUNING"),
    5: ("NFC-KIND",),
    6: ("NFC-STANDBY", "NFC-WAKE"),
    7: ("NFC-LATENCY",),
    8: ("S3-PSRAM", "S3-CELL", "ULTRA-CELL", "CHARGE-VOLTAGE", "THERMISTOR"),
    9: ("TOUCH-ADDRESS",),
    10: ("PDM-HALF", "PDM-ORDER"),
    11: ("HMAC",),
    12: ("PANEL-CURRENT",),
    13: ("WS206-RAILS", "WS206-PMU-INT"),
    14: ("PANEL-OFFSET",),
    15: ("BHI-LICENCE",),
    16: ("NFC-RATS",),
}
"""What was open before the first driver was written, and the rows that settle it."""
MEASURED = ("TAP", "BOOT", "HEAP", "STACK", "GAUGE", "DISTANCE", "DRAIN-OFF", "DRAIN-WINDOWS", "DRAIN-CONNECTED")
"""What the project only estimates."""


def files() -> list[tuple[str, str]]:
    """Path and text of every file that may have a mark, but the page itself."""
    found = []
    for folder, kinds in (("firmware", ("py",)), ("board", ("py", "toml")), ("docs", ("md",)), (".", ("md",))):
        for kind in kinds:
            pattern = f"*.{kind}" if folder == "." else f"**/*.{kind}"
            found += [(str(path.relative_to(ROOT)), path.read_text()) for path in (ROOT / folder).glob(pattern)]
    return [(path, text) for path, text in found if path != "docs/first-contact.md"]


def rows() -> list[str]:
    """Names of the rows, in their order."""
    return [row[0] for row in ROW.findall(PAGE)]


def unnamed(marks: set[str]) -> set[str]:
    """Marks that the page does not explain."""
    return marks - set(rows())


def test_every_mark_has_a_row_and_every_row_of_a_mark_is_whole():
    marks = {mark for _, text in files() for mark in MARK.findall(text)}
    assert unnamed(marks) == set(), "add a row to docs/first-contact.md and a line to docs/first-contact.toml"
    assert len(rows()) == len(set(rows())), "a name twice"
    print(f"NOTE first contact: {len(rows())} readings, {len(marks)} marks in code and documents")


def test_nothing_is_unsure_without_a_name():
    loose = [f"{path}: {match.group()}" for path, text in files() for match in LOOSE.finditer(text)]
    assert loose == []


def test_the_form_has_a_place_for_each_reading():
    places = [name for title, part in FORM.items() if title != "watch" for name in part]
    assert places == rows()
    assert all(value == "" for title, part in FORM.items() if title != "watch" for value in part.values())


@pytest.mark.parametrize("number", SIXTEEN)
def test_what_was_open_from_the_start_is_asked(number):
    assert {f"UNSURE-{name}" for name in SIXTEEN[number]} <= set(rows())


def test_what_is_estimated_is_measured():
    assert set(MEASURED) <= set(rows())


def test_the_rules_can_fail():
    assert unnamed({"UNSURE-COLOUR-OF-THE-STRAP"}) and not unnamed({"UNSURE-HMAC"})
    for text in ("UNSURE whether it floats", "(UNSURE)", "another one. To be seen."):
        assert LOOSE.search(text), text
    for text in ("UNSURE-PDM-HALF: whether", "whoever wants it to be seen"):
        assert not LOOSE.search(text), text
