"""The paged fonts hold exactly what they should, and the watch unpacks what the rasteriser drew."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import pytest

from tapwatch.assets import build, charset, coder, pagefile
from tapwatch.assets.pagefile import PageFile
from tests.screens.micropython import ROOT, run

ASSETS = ROOT / "firmware/assets"
LONG = os.environ.get("TAPWATCH_LONG") == "1"
FILES = [(role, panel) for panel in build.SIZES_PX for role in build.PAGED]
STEP = 1 if LONG else 12
"""Every so many-th character is compared."""
BUDGET_BYTES = 1_750_000
NEEDS_FONTS = pytest.mark.skipif(
    not build.fonts_present(),
    reason="outline fonts are missing: paged fonts not compared (apt-get install fonts-inter fonts-noto-cjk)",
)


def codes_in(data: bytes) -> set[int]:
    """Code points of a page file, read by its description."""
    pages = struct.unpack_from("<H", data, 10)[0]
    rows, bits = 12 + 3072, 12 + 3072 + 256
    found = set()
    for high in range(256):
        row = data[rows + high] - 1
        if row >= 0:
            assert row < pages
            found |= {high << 8 | low for low in range(256) if data[bits + 32 * row + low // 8] >> low % 8 & 1}
    return found


def codes_of_text_font(data: bytes) -> set[int]:
    """Code points of a text font."""
    count = struct.unpack_from("<H", data, 8)[0]
    return {struct.unpack_from("<H", data, 12 + 6 * i)[0] for i in range(count)}


def gb_2312(rows: range) -> set[int]:
    """Characters of these rows, by Python's codec."""
    found = set()
    for row in rows:
        for cell in range(1, 95):
            try:
                found.add(ord(bytes((row + 0xA0, cell + 0xA0)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


@pytest.mark.parametrize(("role", "panel"), FILES)
def test_every_character_of_gb_2312_has_a_picture(role: str, panel: str) -> None:
    paged = codes_in((ASSETS / f"{role}.{panel}.twp").read_bytes())
    text = codes_of_text_font((ASSETS / f"{role}.{panel}.twf").read_bytes())
    assert len(gb_2312(range(16, 56))) == 3755 and len(gb_2312(range(56, 88))) == 3008
    assert gb_2312(range(16, 88)) <= paged, "Han of both levels"
    signs = gb_2312(range(1, 6)) | gb_2312(range(7, 8))
    assert signs - paged - text == {0x3000}, "signs, full-width forms, kana and Cyrillic, but for the space"
    assert sorted(paged) == charset.paged_characters()


@pytest.mark.parametrize("role", ["title", "body", "caption"])
def test_letters_of_european_languages(role: str) -> None:
    for panel in build.SIZES_PX:
        have = codes_of_text_font((ASSETS / f"{role}.{panel}.twf").read_bytes())
        pages = ("iso8859-1", "iso8859-2", "iso8859-4", "iso8859-5", "iso8859-7", "iso8859-9", "cp1251", "koi8-u")
        for codec in pages:
            letters = {char for char in bytes(range(256)).decode(codec, "ignore") if char.isalpha()}
            assert set(map(ord, letters)) - have <= {0x37A}, (codec, "all but the lone iota below, which no word needs")


def test_the_files_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in sorted(ASSETS.glob("*.twp"))}
    print("NOTE paged fonts, bytes:", ", ".join(f"{name} {size}" for name, size in sizes.items()))
    assert len(sizes) == len(FILES) and sum(sizes.values()) < BUDGET_BYTES


@NEEDS_FONTS
@pytest.mark.parametrize(("role", "panel"), FILES)
def test_the_watch_unpacks_what_was_drawn(role: str, panel: str, tmp_path: Path) -> None:
    target = tmp_path / "glyphs"
    result = run("unpack_pages.py", str(ASSETS / f"{role}.{panel}.twp"), str(STEP), str(target))
    wanted = charset.paged_characters()
    assert int(result.stdout) == len(wanted)
    page = build.cells(role, panel, wanted[::STEP])
    data = target.read_bytes()
    length = 2 + 6 + page.width // 2 * page.height
    assert len(data) == length * len(page.pictures)
    for number, (code, levels) in enumerate(page.pictures.items()):
        record = data[number * length : (number + 1) * length]
        head = (code >> 8, code & 0xFF, page.advance * 16 & 0xFF, page.advance * 16 >> 8, page.width, page.height)
        assert record[:8] == bytes((*head, page.left + 128, page.top + 128))
        drawn = bytes(value for byte in record[8:] for value in (byte >> 4, byte & 15))
        assert drawn == bytes(5 * level for level in levels), chr(code)


@NEEDS_FONTS
@pytest.mark.long
def test_committed_pages_are_reproduced() -> None:
    made = build.build_pages()
    different = [name for name, data in made.items() if (ASSETS / name).read_bytes() != data]
    assert not different, "run python -m tapwatch.assets.build --pages"


def test_what_is_packed_is_unpacked() -> None:
    rng = random.Random(2312)
    for kind in ((0,), (3,), (0, 3), (0, 1, 2, 3), (0,) * 30 + (1, 2, 3)):
        pictures = [bytes(rng.choice(kind) for _ in range(12 * 9)) for _ in range(20)]
        odds = coder.statistics(pictures[:10], 12)
        for levels in pictures:
            packed = coder.pack(levels, 12, odds)
            assert coder.unpack(packed, 12, 9, odds) == levels
            assert packed[-1:] != b"\0"


def test_a_page_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="even width"):
        PageFile(3, 1, 0, 0, 20, 16, {0x4E00: bytes(3)}).pack()
    rng = random.Random(1)
    noise = {code: bytes(rng.randrange(4) for _ in range(16 * 16)) for code in range(0x4E00, 0x4E20)}
    monkeypatch.setattr(pagefile, "_MOST_PACKED", 20)
    with pytest.raises(ValueError, match="page 4E"):
        PageFile(16, 16, 0, 0, 20, 16, noise).pack()
