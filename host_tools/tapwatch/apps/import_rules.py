"""Rules about imports: the API, `const`, and modules of the project."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tapwatch.apps.finding import Rule, nodes, shown
from tapwatch.apps.hints import MODULES
from tapwatch.apps.source import API, top_names

if TYPE_CHECKING:
    from tapwatch.apps.finding import Found
    from tapwatch.apps.source import Source

_ALIKE = 0.75
"""How alike two names are, 0 to 1, of which one may be a slip of the pen for the other."""
_FROM = "`from watch.apps.api import NAME`, `from .module import NAME`, `from micropython import const`"


def close(name: str, names: set[str] | frozenset[str]) -> str:
    """A name that was perhaps meant, as a question."""
    found = get_close_matches(name, sorted(names), 1, _ALIKE)
    return f"; is it `{found[0]}`?" if found else ""


def _is_ours(node: ast.ImportFrom) -> bool:
    return node.level == 0 and node.module in (API, "micropython")


def _strange(tree: ast.Module, source: Source) -> Found:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield node, _instead(node, *(alias.name for alias in node.names))
        elif isinstance(node, ast.ImportFrom) and not _is_ours(node):
            if node.level != 1 or not node.module or "." in node.module:
                yield node, _instead(node, "" if node.level else node.module or "")
            elif node.module not in source.modules:
                yield node, f"there is no {node.module}.py in the project{close(node.module, set(source.modules))}"


def _instead(node: ast.AST, *modules: str) -> str:
    """What to do about an import of modules that an app does not have."""
    known = [MODULES[top] for top in dict.fromkeys(module.partition(".")[0] for module in modules) if top in MODULES]
    return f"`{shown(node)}`: no such module for apps; " + ("; ".join(known) if known else f"they import by {_FROM}")


def _nested(tree: ast.Module, source: Source) -> Found:
    del source
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and id(node) not in top:
            yield node, shown(node)


def _unknown(tree: ast.Module, source: Source) -> Found:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        if _is_ours(node):
            there = source.names.api if node.module == API else frozenset({"const"})
        elif node.level == 1 and node.module in source.modules:
            there = frozenset(top_names(source.modules[node.module]))
        else:
            continue
        for alias in node.names:
            if alias.name not in there and alias.name != "*":
                yield alias, f"{alias.name}{close(alias.name, there)}"


def _star(node: ast.ImportFrom) -> bool:
    return any(alias.name == "*" for alias in node.names)


def _is_renamed_const(node: ast.ImportFrom) -> bool:
    return node.level == 0 and node.module == "micropython" and any(alias.asname for alias in node.names)


RULES = (
    Rule("import", "{}", _strange),
    Rule("import-star", "no `import *`: name what you use", nodes(ast.ImportFrom, _star)),
    Rule("import-place", "`{}` belongs to the top of the module", _nested),
    Rule("import-name", "nothing there is called {}", _unknown),
    Rule("import-const", "`const` keeps its name", nodes(ast.ImportFrom, _is_renamed_const)),
)
