"""Puts a fuel call into every function and every loop (docs/bundles.md, "Fuel")."""

from __future__ import annotations

import ast
from typing import TypeVar

_API = "watch.apps.api"
_Node = TypeVar("_Node", bound=ast.AST)


def count(tree: ast.Module, spend: str) -> ast.Module:
    """The module with the calls and with an import of `spend`. Changes `tree`."""
    counter = _Counter(spend)
    counter.visit(tree)
    if counter.used:
        _import(tree, spend)
    return tree


def _import(tree: ast.Module, spend: str) -> None:
    """Take the fuel call from the first import of the API, or from one of its own if other code comes before that."""
    alias = ast.alias(spend)
    for statement in tree.body:
        if not isinstance(statement, ast.ImportFrom):
            break
        if statement.level == 0 and statement.module == _API:
            statement.names.append(ast.copy_location(alias, statement))
            return
    line = ast.Pass(lineno=1, col_offset=0)
    tree.body.insert(0, _placed(ast.ImportFrom(_API, [alias], 0), line))


class _Counter(ast.NodeTransformer):
    def __init__(self, spend: str) -> None:
        self._spend = spend
        self.used = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.body.insert(0, self._statement(node))
        return node

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        node.body.insert(0, self._statement(node.body[0]))
        return node

    def visit_While(self, node: ast.While) -> ast.While:
        self.generic_visit(node)
        node.body.insert(0, self._statement(node.body[0]))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self.generic_visit(node)
        node.body = _placed(ast.BoolOp(ast.And(), [self._call(node.body), node.body]), node.body)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.ifs.insert(0, self._call(node.iter))
        return node

    def _call(self, place: ast.AST) -> ast.Call:
        self.used = True
        return _placed(ast.Call(ast.Name(self._spend, ast.Load()), [], []), place)

    def _statement(self, place: ast.AST) -> ast.Expr:
        return _placed(ast.Expr(self._call(place)), place)


def _placed(node: _Node, place: ast.AST) -> _Node:
    return ast.fix_missing_locations(ast.copy_location(node, place))
