"""`branding.toml`: what it may say, and how it comes into an image."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import UserError
from tapwatch.images import brand, contents

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"maker": "Example Watches", "product": "Example One", "accent": "#3DD6C3", "language": "en", "root": "ab" * 64}


def write(folder: Path, **said: object) -> Path:
    path = folder / "branding.toml"
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in {**GOOD, **said}.items()
        if value is not None
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def facts_of(found: brand.Brand | None) -> dict[str, object]:
    """What the module says: constants and nothing else, or this fails."""
    tree = ast.parse(contents.facts("lilygo_twatch_ultra", (1, 2, 3), 5, "release", found))
    names: dict[str, object] = {}
    for line in tree.body[1:]:
        assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        names[line.targets[0].id] = ast.literal_eval(line.value)
    return names


def test_it_comes_into_the_facts_and_an_image_without_has_none(tmp_path: Path) -> None:
    names = facts_of(brand.read(write(tmp_path)))
    assert [names[name] for name in ("MAKER", "PRODUCT", "ACCENT", "LANGUAGE")] == [
        GOOD["maker"],
        GOOD["product"],
        0x3DD6C3,
        "en",
    ]
    assert "PRODUCT" not in facts_of(None) and facts_of(None)["VERSION"] == names["VERSION"]


def test_texts_stay_texts(tmp_path: Path) -> None:
    """Quotes, backslashes and other scripts come out as they went in; none of it is code."""
    for text in ("'\"+x()", "\\x41\\", "表情 一号", '"""\''):
        found = brand.read(_toml(tmp_path, text))
        assert facts_of(found)["MAKER"] == text
        assert all(line.isascii() for line in found.facts())


def _toml(folder: Path, maker: str) -> Path:
    path = write(folder, maker=None)
    escaped = maker.replace("\\", "\\\\").replace('"', '\\"')
    path.write_text(path.read_text(encoding="utf-8") + f'\nmaker = "{escaped}"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("maker", "x" * 33),
        ("maker", ""),
        ("maker", 3),
        ("product", "x" * 13),
        ("product", "   "),
        ("product", "\U0001f600"),
        ("product", "a\u202eb"),
        ("accent", "3DD6C3"),
        ("accent", "#3DD6C"),
        ("language", "fr"),
        ("root", "ab" * 63),
        ("root", None),
        ("slogan", "more"),
    ],
)
def test_what_it_may_not_say(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(UserError):
        brand.read(write(tmp_path, **{name: value}))
    with pytest.raises(UserError):
        brand.read(tmp_path / "nothing.toml")
