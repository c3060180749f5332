"""The coverage marks agree with what CPython's own tracing sees, and change nothing but speed."""

import contextlib
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.tools.instrument import executed, instrument, viper_lines

EXAMPLE = '''"""Doc."""
LIMIT = 3


def work(values):
    """Doc."""
    total = 0
    for value in values:
        if value > LIMIT:
            total += value
        elif value < 0:
            raise ValueError
        else:
            total -= 1
    while total > 100 and \\
            total:
        total -= 100
    try:
        with open("/dev/null") as file:
            file.read(LIMIT)
        if total == 7:
            raise OSError
        if not total: return None
    except OSError:
        total = 0
    finally:
        total += 1

    def inner(x):
        return x + 1

    class Local:
        def method(self):
            return 5

    é = "ü"; return inner(total)


def unused():
    return 1


async def later():
    for _ in ():
        pass
'''


def run_marked(text: str, values: list[int]) -> set[int]:
    """Run the marked example and return the lines that ran."""
    hits: set[int] = set()
    space: dict[str, Any] = {"_hit": lambda file, line: hits.add(line)}
    exec(compile(instrument(text, 0), "example", "exec"), space)  # noqa: S102
    with contextlib.suppress(ValueError):
        space["work"](values)
    return executed(text, hits)


def run_traced(text: str, values: list[int], path: str) -> "tuple[set[int], set[int]]":
    """Statements, and statements run, as coverage.py sees them."""
    traced = coverage.Coverage(data_file=None)
    space: dict[str, Any] = {}
    with traced.collect():
        exec(compile(text, path, "exec"), space)  # noqa: S102
        with contextlib.suppress(ValueError):
            space["work"](values)
    _, statements, _, missing, _ = traced.analysis2(path)
    return set(statements), set(statements) - set(missing)


@pytest.mark.parametrize("values", [[], [0], [5], [200, 300], [-1], [5, -1], [4, 0, 4], [7]])
def test_marks_agree_with_tracing(values: list[int], tmp_path: Path) -> None:
    """Every statement of the example, for inputs that take different ways through it."""
    path = tmp_path / "example.py"
    path.write_text(EXAMPLE)
    statements, traced = run_traced(EXAMPLE, values, str(path))
    assert run_marked(EXAMPLE, values) & statements == traced


def test_lines_stay_where_they_are() -> None:
    """Tracebacks of a marked file point to the right lines."""
    assert instrument(EXAMPLE, 7).count("\n") == EXAMPLE.count("\n")


def test_viper_is_left_alone() -> None:
    """Machine code gets no marks and does not count."""
    text = "import micropython\n@micropython.viper\ndef f(x: int) -> int:\n    return x\n"
    assert instrument(text, 0) == text
    assert viper_lines(text) == {2, 3, 4}
