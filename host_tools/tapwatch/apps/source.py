"""The code of an app as the rules look at it: its modules, what they bind, and where everything stands."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tapwatch.apps.identifiers import bound, names_of
from tapwatch.apps.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

API = "watch.apps.api"


@dataclass(frozen=True)
class Source:
    """The modules of one app, without annotations and remarks."""

    modules: dict[str, ast.Module]
    entry: str
    """Module and class."""
    kind: str
    permissions: frozenset[str] | None = None
    """What app.toml asks for; None if nobody knows."""
    texts: frozenset[str] | None = None
    """Keys of the English texts; None if nobody knows."""
    names: Vocabulary = field(default_factory=vocabulary)

    @cached_property
    def attributes(self) -> set[str]:
        """Every attribute that some class or object of the app gets."""
        found = set()
        for node in (node for tree in self.modules.values() for node in ast.walk(tree)):
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            elif isinstance(node, ast.ClassDef):
                found |= {name for name, _ in class_names(node)}
        return found

    @cached_property
    def arguments(self) -> set[str]:
        """Names of the arguments of the app's own functions."""
        return {node.arg for tree in self.modules.values() for node in ast.walk(tree) if isinstance(node, ast.arg)}

    @cached_property
    def classes(self) -> set[str]:
        """Names of the app's own classes."""
        trees = self.modules.values()
        return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def imported(tree: ast.Module, module: str, level: int = 0) -> set[str]:
    """The names that a module takes from another, as it calls them."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == module and node.level == level
        for alias in node.names
    }


def top_names(tree: ast.Module) -> set[str]:
    """What a module binds for itself and for others."""
    declared = {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    return declared | {name for node in shallow(tree.body) for name in bindings(node)}


def class_names(node: ast.ClassDef) -> Iterator[tuple[str, ast.AST]]:
    """What the body of a class binds, and where."""
    for statement in shallow(node.body):
        for name in bindings(statement):
            yield name, statement


def bindings(node: ast.AST) -> list[str]:
    """What one node binds, not counting those below it."""
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, ast.alias):
        return [node.asname or node.name]
    return names_of(node) if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)) else []


def shallow(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes of some statements that run in their scope: not what is inside functions, classes, comprehensions."""
    stack: list[ast.AST] = list(reversed(body))
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*inner, *comprehensions)):
            stack += reversed(list(ast.iter_child_nodes(node)))


def all_bound(tree: ast.Module) -> set[str]:
    """Every name that a module binds anywhere."""
    return set(bound(tree))
