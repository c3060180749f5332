"""Measures source code: lengths, types, docstrings, bare excepts."""

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.tools.trees import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Measures:
    """What was found in some files. The lists of strings name each fault as `path:line: what`."""

    file_lines: list[int] = field(default_factory=list)
    """Of files of code: what only names literals is a table of data, and grows with what there is to say."""
    function_lines: list[int] = field(default_factory=list)
    public: int = 0
    undocumented: list[str] = field(default_factory=list)
    slots: int = 0
    """Parameters and results that can carry a type."""
    untyped: list[str] = field(default_factory=list)
    bare_excepts: list[str] = field(default_factory=list)
    import_work: list[str] = field(default_factory=list)
    """Statements that do more at import than define, import and build constants."""


def measure(files: list[Source]) -> Measures:
    """Measure files together."""
    found = Measures()
    for source in files:
        if not is_table(source.tree):
            found.file_lines.append(source.text.count("\n"))
        for node in ast.walk(source.tree):
            _measure_node(source, node, found)
        _measure_docstrings(source, found)
        found.import_work += [f"{source.path}:{line}: works at import" for line in works_at_import(source.tree)]
    return found


def is_table(tree: ast.Module) -> bool:
    """True for a module of docstrings and names for literals, without an import, a name or a call."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            if any(isinstance(part, (ast.Name, ast.Call, ast.Attribute)) for part in ast.walk(node.value)):
                return False
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            return False
    return True


def percentile_95(values: list[int]) -> int:
    """The smallest value that at least 95 % of the values do not exceed; 0 for none."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1] if values else 0


def _measure_node(source: Source, node: ast.AST, found: Measures) -> None:
    """Count one node."""
    if isinstance(node, ast.ExceptHandler) and node.type is None:
        found.bare_excepts.append(f"{source.path}:{node.lineno}: bare except")
    if isinstance(node, Function):
        found.function_lines.append((node.end_lineno or node.lineno) - node.lineno + 1)
        _measure_types(source, node, found)


def _measure_types(source: Source, function: Function, found: Measures) -> None:
    """Count the typed and untyped places of a signature."""
    spec = function.args
    arguments = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]
    if spec.args and spec.args[0].arg in ("self", "cls"):
        arguments.remove(spec.args[0])
    missing = [argument.arg for argument in arguments if argument.annotation is None]
    if function.returns is None and not _is_viper(function):
        missing.append("return")
    found.slots += len(arguments) + 1
    found.untyped += [f"{source.path}:{function.lineno}: {function.name}: {name} has no type" for name in missing]


def _is_viper(function: Function) -> bool:
    """Viper names its results in machine types and has no word for None."""
    return any(isinstance(node, ast.Attribute) and node.attr == "viper" for node in function.decorator_list)


def _measure_docstrings(source: Source, found: Measures) -> None:
    """Count public modules, classes, functions and methods, and those without a docstring."""
    for name, node in _public(source.tree):
        found.public += 1
        if not ast.get_docstring(node):
            line = 1 if isinstance(node, ast.Module) else node.lineno
            found.undocumented.append(f"{source.path}:{line}: {name or 'module'} has no docstring")


def _public(node: "ast.Module | ast.ClassDef") -> Iterator["tuple[str, ast.Module | ast.ClassDef | Function]"]:
    """A module or class, and everything public directly or deeper in it; not what stands inside functions."""
    yield "" if isinstance(node, ast.Module) else node.name, node
    for child in _statements(node.body):
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from _public(child)
        elif isinstance(child, Function) and not child.name.startswith("_"):
            yield child.name, child


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a block, and of the branches of its ifs."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _statements(statement.body)
            yield from _statements(statement.orelse)


CLOSING = """try:
    import micropython
    _closed = micropython.kbd_intr(-1) or True
except KeyboardInterrupt:
    pass"""
"""With what boot.py and main.py begin, which the port runs and nobody imports; a branch before it would be a hole."""


def works_at_import(tree: ast.Module) -> list[int]:
    """Lines of a module that act when it is imported: bare calls, loops, `with`, `try` around anything but imports."""
    lines = []
    for statement in tree.body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Expr() | ast.For() | ast.While() | ast.With() | ast.Assert() | ast.Delete():
                lines.append(statement.lineno)
            case ast.Try() if ast.unparse(statement) == CLOSING:
                continue
            case ast.Try(body=body) if not all(isinstance(inner, (ast.Import, ast.ImportFrom)) for inner in body):
                lines.append(statement.lineno)
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                continue
            case _:
                continue
    return lines
