"""Pictures of the screens with payment codes are read by an independent reader, to the last character."""

import base64
import random
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from tests.screens.wrist import SIZES, draw

QR, BARS = zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128
EXPECTED = {("large", "digits"): {QR, BARS}, ("small", "digits"): {QR}, ("small", "bars"): {BARS}}
COUNT = 3
"""Random codes for each size, language, mark and kind."""
LONGEST_BYTES = 176
"""Payload of the longest card profile before base64."""


def requests() -> list[list[Any]]:
    """Every combination with random digits or a random payload."""
    source = random.Random(128)
    found = []
    for size in SIZES:
        for kind in ("digits", "presented", *(["bars"] if size == "small" else [])):
            for language in ("en", "zh"):
                for mark in (True, False):
                    for _ in range(COUNT):
                        text = f"{source.randrange(10**18):018d}"
                        if kind == "presented":
                            text = base64.b64encode(source.randbytes(source.randint(120, LONGEST_BYTES))).decode()
                        found.append([f"{len(found)}", size, language, mark, kind, text])
    return found


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[list[Any], Image.Image]]:
    """Each request with its picture, as it looks behind the glass on a grey wrist."""
    return draw("tests/screens/draw_codes.py", tmp_path_factory.mktemp("codes"), requests(), (96, 90, 86))


def read(picture: Image.Image) -> dict[Any, str]:
    """What the reader finds: text by format."""
    return {found.format: found.text for found in zxingcpp.read_barcodes(picture)}


def test_every_picture_decodes_to_exactly_the_code(drawn: list[tuple[list[Any], Image.Image]]) -> None:
    codes = 0
    for (_, size, language, mark, kind, text), picture in drawn:
        expected = EXPECTED.get((size, kind), {QR})
        assert read(picture) == dict.fromkeys(expected, text), (size, language, mark, kind)
        codes += len(expected)
    print(f"NOTE pictures of payment code screens read by zxing-cpp: {len(drawn)} with {codes} codes, all exact")


def test_a_poor_camera_reads_the_qr_codes_too(drawn: list[tuple[list[Any], Image.Image]]) -> None:
    """Turned a little, out of focus and smaller or larger than the pixels."""
    read_well = tried = 0
    for (_, _, _, _, kind, text), picture in drawn[::2]:
        if kind == "bars":
            continue
        photo = picture.rotate(7, Image.Resampling.BICUBIC, expand=True, fillcolor=(96, 90, 86))
        photo = photo.resize((photo.width * 7 // 5, photo.height * 7 // 5), Image.Resampling.BICUBIC)
        photo = photo.filter(ImageFilter.GaussianBlur(1))
        tried += 1
        read_well += read(photo).get(QR) == text
    print(f"NOTE turned and blurred pictures read: {read_well} of {tried}")
    assert read_well == tried


def test_a_code_that_is_covered_is_not_read(drawn: list[tuple[list[Any], Image.Image]]) -> None:
    """The reader sees the picture and nothing else."""
    (_, _, _, _, _, _), picture = drawn[0]
    covered = picture.copy()
    ImageDraw.Draw(covered).rectangle((0, covered.height // 2, covered.width, covered.height), fill=(255, 255, 255))
    assert QR not in read(covered)
