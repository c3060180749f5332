"""Rules about what an app asks the watch for: permissions that app.toml lacks, texts that words.toml lacks.

The watch would say so too, when the line runs; these find the plain cases before.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tapwatch.apps.finding import Rule, each, shown
from tapwatch.apps.import_rules import close
from tapwatch.apps.manifest import PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tapwatch.apps.finding import Found
    from tapwatch.apps.source import Source

_WATCH, _TEXT = "watch", "text"


def _is_watch(node: ast.expr) -> bool:
    """True for `watch`, `self.watch` and `self._watch`."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.lstrip("_") == _WATCH


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == _TEXT and _is_watch(node.value)


def _not_asked(tree: ast.Module, source: Source) -> Found:
    for node in each(tree, ast.Attribute):
        asked = source.permissions is None or node.attr in source.permissions
        if not asked and node.attr in PERMISSIONS and isinstance(node.ctx, ast.Load) and _is_watch(node.value):
            yield node, node.attr


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What an assignment gives to what."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, other)
    else:
        yield target, value


def _short_forms(tree: ast.Module) -> set[str]:
    """What a module calls the texts of the app, and nothing else."""
    given: dict[str, set[bool]] = {}
    for node in each(tree, ast.Assign):
        for target, value in (pair for one in node.targets for pair in _pairs(one, node.value)):
            given.setdefault(shown(target), set()).add(_is_text(value))
    return {name for name, kinds in given.items() if kinds == {True}}


def _no_text(tree: ast.Module, source: Source) -> Found:
    if source.texts is None:
        return
    short = _short_forms(tree)
    for node in each(tree, ast.Call):
        call = node.func
        if not (isinstance(call, ast.Attribute) and call.attr == "get" and node.args):
            continue
        key = node.args[0]
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or key.value in source.texts:
            continue
        if _is_text(call.value) or shown(call.value) in short:
            yield key, f"`{key.value}`{close(key.value, source.texts)}"


RULES = (
    Rule("permission", "app.toml does not ask for `{}`: put it into `permissions`", _not_asked),
    Rule("word", "words.toml has no text {}", _no_text),
)
