"""The network of the watch in Python, with its viper functions run by another machine.

A machine has `call(name, *arguments)`, as `tests.host.crypto.viper_words.Machine` and `tests.bench.cycles.Chip` do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.tools.trees import ROOT

VOICE = ROOT / "firmware/watch/voice"
Called = Callable[[str, Any], None]


class CorruptError(ValueError):
    """Stands for the one of the watch."""


def network(data: bytes, machine: Callable[[Path], Any], called: Called = lambda name, machine: None) -> Any:
    """A `Network` of these weights.

    `machine` makes one for a file; `called` hears of each call, and of the machine that made it.
    """
    kernels = _module("kernels.py", machine, called)
    weights = _module("weights.py", machine, called, CorruptError=CorruptError)
    return _module("network.py", machine, called, kernels=kernels, Weights=weights.Weights).Network(data)


def viper_functions() -> set[str]:
    """Names of all viper functions that a network uses."""
    trees = [ast.parse((VOICE / name).read_text()) for name in ("kernels.py", "weights.py")]
    return {name for tree in trees for name in _viper(tree)}


def _viper(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _is_viper(node.decorator_list)]


def _module(name: str, machine: Callable[[Path], Any], called: Called, **given: Any) -> SimpleNamespace:
    """What a file defines: its viper functions as calls of a machine, all else in Python."""
    tree = ast.parse((VOICE / name).read_text())
    fast = _viper(tree)
    names: dict[str, Any] = {"const": lambda value: value, **given}
    if fast:
        runs = machine(VOICE / name)
        names |= {function: partial(_call, runs, called, function) for function in fast}
    tree.body = [node for node in tree.body if getattr(node, "name", "") not in fast and not _is_ours(node)]
    exec(compile(tree, name, "exec"), names)  # noqa: S102 - our own firmware
    return SimpleNamespace(**names)


def _call(machine: Any, called: Called, name: str, *arguments: Any) -> None:
    machine.call(name, *arguments)
    called(name, machine)


def _is_viper(decorators: Sequence[ast.expr]) -> bool:
    return any(ast.unparse(decorator).endswith("viper") for decorator in decorators)


def _is_ours(node: ast.stmt) -> bool:
    """True for an import of what a desk does not have."""
    return isinstance(node, ast.Import | ast.ImportFrom) and (
        "micropython" in ast.unparse(node) or "watch." in ast.unparse(node)
    )
