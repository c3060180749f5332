"""Pictures of the screens with payment codes are read by an independent reader, to the last character."""

import base64
import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from tapwatch.compiled import search_path
from tests.screens.micropython import MICROPYTHON, ROOT
from tests.screens.pictures import as_worn, decode

SIZES = {"large": (410, 502, 115), "small": (240, 240, 0)}
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
    folder = tmp_path_factory.mktemp("codes")
    wanted = requests()
    result = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=16M", "tests/screens/draw_codes.py", str(folder)],
        input="".join(json.dumps(request) + "\n" for request in wanted),
        cwd=ROOT,
        env=dict(os.environ, MICROPYPATH=search_path()),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return [(request, _picture(folder, request)) for request in wanted]


def _picture(folder: Path, request: list[Any]) -> Image.Image:
    width, height, corner = SIZES[request[1]]
    worn = as_worn(decode((folder / f"{request[0]}.rgb565").read_bytes(), width, height), corner)
    wrist = Image.new("RGB", (width + 80, height + 80), (96, 90, 86))
    wrist.paste(worn, (40, 40), worn)
    return wrist


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
