"""The texts of an app: `words.toml`, a table of texts for each language."""

from __future__ import annotations

import re

from tapwatch.apps.faults import Fault
from tapwatch.apps.toml_file import TomlFile, line_of
from tapwatch.signing import cbor

FILE = "words.toml"
LANGUAGES = ("en", "zh")
MOST_TEXTS = 120
"""In one language; this and what follows: docs/bundles.md, "What the watch checks"."""
MOST_CHARACTERS = 400
"""Of one text: about as much as fits four pages of a watch."""
LONGEST_KEY = 24
MOST_BYTES = 16_384
"""Of all texts, as they lie in the bundle."""
_GAP = re.compile(r"\{[^{}]*\}")
_LAST_DRAWN = "\uffff"
"""No font of the watch goes further: emoji have no pictures."""


def check(file: TomlFile) -> tuple[dict[str, dict[str, str]], list[Fault]]:
    """The texts by language, then by key, and what is wrong with them.

    A language may lack a key, which is then shown in English; a text that both have has the same gaps in both.
    """
    texts: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    for language, table in file.values.items():
        if language not in LANGUAGES or not isinstance(table, dict):
            message = f"`{language}` is no table of a language; those of the watch are {', '.join(LANGUAGES)}"
            faults.append(file.fault(language, "words-language", message))
        else:
            texts[language] = _strings(file, language, table, faults)
    if texts and "en" not in texts:
        faults.append(Fault(file.name, 1, 1, "words-language", "English is missing: other languages fall back to it"))
    faults += _gaps(file, texts)
    size = len(cbor.encode(texts))
    if size > MOST_BYTES:
        faults.append(Fault(file.name, 1, 1, "words-size", f"all texts take {size} bytes; at most {MOST_BYTES}"))
    return texts, faults


def _strings(file: TomlFile, language: str, table: dict, faults: list[Fault]) -> dict[str, str]:
    if len(table) > MOST_TEXTS:
        message = f"{language} has {len(table)} texts; at most {MOST_TEXTS}"
        faults.append(file.fault(language, "words-size", message))
    kept = {}
    for key, text in table.items():
        wrong = _wrong(f"`{language}.{key}`", key, text)
        if wrong is None:
            kept[key] = text
        else:
            faults.append(Fault(file.name, line_of(file.text, key, language), 1, *wrong))
    return kept


def _wrong(place: str, key: str, text: object) -> tuple[str, str] | None:
    """The rule that a text breaks, and what is said of it; None for a good one."""
    if not isinstance(text, str):
        return "words-text", f"{place} must be a text in quotation marks"
    if not 0 < len(key) <= LONGEST_KEY:
        return "words-text", f"a key has 1 to {LONGEST_KEY} characters"
    if len(text) > MOST_CHARACTERS:
        return "words-size", f"{place} has {len(text)} characters; at most {MOST_CHARACTERS}"
    strange = [one for one in text if one > _LAST_DRAWN]
    if strange:
        return "words-text", f"{place}: the watch has no letter {strange[0]}; Icon and Image show pictures"
    return None


def _gaps(file: TomlFile, texts: dict[str, dict[str, str]]) -> list[Fault]:
    """Texts of which one language has a gap that the other lacks."""
    english = texts.get("en", {})
    return [
        Fault(file.name, line_of(file.text, key, language), 1, "words-gap", f"`{key}` has other gaps than in English")
        for language, table in texts.items()
        for key, text in table.items()
        if key in english and text and english[key] and sorted(_GAP.findall(text)) != sorted(_GAP.findall(english[key]))
    ]
