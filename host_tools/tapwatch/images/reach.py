"""Which drivers and parts of boards a board needs: what its files import, and what those import."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PLACES = {"drivers": "firmware", "board": "."}
"""First parts of the names that are followed, and the folder they are found in."""


def reached(root: Path, starts: Iterable[str]) -> set[str]:
    """Files below `root` that these files import, and themselves. Raises UserError for a module that is not there."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(root, path)
    return found


def _imports(root: Path, path: str) -> set[str]:
    """The files that one file imports; modules of MicroPython and of `watch` are not followed."""
    try:
        tree = ast.parse((root / path).read_bytes(), path)
    except SyntaxError as problem:
        raise UserError(f"{path} does not compile", "correct it", EXIT_FAILED) from problem
    needed: set[str] = set()
    for module, names in _named(tree):
        if module.split(".")[0] not in PLACES:
            continue
        files = _files(root, module) | {file for name in names for file in _files(root, f"{module}.{name}")}
        if not files:
            raise UserError(f"{path} imports {module}, which is not there", "correct the import", EXIT_FAILED)
        needed |= files
    return needed


def _named(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Modules that are imported, each with the names that are taken from it; not those for type checkers alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", [alias.name for alias in node.names]
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from (found for part in node.orelse for found in _named(part))
        else:
            yield from _named(node)


def _files(root: Path, module: str) -> set[str]:
    """The file of a module, and the `__init__.py` of it and of the packages above it, as far as they are there."""
    base = PLACES[module.split(".")[0]]
    parts = module.split(".")
    packages = ["/".join(parts[:count]) + "/__init__.py" for count in range(1, len(parts) + 1)]
    own = "/".join(parts) + ".py"
    names = [own, *packages] if (root / base / own).is_file() or (root / base / packages[-1]).is_file() else []
    return {name if base == "." else f"{base}/{name}" for name in names if (root / base / name).is_file()}
