"""Puts the value of each constant, `NAME = const(value)`, in the place of its name, in every module of an app.

Only names that are bound once, by their constant or by an import of it, are folded; others stay as they are.
"""

from __future__ import annotations

import ast
import operator
from collections import Counter
from typing import TYPE_CHECKING

from tapwatch.apps.identifiers import bound

if TYPE_CHECKING:
    from collections.abc import Callable

    Modules = dict[str, ast.Module]
    Value = int | float | bool | str | bytes | None

CONST = "const"
_MOST_BITS = 64
_LONGEST = 64  # characters of a text that is put in many places
_OPERATORS: dict[type[ast.operator], Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
_UNARY: dict[type[ast.unaryop], Callable] = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.inv}


def fold(modules: Modules) -> None:
    """Change the modules of an app, which are given by name. Raises nothing: what cannot be folded stays a name."""
    importers = _importers(modules)
    counts = {module: Counter(bound(tree)) for module, tree in modules.items()}
    values = {module: _constants(tree) for module, tree in modules.items()}
    for module in modules:
        _take_imported(module, modules, values)
    for module in modules:
        values[module] = {
            name: value
            for name, value in values[module].items()
            if all(counts[one][name] == 1 for one in (module, *importers.get((module, name), ())))
        }
    shared = {module: dict(own) for module, own in values.items()}
    for module, tree in modules.items():
        for source, name in _imports(tree):
            if name in values.get(source, {}):
                shared[module][name] = values[source][name]
    for module, tree in modules.items():
        _Folder(shared[module], values).visit(tree)


def _take_imported(module: str, modules: Modules, values: dict[str, dict[str, Value]]) -> None:
    """Evaluate constants that are made of imported ones."""
    known = dict(values[module])
    for source, name in _imports(modules[module]):
        if name in values.get(source, {}):
            known[name] = values[source][name]
    values[module] = _constants(modules[module], known)


def _constants(tree: ast.Module, known: dict[str, Value] | None = None) -> dict[str, Value]:
    """The constants of a module; `known`: what their values may refer to besides each other."""
    scope: dict[str, Value] = dict(known or {})
    found: dict[str, Value] = {}
    for statement in tree.body:
        for name, expression in _pairs(statement):
            try:
                found[name] = scope[name] = _evaluate(expression, scope)
            except (ValueError, TypeError, ArithmeticError, KeyError):
                scope.pop(name, None)
    return found


def _pairs(statement: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Names and values of `A = const(1)` and of `A, B = const(1), const(2)`; nothing for anything else."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return []
    target, value = statement.targets[0], statement.value
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    values = value.elts if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) else [value]
    if len(targets) != len(values) or not all(isinstance(one, ast.Name) for one in targets):
        return []
    inner = [_inside(one) for one in values]
    names = [one.id for one in targets if isinstance(one, ast.Name)]
    return [(name, one) for name, one in zip(names, inner, strict=True) if one is not None] if all(inner) else []


def _inside(node: ast.expr) -> ast.expr | None:
    """What stands in `const(...)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == CONST:
        return node.args[0] if len(node.args) == 1 and not node.keywords else None
    return None


def _evaluate(node: ast.expr, scope: dict[str, Value]) -> Value:
    if isinstance(node, ast.Constant):
        return _small(node.value)
    if isinstance(node, ast.Name):
        return scope[node.id]
    if isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
        return _small(_UNARY[type(node.op)](_evaluate(node.operand, scope)))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _evaluate(node.left, scope), _evaluate(node.right, scope)
        if not isinstance(left, int) or not isinstance(right, int) or (right > _MOST_BITS and _shifts(node.op)):
            raise ValueError("only whole numbers are computed here")
        return _small(_OPERATORS[type(node.op)](left, right))
    inner = _inside(node)
    if inner is None:
        raise ValueError("not a constant expression")
    return _evaluate(inner, scope)


def _shifts(op: ast.operator) -> bool:
    return isinstance(op, (ast.LShift, ast.RShift))


def _small(value: object) -> Value:
    if not isinstance(value, (int, float, str, bytes, type(None))):
        raise TypeError("not a value that is folded")
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise ValueError("too large")
    if isinstance(value, (str, bytes)) and len(value) > _LONGEST:
        raise ValueError("too long")
    return value


def _imports(tree: ast.Module) -> list[tuple[str, str]]:
    """Module and name of every import from a module of the app, but for those under another name."""
    return [
        (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
        if alias.asname is None
    ]


def _importers(modules: Modules) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for module, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                for alias in node.names:
                    found.setdefault((node.module or "", alias.name), []).append(module)
    return found


class _Folder(ast.NodeTransformer):
    """Replaces names by values, and drops the assignments and imports that are of no more use."""

    def __init__(self, names: dict[str, Value], by_module: dict[str, dict[str, Value]]) -> None:
        self._names, self._by_module = names, by_module

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and node.id in self._names:
            return _literal(self._names[node.id], node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        inner = _inside(node)
        if inner is not None:
            return self.visit(inner)
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign | None:
        pairs = _pairs(node)
        if pairs and all(name in self._names for name, _ in pairs):
            return None
        self.generic_visit(node)
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom | None:
        if node.level == 0 and node.module == "micropython":
            return None
        if node.level == 1:
            gone = self._by_module.get(node.module or "", {})
            node.names = [alias for alias in node.names if alias.asname or alias.name not in gone]
        return node if node.names else None


def _literal(value: Value, place: ast.expr) -> ast.expr:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0:
        node: ast.expr = ast.UnaryOp(ast.USub(), ast.Constant(-value))
    else:
        node = ast.Constant(value)
    return ast.fix_missing_locations(ast.copy_location(node, place))
