"""The committed fonts are what the generator makes, and the generator refuses what it cannot do."""

from pathlib import Path

import pytest

from tapwatch.assets import build, charset
from tapwatch.assets.fontfile import FontFile, Glyph
from tapwatch.assets.icons import ICONS
from tests.screens.micropython import ROOT

LANGUAGES = ROOT / "firmware/watch/ui/languages"


@pytest.mark.skipif(
    not build.fonts_present(),
    reason="outline fonts are missing: committed fonts not compared (apt-get install fonts-inter fonts-noto-cjk)",
)
def test_committed_fonts_are_reproduced() -> None:
    committed = {path.name: path.read_bytes() for path in (ROOT / "firmware/assets").glob("*.twf")}
    made = build.build(LANGUAGES)
    assert sorted(committed) == sorted(made)
    different = [name for name in made if made[name] != committed[name]]
    assert not different, "run python -m tapwatch.assets.build"


def test_the_licence_is_beside_the_fonts() -> None:
    text = (ROOT / "firmware/assets/OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in text and "Inter Project Authors" in text and "Adobe" in text


def test_icon_codes_match_the_firmware() -> None:
    source = (ROOT / "firmware/watch/ui/icons.py").read_text(encoding="utf-8")
    for order, name in enumerate(ICONS):
        constant = name.upper().replace("-", "_")
        assert f"\n{constant} = const({order})\n" in source, name


def test_a_new_character_reaches_the_charset(tmp_path: Path) -> None:
    (tmp_path / "xx.py").write_text(
        'NAME = "x"\nDATE = ""\nDAYS = ("龘",)\nMONTHS = ()\nTEXT = {"a.title": "靐", "b": "齉"}\n', encoding="utf-8"
    )
    everything = charset.text_characters(tmp_path, titles_only=False)
    titles = charset.text_characters(tmp_path, titles_only=True)
    assert {ord("龘"), ord("靐"), ord("齉")} <= set(everything)
    assert ord("靐") in titles and ord("齉") not in titles and ord("龘") not in titles


def test_a_language_without_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / "xx.py").write_text("TEXT = {}\n", encoding="utf-8")
    with pytest.raises(charset.CatalogueError, match=r"xx\.py"):
        charset.text_characters(tmp_path, titles_only=False)


def test_rows_are_padded_to_whole_bytes() -> None:
    glyph = Glyph(0x41, 48, 3, 2, -1, 2, bytes((1, 2, 3, 15, 0, 7)))
    assert glyph.pack() == bytes((48, 0, 3, 2, 127, 130, 0x12, 0x30, 0xF0, 0x70))
    data = FontFile(20, 15, 12, [glyph], {(0x41, 0x42): -20}).pack()
    assert data[:12] == b"TWF1" + bytes((20, 15, 12, 0, 1, 0, 1, 0))
    assert data[12:18] == bytes((0x41, 0, 24, 0, 0, 0)) and data[18:24] == bytes((0x41, 0, 0x42, 0, 0xEC, 0xFF))


def test_a_glyph_too_large_for_the_format_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+0041"):
        Glyph(0x41, 48, 300, 1, 0, 0, bytes(300)).pack()
