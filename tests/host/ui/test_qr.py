"""QR codes of the watch against other programs: qrcodegen makes the same modules, zxing-cpp reads them back."""

import os
import random
from typing import Any

import pytest
import zxingcpp
from qrcodegen import QrCode, QrSegment

from tests.host.ui.watch_codes import ask, draw

pytestmark = pytest.mark.share("vectors")

LONG = os.environ.get("TAPWATCH_LONG") == "1"
VERSIONS = range(1, 21)
THEIR_LEVELS = (QrCode.Ecc.LOW, QrCode.Ecc.MEDIUM, QrCode.Ecc.QUARTILE, QrCode.Ecc.HIGH)
ALPHABETS = {
    "numeric": "0123456789",
    "alphanumeric": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:",
    "byte": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=",
}
MASK_VERSIONS = VERSIONS if LONG else (1, 2, 6, 7, 8)
"""Where the choice of the mask is compared, which takes the library long."""
CPM = (
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc"
    "2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw=="
)


def capacity(version: int, level: int, mode: str) -> int:
    """Characters that fit."""
    wide = version >= 10
    bits = 8 * QrCode._get_num_data_codewords(version, THEIR_LEVELS[level]) - 4
    if mode == "numeric":
        bits -= 12 if wide else 10
        return bits // 10 * 3 + (2 if bits % 10 >= 7 else 1 if bits % 10 >= 4 else 0)
    if mode == "alphanumeric":
        bits -= 11 if wide else 9
        return bits // 11 * 2 + (bits % 11 >= 6)
    return (bits - (16 if wide else 8)) // 8


def cases() -> list[dict[str, Any]]:
    """A text for each version, level and mode that needs just this version; every third is as long as can be."""
    source = random.Random(18004)
    found = []
    for mode, alphabet in ALPHABETS.items():
        for level in range(4):
            most = 0
            for version in VERSIONS:
                least, most = most + 1, capacity(version, level, mode)
                length = most if len(found) % 3 == 0 else source.randint(least, most)
                text = "".join(source.choice(alphabet) for _ in range(length))
                text = alphabet[-1] + text[1:]  # never in a tighter mode
                found.append({"mode": mode, "level": level, "version": version, "text": text})
    return found


@pytest.fixture(scope="module")
def symbols() -> list[dict[str, Any]]:
    """Every case with what the watch made of it."""
    found = cases()
    answers = ask([["qr", case["text"], case["level"], 1] for case in found])
    for case, (version, mask, size, modules) in zip(found, answers, strict=True):
        case["made"], case["mask"] = version, mask
        case["rows"] = [modules[at : at + size] for at in range(0, size * size, size)]
    return found


def twin(case: dict[str, Any], least: int, mask: int) -> QrCode:
    """The library's symbol of the same text; mask -1 lets it choose."""
    segments = QrSegment.make_segments(case["text"])
    return QrCode.encode_segments(segments, THEIR_LEVELS[case["level"]], least, 40, mask, boostecl=False)


def test_the_version_is_the_smallest_that_has_room(symbols: list[dict[str, Any]]) -> None:
    assert [case["made"] for case in symbols] == [case["version"] for case in symbols]


def test_every_module_is_that_of_qrcodegen(symbols: list[dict[str, Any]]) -> None:
    for case in symbols:
        made = twin(case, 1, case["mask"])
        size = made.get_size()
        rows = ["".join("1" if made.get_module(x, y) else "0" for x in range(size)) for y in range(size)]
        assert rows == case["rows"], (case["version"], case["level"], case["mode"])
    print(f"NOTE QR symbols equal to qrcodegen's, module by module: {len(symbols)}")


def test_the_mask_is_that_of_qrcodegen(symbols: list[dict[str, Any]]) -> None:
    """Another reading of the penalty rules gives the same choice."""
    compared = [case for case in symbols if case["version"] in MASK_VERSIONS]
    for case in compared:
        assert twin(case, case["version"], -1).get_mask() == case["mask"], case["text"]
    assert {case["mask"] for case in compared} == set(range(8))
    print(f"NOTE QR masks equal to qrcodegen's: {len(compared)}")


def test_zxing_reads_every_symbol(symbols: list[dict[str, Any]]) -> None:
    masks = set()
    for case in symbols:
        read = zxingcpp.read_barcodes(draw(case["rows"], 3, 3, 4))
        assert [one.text for one in read] == [case["text"]], (case["version"], case["level"], case["mode"])
        masks.add(case["mask"])
    assert masks == set(range(8)), "each mask was met"
    print(f"NOTE QR symbols read by zxing-cpp: {len(symbols)}, all versions, levels, modes and masks")


def test_a_wrong_module_is_noticed(symbols: list[dict[str, Any]]) -> None:
    """So many that correction cannot help."""
    rows = symbols[0]["rows"]
    broken = [row[:9] + "0" * (len(row) - 9) for row in rows]
    assert not zxingcpp.read_barcodes(draw(broken, 3, 3, 4))


def test_text_beyond_ascii_and_raw_bytes() -> None:
    raw = bytes(range(256))
    for (version, _, size, modules), expected in zip(
        ask([["qr", "付款码 Tea", 1, 1], ["qr", {"hex": raw.hex()}, 0, 1], ["qr", CPM, 0, 1]]),
        ("付款码 Tea".encode(), raw, CPM.encode()),
        strict=True,
    ):
        rows = [modules[at : at + size] for at in range(0, size * size, size)]
        (read,) = zxingcpp.read_barcodes(draw(rows, 3, 3, 4), return_errors=True)
        assert bytes(read.bytes) == expected
        if expected == CPM.encode():
            assert version == 8
