"""What a rule is, and how one finds the nodes that break it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tapwatch.apps.source import Source

Found = Iterator[tuple[ast.AST, str]]
"""Nodes that break a rule, and what is named in the message."""
Finder = Callable[[ast.Module, "Source"], Found]


@dataclass(frozen=True)
class Rule:
    """One thing that source may not do."""

    id: str
    message: str
    """What to do instead. `{}` stands for what was found."""
    find: Finder

    def faults(self, tree: ast.Module, source: Source) -> Iterator[tuple[ast.AST, str]]:
        """Places in a module, and what to say there."""
        for node, named in self.find(tree, source):
            yield node, self.message.replace("{}", named)


_Node = TypeVar("_Node", bound=ast.AST)


def each(tree: ast.AST, kind: type[_Node]) -> Iterator[_Node]:
    """All nodes of one kind."""
    return (node for node in ast.walk(tree) if isinstance(node, kind))


def nodes(kinds: type[ast.AST] | tuple[type[ast.AST], ...], when: Callable[[Any], bool] = lambda node: True) -> Finder:
    """Finds nodes of some kinds for which something holds; names them by their source."""

    def find(tree: ast.Module, source: Source) -> Found:
        del source
        for node in ast.walk(tree):
            if isinstance(node, kinds) and when(node):
                yield node, shown(node)

    return find


def shown(node: ast.AST) -> str:
    """The source of a node, short, in one line."""
    try:
        text = ast.unparse(node).strip().partition("\n")[0]
    except (ValueError, AttributeError, RecursionError):
        return type(node).__name__
    return text if len(text) <= 40 else text[:39] + "…"
