"""A rule about numbers: none is longer than what the watch takes in compiled code.

The compiler computes what is made of numbers alone, so `10 ** 200` becomes one number there.
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING

from tapwatch.apps.finding import Rule, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tapwatch.apps.finding import Found
    from tapwatch.apps.source import Source

MOST_DIGITS = 96
"""Of a number in compiled code: `_MAX_DIGITS` of firmware/watch/apps/verifier/mpy_file.py."""
_MOST = 10**MOST_DIGITS
_STILL = {ast.Pow: 1, ast.LShift: 0}
"""What these do not make longer, however large the number on the right is."""
_BINARY: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
_UNARY: dict[type[ast.unaryop], Callable[[int], int]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.inv,
}


class _TooLong(ValueError):
    """A number has too many digits."""


def _long_numbers(tree: ast.Module, source: Source) -> Found:
    del source
    for node in _outermost(tree):
        try:
            _value(node)
        except _TooLong:
            yield node, shown(node)
        except (ArithmeticError, ValueError):
            continue  # the compiler leaves it to the watch, where it is an error


def _outermost(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that is made of whole numbers alone, and part of no larger one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.expr) and _is_whole(node):
            yield node
        else:
            yield from _outermost(node)


def _is_whole(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return type(node.op) in _BINARY and _is_whole(node.left) and _is_whole(node.right)
    if isinstance(node, ast.UnaryOp):
        return type(node.op) in _UNARY and _is_whole(node.operand)
    return isinstance(node, ast.Constant) and type(node.value) is int


def _value(node: ast.expr) -> int:
    """What it comes to. Raises _TooLong before anything large is computed, and what the operation raises."""
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left), _value(node.right)
        if right >= _MOST.bit_length() and abs(left) > _STILL.get(type(node.op), _MOST):
            raise _TooLong
        value = _BINARY[type(node.op)](left, right)
    elif isinstance(node, ast.UnaryOp):
        value = _UNARY[type(node.op)](_value(node.operand))
    else:
        value = node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else 0
    if not -_MOST < value < _MOST:
        raise _TooLong
    return value


RULES = (Rule("long-number", f"a number has at most {MOST_DIGITS} digits: {{}}", _long_numbers),)
