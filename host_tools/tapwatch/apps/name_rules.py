"""Rules about names as the watch will see them: what is known, what is the API's own, what is a slip of the pen."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tapwatch.apps.finding import Rule, each, shown
from tapwatch.apps.fold import CONST
from tapwatch.apps.hints import ATTRIBUTES
from tapwatch.apps.import_rules import close
from tapwatch.apps.source import API, all_bound, class_names, imported, top_names
from tapwatch.apps.word_rules import CATCH_ALL, REFLECTION

if TYPE_CHECKING:
    from tapwatch.apps.finding import Found
    from tapwatch.apps.source import Source

_SPOKEN_OF = REFLECTION | CATCH_ALL | {"type", "super", "sort", CONST, "TYPE_CHECKING"}
"""Names that have rules of their own."""


def _passed_over(name: str, source: Source) -> bool:
    """True for a name that another rule speaks of."""
    return name in _SPOKEN_OF or name == source.names.spend or name.startswith("__") or not name.isascii()


def _names(tree: ast.Module, source: Source) -> Found:
    known = all_bound(tree) | source.names.builtins
    for node in each(tree, ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id not in known and not _passed_over(node.id, source):
            hint = f"; import it from {API}" if node.id in source.names.api else close(node.id, known)
            yield node, f"`{node.id}`{hint}"


def _attributes(tree: ast.Module, source: Source) -> Found:
    names = source.names
    known = names.attributes | names.settable | names.methods | names.api | source.attributes
    modules = {(one.asname or one.name).partition(".")[0] for node in each(tree, ast.Import) for one in node.names}
    for node in each(tree, ast.Attribute):
        of_module = isinstance(node.value, ast.Name) and node.value.id in modules  # its import is a fault already
        if isinstance(node.ctx, ast.Load) and not of_module | (node.attr in known) | _passed_over(node.attr, source):
            hint = f"; {ATTRIBUTES[node.attr]}" if node.attr in ATTRIBUTES else close(node.attr, known)
            yield node, f"`.{node.attr}`{hint}"


def _keywords(tree: ast.Module, source: Source) -> Found:
    known = source.names.known | source.arguments
    for node in each(tree, ast.keyword):
        if node.arg is not None and node.arg not in known and not _passed_over(node.arg, source):
            hint = close(node.arg, known) or "; an argument of that name is given by its place, without `NAME=`"
            yield node.value, f"`{node.arg}`{hint}"


def _set_attributes(tree: ast.Module, source: Source) -> Found:
    names = source.names
    own = names.known - names.settable - {names.spend}
    for node in each(tree, ast.Attribute):
        if not isinstance(node.ctx, ast.Load) and node.attr in own:
            yield node, node.attr


def _class_bodies(tree: ast.Module, source: Source) -> Found:
    """Names of the vocabulary in the body of a class, but those that classes of an app may define."""
    names = source.names
    own = names.known - names.methods - {names.spend}
    for node in each(tree, ast.ClassDef):
        for name, place in class_names(node):
            if name in own:
                yield place, name


def _globals(tree: ast.Module, source: Source) -> Found:
    """Names of modules that are the API's or built in; imports of them are what they say."""
    names = source.names
    taken = imported(tree, API)
    mine = top_names(tree) - taken - imported(tree, "micropython") - {names.spend}
    for name in sorted(mine & (names.api | names.builtins)):
        yield _place(tree, name), name


def _place(tree: ast.Module, name: str) -> ast.AST:
    """Where a module binds a name."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return node
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            return node
        if isinstance(node, ast.alias) and name in (node.name, node.asname):
            return node
    return tree


def _rebound(tree: ast.Module, source: Source) -> Found:
    """Imported names that are given another value, declared global or deleted."""
    taken = imported(tree, API) | imported(tree, "micropython")
    del source
    for node in ast.walk(tree):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            for name in taken.intersection(node.names):
                yield node, name
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and node.id in taken:
            yield node, node.id
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in taken:
            yield node, node.name


def _patches(tree: ast.Module, source: Source) -> Found:
    """Attributes of what the API gives that are set."""
    del source
    taken = imported(tree, API)
    for node in (*each(tree, ast.Attribute), *each(tree, ast.Subscript)):
        if not isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name) and node.value.id in taken:
            yield node, shown(node)


def _entry(tree: ast.Module, source: Source) -> Found:
    """The entry's class, if its module lacks it or it is of the wrong kind."""
    module, name = source.entry.split(".")
    if source.modules.get(module) is not tree:
        return
    base = "Face" if source.kind == "face" else "App"
    other = "App" if source.kind == "face" else "Face"
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            if not node.bases or any(isinstance(one, ast.Name) and one.id == other for one in node.bases):
                yield node, f"`{name}` is to be the {source.kind}, so its base is `{base}`"
            return
    yield tree, f"there is no class `{name}` in it, which app.toml names as the entry"


RULES = (
    Rule("entry", "{}", _entry),
    Rule("unknown-name", "nothing is called {}", _names),
    Rule("unknown-attribute", "nothing of the API or of the app has {}", _attributes),
    Rule("unknown-keyword", "no argument is called by the name {}", _keywords),
    Rule("api-rebound", "`{}` is the API's: call yours otherwise", _rebound),
    Rule("api-patch", "`{}` belongs to the watch and cannot be changed", _patches),
    Rule(
        "api-attribute",
        "`{}` is a name of the API that apps may not set: call yours otherwise, such as `_{}`",
        _set_attributes,
    ),
    Rule(
        "api-method",
        "`{}` is a name of the API that apps may not define: call yours otherwise, such as `_{}`",
        _class_bodies,
    ),
    Rule("api-global", "`{}` is a name of the API or of Python: call yours otherwise, such as `_{}`", _globals),
)
