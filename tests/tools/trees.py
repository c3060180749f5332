"""Source trees as the rules look at them: Python files with their syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = "board/*/micropython/manifest.py"
"""What a MicroPython of one's own has frozen in: calls of its tool, and no module."""
CHECKED = ("firmware", "board", "host_tools")


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: str
    """Relative to the root, with slashes."""
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree. Raises SyntaxError."""
        return ast.parse(self.text, self.path)


def sources(*folders: str, root: Path = ROOT) -> list[Source]:
    """Every Python file under the folders, sorted by path, but for those that only MicroPython's build runs."""
    found = sorted(path for folder in folders or CHECKED for path in (root / folder).rglob("*.py"))
    return [Source(path.relative_to(root).as_posix(), path.read_text()) for path in found if not path.match(MANIFEST)]


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below `node` except what only type checkers run."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and is_type_checking(child.test):
            for other in child.orelse:
                yield other
                yield from runtime_nodes(other)
            continue
        yield child
        yield from runtime_nodes(child)


def is_type_checking(test: ast.expr) -> bool:
    """True for the condition `TYPE_CHECKING` or `typing.TYPE_CHECKING`."""
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )
