"""The numbers of the house style: types, docstrings, lengths, bare excepts, no work at import."""

import pytest

from tests.tools.measure import measure, percentile_95
from tests.tools.trees import CHECKED, Source, sources

FUNCTION_P95_MAX = 40
FILE_P95_MAX = 300
FILE_MAX = 400


@pytest.mark.parametrize("tree", CHECKED)
def test_a_tree_keeps_the_style(tree: str) -> None:
    """Types and docstrings everywhere, short functions, short files, no bare except, nothing done at import."""
    found = measure(sources(tree))
    function_p95, file_p95 = percentile_95(found.function_lines), percentile_95(found.file_lines)
    typed = 100 * (1 - len(found.untyped) / max(found.slots, 1))
    documented = 100 * (1 - len(found.undocumented) / max(found.public, 1))
    print(
        f"NOTE rules.style {tree}: typed {typed:.1f} %, public docstrings {documented:.1f} %, "
        f"p95 function {function_p95}, p95 file {file_p95}, bare except {len(found.bare_excepts)}"
    )
    faults = found.untyped + found.undocumented + found.bare_excepts + found.import_work
    assert not faults, "\n".join(faults)
    assert function_p95 <= FUNCTION_P95_MAX
    assert file_p95 <= FILE_P95_MAX
    assert max(found.file_lines, default=0) <= FILE_MAX


def one(text: str) -> Source:
    """An example file."""
    return Source("example.py", text)


@pytest.mark.parametrize(
    "text",
    [
        "def f(x) -> None:\n    pass",
        "def f(x: int):\n    pass",
        "def f(*args) -> None:\n    pass",
        "def f(*, key) -> None:\n    pass",
        "class A:\n    def __init__(self):\n        pass",
        "def f() -> None:\n    def g(x):\n        pass",
    ],
)
def test_a_missing_type_is_noticed(text: str) -> None:
    """Parameters, results, constructors and inner functions all count."""
    assert len(measure([one(text)]).untyped) >= 1


def test_complete_types_pass() -> None:
    """`self`, `cls` and the results of viper functions need none."""
    text = "class A:\n    def f(self, x: int) -> int: ...\n@micropython.viper\ndef g(x: ptr8): ...\n"
    assert not measure([one(text)]).untyped


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("x = 1", 1),
        ('"""Doc."""\ndef f(): ...', 1),
        ('"""Doc."""\nclass A:\n    def f(self): ...', 2),
        ('"""Doc."""\nasync def f(): ...', 1),
        ('"""Doc."""\nif True:\n    def f(): ...', 1),
        ('"""Doc."""\ndef _f():\n    def g(): ...', 0),
        ('"""Doc."""\nclass _A:\n    def f(self): ...', 0),
    ],
)
def test_a_missing_docstring_is_noticed(text: str, missing: int) -> None:
    """Everything public counts; nothing private and nothing inside functions does."""
    assert len(measure([one(text)]).undocumented) == missing


def test_a_bare_except_is_noticed() -> None:
    """`except:` counts, `except ValueError:` does not."""
    assert len(measure([one("try:\n    f()\nexcept:\n    pass")]).bare_excepts) == 1
    assert not measure([one("try:\n    f()\nexcept ValueError:\n    pass")]).bare_excepts


def test_lengths_are_measured() -> None:
    """A function counts from `def` to its last line, and the percentile is the 95th."""
    long = "def f() -> None:\n" + "    x = 1\n" * 49
    assert measure([one(long)]).function_lines == [50]
    assert percentile_95([1] * 95 + [100] * 5) == 1
    assert percentile_95([1] * 94 + [100] * 6) == 100


def test_tables_are_not_code() -> None:
    """A long file of nothing but literals is a table; one name, call or definition in it makes it code."""
    table = '"""Texts."""\nTEXT = {\n' + '    "key": "text",\n' * 500 + '}\n"""By key."""\n'
    assert measure([one(table)]).file_lines == []
    for line in ("import os\n", "def f() -> None: ...\n", "NOW = time()\n", "SAME = TEXT\n", "del TEXT\n"):
        assert measure([one(table + line)]).file_lines == [505]


ACTING = ("start()", "for x in y:\n    z(x)", "with a:\n    pass", "try:\n    f()\nfinally:\n    g()")
DEFINING = ("X = 1", "try:\n    import a\nexcept ImportError:\n    pass", '"""Doc."""', "class A: ...")


@pytest.mark.parametrize("text", ACTING)
def test_work_at_import_is_noticed(text: str) -> None:
    """A module defines; it does not act."""
    assert measure([one(text)]).import_work


@pytest.mark.parametrize("text", DEFINING)
def test_definitions_are_not_work(text: str) -> None:
    """Constants, imports, docstrings and classes are what modules are for."""
    assert not measure([one(text)]).import_work
