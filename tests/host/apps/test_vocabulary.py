"""The names of apps: the packer has the table of the firmware, and it holds what it must and must not."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tapwatch.apps.vocabulary import vocabulary

ROOT = Path(__file__).parents[3]
NEVER = (
    # Python's own ways to what lies behind an object, or to a name by its text.
    "__class__ __dict__ __globals__ __bases__ __name__ __module__ __getattr__ __setattr__ __delattr__ __new__ __del__",
    "getattr setattr hasattr delattr globals locals vars dir eval exec compile execfile input __import__ id type",
    "memoryview object super help BaseException SystemExit KeyboardInterrupt GeneratorExit builtins sys micropython gc",
    # What leads from an object of the API to the watch, or to memory that is written without a check.
    "screen damage display services forget memory glyph glyphs offsets polygons segments stamps picture window clip",
    "unclip set_accent set_language turn bump suited art sort throw targets find_target granted journal",
)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """`tools/vocabulary.py`."""
    spec = importlib.util.spec_from_file_location("vocabulary_tool", ROOT / "tools/vocabulary.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_copy_is_the_table(tool: ModuleType) -> None:
    """Made again, the packer's file has the same bytes."""
    assert tool.COPY.read_text(encoding="utf-8") == tool.text(tool.source()), "run tools/vocabulary.py"


def test_another_table_makes_another_copy(tool: ModuleType) -> None:
    """The comparison above can fail."""
    source = tool.source()
    assert tool.text(source) != tool.text(source.replace('"tick_ms",', '"tick_ms screen",'))


def test_what_leads_elsewhere_is_not_in_it() -> None:
    """No place of the table has a name that an app must not use."""
    names = vocabulary()
    assert not names.known & {name for line in NEVER for name in line.split()}
    assert "open" not in names.builtins, "a method of apps, and a function that opens files"


def test_no_name_looks_like_a_pool_name() -> None:
    """Else the packer could not tell them apart."""
    names = vocabulary()
    assert not [name for name in names.known if names.is_pool(name)]
    assert names.is_pool("n0") and names.is_pool("n511")
    assert not names.is_pool("n512") and not names.is_pool("n01") and not names.is_pool("n")
