"""The apps of `examples/`: each can be packed, speaks both languages, and is small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapwatch.apps import pack, project

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/app.toml"))
_MOST_BYTES = 16_384


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_an_example_can_be_packed(folder: Path) -> None:
    source = project.load(folder)
    built = pack.build(source)
    size = sum(map(len, built.files.values()))
    print(f"NOTE examples.{folder.name}: {size} bytes, {sum(built.interned.values())} bytes of names")
    assert source.fields.id == folder.name and set(source.fields.name) == {"en", "zh"}
    assert size < _MOST_BYTES


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_an_example_speaks_both_languages(folder: Path) -> None:
    words = project.load(folder).words
    assert not words or words["en"].keys() == words["zh"].keys()


def test_the_readme_tells_of_each_example() -> None:
    page = (ROOT / "examples/README.md").read_text(encoding="utf-8")
    assert len(EXAMPLES) >= 5
    assert [folder.name for folder in EXAMPLES if f"`{folder.name}`" not in page] == []
