"""The languages have the same texts, in the watch and in every app, and code asks only for texts there are.

That no text is left without a screen is shown by the gallery, which hears what is asked for.
"""

from __future__ import annotations

import re

from tests.screens import words
from tests.screens.micropython import ROOT

_PLACES = ("screens", "ui", "system", "apps")
_EITHER = {"almanac": ("day", "days")}
"""Texts of apps of which a language needs one: a name for every day of a month, or a way to count them."""
_GAP = re.compile(r"\{\w*\}")


def differences(texts: dict[str, dict[str, str]]) -> list[str]:
    """Keys that one language lacks, texts that are empty, and gaps that differ from the English text."""
    wrong = []
    for language, own in texts.items():
        wrong += [f"{language}: {key}" for key in own.keys() ^ texts["en"].keys()]
        for key in own.keys() & texts["en"].keys():
            if not own[key] or sorted(_GAP.findall(own[key])) != sorted(_GAP.findall(texts["en"][key])):
                wrong.append(f"{language}: {key}")
    return sorted(wrong)


def unknown(source: str, keys: set[str]) -> list[str]:
    """What a program asks for and nobody can give."""
    whole, beginnings = words.asked(source)
    missing = [key for key in whole if key not in keys]
    return sorted(missing + [start for start in beginnings if not any(key.startswith(start) for key in keys)])


def test_languages_have_the_same_texts() -> None:
    own = {path.stem: words.table(path) for path in words.LANGUAGES.glob("*.py") if path.stem != "__init__"}
    apps = words.app_tables()
    assert set(own) == {"en", "zh"} and differences(own) == []
    for name, texts in apps.items():
        assert set(texts) == set(own), name
        either = _EITHER.get(name, ())
        assert all(any(own[key] for key in either) for own in texts.values()) or not either, name
        needed = {language: {key: own[key] for key in own if key not in either} for language, own in texts.items()}
        assert differences(needed) == [], name
    print(f"NOTE texts: {len(own['en'])} of the watch and {len(words.all_keys()) - len(own['en'])} of {len(apps)} apps")


def test_only_texts_that_exist_are_asked_for() -> None:
    keys = set(words.table(words.LANGUAGES / "en.py"))
    for place in _PLACES:
        for path in (ROOT / "firmware/watch" / place).rglob("*.py"):
            assert unknown(path.read_text(encoding="utf-8"), keys) == [], path
    for name, texts in words.app_tables().items():
        for path in (words.APPS / name).glob("*.py"):
            assert unknown(path.read_text(encoding="utf-8"), set(texts["en"])) == [], path


def test_what_is_missing_is_noticed() -> None:
    texts = {"en": {"a": "{n} left", "b": "x"}, "zh": {"a": "剩", "c": "y"}}
    assert differences(texts) == ["zh: a", "zh: b", "zh: c"]
    source = 'words.get("a" if x else "b")\nself.text.get("f." + code)\nkept.get("other")\nwords.get("g-%d" % code)'
    assert unknown(source, {"a", "f.one"}) == ["b", "g-"]
