"""Loyalty cards drawn by the app are read by an independent reader, to the last character."""

import os
import random
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from tests.screens.wrist import SIZES, draw

QR, BARS = zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128
LONGEST_BARS = {"large": 30, "small": 14}
"""Characters of set B up to which bars of one pixel fit: 11 modules each, 35 of start, check and stop, 20 of white."""
COUNT = 40 if os.environ.get("TAPWATCH_LONG") == "1" else 4
"""Random cards for each size and kind."""
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
HAN = "会员卡积分店家便利"


def requests() -> list[list[Any]]:
    """File, size, language, name, kind and text of each card."""
    source = random.Random(1981)
    found: list[list[Any]] = []
    for size in SIZES:
        cards = [("code128", "0"), ("code128", "2718281828459"), ("code128", "Ab" * 24), ("code128", "1" * 48)]
        cards += [("qr", "1"), ("qr", "会员" * 26 + "1234"), ("qr", "x" * 160)]
        for _ in range(COUNT):
            digits = "".join(source.choices("0123456789", k=source.randint(8, 20)))
            signs = "".join(source.choices(PRINTABLE, k=source.randint(1, LONGEST_BARS[size]))).strip() or "-"
            mixed = "".join(source.choices(PRINTABLE + HAN, k=source.randint(1, 60)))
            cards += [("code128", digits), ("code128", signs), ("qr", mixed)]
        for kind, text in cards:
            name = source.choice(["Green Tea House", "全家便利店会员卡和积分卡", "W" * 48])
            found.append([f"{len(found)}", size, source.choice(["en", "zh"]), name, kind, text])
    return found


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[list[Any], Image.Image]]:
    """Each request with its picture, as it looks behind the glass on a dark wrist."""
    return draw("tests/host/apps/draw_loyalty.py", tmp_path_factory.mktemp("cards"), requests(), (60, 50, 44))


def expected(size: str, kind: str, text: str) -> zxingcpp.BarcodeFormat:
    """Bars that are too thin for the panel become a QR code; two digits take the room of one sign."""
    room = LONGEST_BARS[size] * (2 if text.isdigit() else 1)
    return BARS if kind == "code128" and len(text) <= room else QR


def test_every_card_is_read_to_the_last_character(drawn: list[tuple[list[Any], Image.Image]]) -> None:
    kinds = {QR: 0, BARS: 0}
    for (_, size, _, name, kind, text), picture in drawn:
        found = {code.format: code.text for code in zxingcpp.read_barcodes(picture)}
        assert list(found.values()) == [text], (size, name, kind, text, found)
        (shown,) = found
        assert shown == expected(size, kind, text), (size, kind, text, shown)
        kinds[shown] += 1
    print(f"NOTE loyalty cards read by zxing-cpp: {kinds[BARS]} with bars, {kinds[QR]} with QR codes, all exact")
    assert min(kinds.values()) > len(drawn) // 4


def test_a_card_that_is_covered_is_not_read(drawn: list[tuple[list[Any], Image.Image]]) -> None:
    """The reader sees the picture and nothing else."""
    covered = drawn[1][1].copy()
    ImageDraw.Draw(covered).rectangle((covered.width // 2, 0, covered.width, covered.height), fill=(255, 255, 255))
    assert zxingcpp.read_barcodes(covered) == []
