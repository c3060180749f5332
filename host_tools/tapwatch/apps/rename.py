"""Gives every private name of an app a name of the pool, the same one wherever its text stands.

Names that are local to functions are not in compiled code; they stay as they are, unless they look like a pool name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.apps import identifiers

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from tapwatch.apps.vocabulary import Vocabulary


def rename(modules: Iterable[ast.Module], entry: str, names: Vocabulary) -> dict[str, str]:
    """Change the modules; returns the name of the source for each name of the pool that is in use.

    Args:
        modules: of one app. Pool names are given in the order in which names appear in them.
        entry: class of the entry; it gets the first one.
        names: the vocabulary. There may be more than `names.pool_names` private names: the caller looks.
    """
    modules = list(modules)
    new: dict[str, str] = {}
    kept = names.known | _hidden(modules, names)
    for name in (entry, *(name for tree in modules for node in identifiers.in_order(tree) for name in _own(node))):
        if name not in kept and name not in new:
            new[name] = f"{names.pool}{len(new)}"
    for tree in modules:
        identifiers.replace(tree, lambda name: new.get(name, name))
    return {pool: name for name, pool in new.items()}


def _own(node: ast.AST) -> list[str]:
    return identifiers.names_of(node)


def _hidden(modules: list[ast.Module], names: Vocabulary) -> set[str]:
    """Names that no compiled code holds."""
    found = [identifiers.only_local(tree) for tree in modules]
    local = set().union(*(local for local, _ in found))
    return {name for name in local.difference(*(other for _, other in found)) if not names.is_pool(name)}
