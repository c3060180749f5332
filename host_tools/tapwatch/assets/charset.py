"""Which characters each font of the watch needs.

The Chinese characters are read from the language tables of the firmware as data (a literal parsed by `ast`), never by
importing firmware code.
"""

from __future__ import annotations

import ast
from pathlib import Path

MISSING = 0xFFFD
"""Drawn for every character that a font lacks: U+FFFD REPLACEMENT CHARACTER, here an empty box."""
_ASCII = range(0x20, 0x7F)
_LATIN_1 = range(0xA0, 0x100)
_LATIN_EXTENDED_A = [code for code in range(0x100, 0x180) if code != 0x149]
"""All but U+0149, which Unicode has deprecated and the font lacks."""
_GREEK = [code for code in range(0x384, 0x3CF) if code not in (0x38B, 0x38D, 0x3A2)]
"""The letters and marks of Modern Greek; three code points between them stand for nothing."""
_CYRILLIC = [code for code in range(0x400, 0x500) if code not in (0x49E, 0x49F) and not 0x460 <= code < 0x48A]
"""The letters in use today, without the historic ones, and without U+049E and U+049F, which the font lacks."""
_EXTRA = "ˇ–—‘’“”•…′″€₩₹№←↑→↓"
_CALENDAR = "正一二三四五六七八九十冬腊闰月初廿鼠牛虎兔龙蛇马羊猴鸡狗猪"
"""Days of the Chinese calendar and the animals of its years: the almanac face shows them as headlines."""
_DISPLAY = "0123456789:.,-"
_GB_FIRST = 0xA1
_GB_ROWS = 87
_GB_CELLS = 94
_GB_ALPHABETS = (6, 7, 9)
"""Rows of GB 2312 with Greek, Cyrillic, and lines of tables."""
_GB_PHONETIC = 8
_GB_BOPOMOFO = 36
"""Cells of row 8 before its bopomofo: pinyin letters."""
_IDEOGRAPHIC_SPACE = 0x3000


class CatalogueError(ValueError):
    """A language file does not hold the plain tables it should."""


def display_characters() -> list[int]:
    """Characters of the largest font: times and amounts only."""
    return sorted(map(ord, _DISPLAY)) + [MISSING]


def letters() -> list[int]:
    """Every Latin, Greek and Cyrillic character of the text fonts, sorted."""
    return sorted({*_ASCII, *_LATIN_1, *_LATIN_EXTENDED_A, *_GREEK, *_CYRILLIC})


def paged_characters() -> list[int]:
    """All of GB 2312 that the page files hold: both levels of Han, kana, bopomofo, full-width forms and signs, sorted.

    Left out are the space, which shows nothing, what the text fonts have in their own width, and the Greek, Cyrillic
    and pinyin letters and the lines of tables in rows 6 to 9.
    """
    found = set()
    for row in range(_GB_ROWS):
        for cell in range(_GB_CELLS):
            if row + 1 in _GB_ALPHABETS or (row + 1 == _GB_PHONETIC and cell < _GB_BOPOMOFO):
                continue
            try:
                found.add(ord(bytes((row + _GB_FIRST, cell + _GB_FIRST)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return sorted(found - set(letters()) - set(map(ord, _EXTRA)) - {_IDEOGRAPHIC_SPACE})


def text_characters(languages: Path, titles_only: bool) -> list[int]:
    """Characters of a text font, sorted.

    Args:
        languages: the folder with one Python file per language.
        titles_only: take only texts whose key ends in `.title`, besides the Latin letters.
    """
    wanted = set(letters()) | set(map(ord, _EXTRA + _CALENDAR)) | {MISSING}
    for file in sorted(languages.glob("*.py")):
        if file.stem != "__init__":
            for text in _texts(file, titles_only):
                wanted.update(map(ord, text))
    return sorted(wanted)


def _texts(file: Path, titles_only: bool) -> list[str]:
    tables = _literals(file)
    try:
        named = tables["TEXT"]
        texts = [text for key, text in named.items() if key.endswith(".title") or not titles_only]
        if not titles_only:
            texts += [tables["NAME"], tables["DATE"], *tables["DAYS"], *tables["MONTHS"]]
    except KeyError as missing:
        raise CatalogueError(f"{file.name} has no table {missing}") from missing
    return texts


def _literals(file: Path) -> dict:
    """The module-level assignments of a file that are plain literals."""
    found = {}
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            found[statement.targets[0].id] = ast.literal_eval(statement.value)
    return found
