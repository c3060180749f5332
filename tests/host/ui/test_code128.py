"""Code 128 of the watch: zxing-cpp reads it back, and no text takes more symbols than it must."""

import random

import pytest
import zxingcpp

from tests.host.ui.watch_codes import ask, draw

pytestmark = pytest.mark.share("vectors")

MODULES = 11
TEXTS = (
    "28123456780012345678",
    "281234567800123456",
    "12",
    "1",
    "A",
    "Wikipedia",
    "PJJ123C",
    "12345",
    "1234A",
    "A1234",
    "A12345",
    "AB123456CD",
    "AB1234567CD",
    "AB12345CD",
    "1234567AB89",
    "00",
    "000",
    "~} {",
    "9" * 48,
    "z" * 48,
    "1A22B333C4444D55555E666666F7777777",
)
SHORTEST = {"281234567800123456": 12, "1234": 5, "A1234": 7, "A12345": 8, "AB123456CD": 12, "12345": 7}
"""Symbols with start, check and stop."""


def read(modules: str) -> str:
    """What an independent reader sees."""
    picture = draw([modules] * 40, 2, 1, 10)
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else ""


def test_every_text_is_read_back() -> None:
    source = random.Random(15417)
    texts: list[str] = list(TEXTS)
    for length in range(1, 49):
        texts.append("".join(chr(source.randint(0x20, 0x7E)) for _ in range(length)))
        texts.append("".join(source.choice("0123456789AB") for _ in range(length)))
    for text, modules in zip(texts, ask([["bars", text] for text in texts]), strict=True):
        assert read(modules) == text
    print(f"NOTE Code 128 symbols read by zxing-cpp: {len(texts)}")


def test_no_text_takes_more_symbols_than_it_must() -> None:
    answers = ask([["bars", text] for text in SHORTEST])
    for (text, symbols), modules in zip(SHORTEST.items(), answers, strict=True):
        assert len(modules) == symbols * MODULES + 2, text


def test_a_wrong_bar_is_noticed() -> None:
    (modules,) = ask([["bars", "1234567890"]])
    assert read(modules) == "1234567890"
    flipped = modules[:40] + ("0" if modules[40] == "1" else "1") + modules[41:]
    assert read(flipped) != "1234567890"
