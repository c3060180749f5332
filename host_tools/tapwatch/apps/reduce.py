"""Takes out of a module what the watch has no use for: annotations, `if TYPE_CHECKING`, docstrings."""

from __future__ import annotations

import ast
from typing import TypeVar

_FLAG = "TYPE_CHECKING"
_Function = TypeVar("_Function", ast.FunctionDef, ast.AsyncFunctionDef)
_Block = TypeVar("_Block", bound=ast.stmt)
_BLOCKS = ("body", "orelse", "finalbody", "handlers")


def reduce(tree: ast.Module) -> ast.Module:
    """The same module without them; nodes keep the places that they had. Changes `tree`."""
    reduced = _Reducer().visit(tree)
    reduced.body = [node for node in reduced.body if not _sets_flag(node)]
    return reduced


def is_flag(node: ast.expr) -> bool:
    """True for the name `TYPE_CHECKING`."""
    return isinstance(node, ast.Name) and node.id == _FLAG


class _Reducer(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        return self._function(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.Assign | None:
        self.generic_visit(node)
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        """A text that stands alone is a remark."""
        self.generic_visit(node)
        return None if isinstance(node.value, ast.Constant) else node

    def visit_If(self, node: ast.If) -> ast.If | list[ast.stmt]:
        if not is_flag(node.test):
            return self.generic_visit(node)  # pyright: ignore[reportReturnType]  # an If stays one
        kept = [self.visit(one) for one in node.orelse]
        return [one for part in kept for one in (part if isinstance(part, list) else [part]) if one is not None]

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """No body may become empty."""
        before = getattr(node, "body", None)
        super().generic_visit(node)
        if isinstance(before, list) and not isinstance(node, ast.Module) and not node.body:  # pyright: ignore[reportAttributeAccessIssue]
            node.body.append(ast.copy_location(ast.Pass(), node))  # pyright: ignore[reportAttributeAccessIssue]
        for name in ("finalbody",):
            if getattr(node, name, None) == [] and isinstance(node, ast.Try) and not node.handlers:
                node.finalbody.append(ast.copy_location(ast.Pass(), node))
        return node

    def _function(self, node: _Function) -> _Function:
        node.returns = None
        self.generic_visit(node)
        return node


def _sets_flag(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and len(node.targets) == 1 and is_flag(node.targets[0])
