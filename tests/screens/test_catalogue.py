"""No text of the catalogue is left without a screen that shows it."""

import ast
import re

from tests.screens.micropython import ROOT

_SCREENS = ROOT / "firmware/watch"
_COMPOSED = ("error.", "do.", "reason.", "wiped.", "card.", "security.", "wipe.")
_COMPOSED += ("settings.", "setting.", "value.", "language.", "quick.", "about.secret-", "notes.", "reply.", "battery.")
"""Families whose second half comes from a code, a state, the key of a row, a value, or the part of a question."""


def _unused(keys: list[str], source: str) -> list[str]:
    """Keys that are neither named in the source nor built there from a prefix or a suffix."""
    built = [key for key in keys if f'"{key}"' not in source]
    titles = ("no-card", "unlock-first", "passcode-changed")  # `name + ".title"`
    return [
        key for key in built if not key.startswith(_COMPOSED) and not (key.endswith(".title") and key[:-6] in titles)
    ]


def _keys() -> list[str]:
    source = (ROOT / "firmware/watch/ui/languages/en.py").read_text(encoding="utf-8")
    match = re.search(r"^TEXT = (\{.*?^\})", source, re.S | re.M)
    assert match
    return list(ast.literal_eval(match[1]))


def _source() -> str:
    rooms = (_SCREENS / "screens", _SCREENS / "ui", _SCREENS / "system", _SCREENS / "apps")
    files = [path for room in rooms for path in room.rglob("*.py") if path.parent.name != "languages"]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_text_is_used() -> None:
    assert _unused(_keys(), _source()) == []


def test_an_unused_text_is_noticed() -> None:
    assert _unused(["face.forgotten"], _source()) == ["face.forgotten"]
