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
_EXTRA = "–—‘’“”•…€₩₹←↑→↓"
_DISPLAY = "0123456789:.,-"


class CatalogueError(ValueError):
    """A language file does not hold the plain tables it should."""


def display_characters() -> list[int]:
    """Characters of the largest font: times and amounts only."""
    return sorted(map(ord, _DISPLAY)) + [MISSING]


def text_characters(languages: Path, titles_only: bool) -> list[int]:
    """Characters of a text font, sorted.

    Args:
        languages: the folder with one Python file per language.
        titles_only: take only texts whose key ends in `.title`, besides the Latin letters.
    """
    wanted = set(_ASCII) | set(_LATIN_1) | set(map(ord, _EXTRA)) | {MISSING}
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
