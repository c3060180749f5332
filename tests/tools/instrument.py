"""Line coverage inside MicroPython, which has no tracing: marks are written into a copy of the source.

`_hit(file, line)` goes before each simple statement inside functions and into each condition, on the same line, so line
numbers stay right. What runs at import is covered when the module was loaded. The headers of `for`, `with`, `try` and
`except` cannot carry a mark without changing what is allocated; they count as run when their first or their next
statement ran. Viper functions are left alone and left out of the account.
"""

import ast
from collections.abc import Iterator

MARK = "_hit"
_DERIVED = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try)
_SILENT = (ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def instrument(text: str, file_number: int) -> str:
    """The source with marks."""
    lines = [line.encode() for line in text.split("\n")]
    insertions: list[tuple[int, int, str]] = []
    for statement in _statements_in_functions(ast.parse(text)):
        mark = f"{MARK}({file_number},{statement.lineno})"
        if isinstance(statement, (ast.If, ast.While)):
            insertions.append((statement.test.lineno, statement.test.col_offset, f"{mark} or ("))
            insertions.append((statement.test.end_lineno or 0, statement.test.end_col_offset or 0, ")"))
        elif not isinstance(statement, (*_DERIVED, *_SILENT)):
            insertions.append((statement.lineno, statement.col_offset, f"{mark};"))
    for line, column, inserted in sorted(insertions, reverse=True):
        old = lines[line - 1]
        lines[line - 1] = old[:column] + inserted.encode() + old[column:]
    return b"\n".join(lines).decode()


def executed(text: str, hits: set[int]) -> set[int]:
    """Lines that ran, given the marks that were hit in a module that was loaded."""
    tree = ast.parse(text)
    run = set(hits)
    inside = {line for function in _functions(tree) for line in range(function.body[0].lineno, _end(function) + 1)}
    run |= {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt) and node.lineno not in inside}
    for block in reversed(list(_blocks(tree))):
        _derive(block, run)
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return run | {handler.lineno for handler in handlers if handler.body[0].lineno in run}


def viper_lines(text: str) -> set[int]:
    """Lines of viper functions, decorators included."""
    found: set[int] = set()
    for function in _functions(ast.parse(text)):
        if _is_viper(function):
            found |= set(range(function.decorator_list[0].lineno, _end(function) + 1))
    return found


def _derive(block: list[ast.stmt], run: set[int]) -> None:
    """Add the headers and inner definitions of one block whose neighbours ran."""
    for index in reversed(range(len(block))):
        statement = block[index]
        if not isinstance(statement, (*_DERIVED, *_SILENT)):
            continue
        following = [block[index + 1].lineno] if index + 1 < len(block) else []
        first = [statement.body[0].lineno] if isinstance(statement, _DERIVED) else []
        if any(line in run for line in first + following):
            run.add(statement.lineno)
            if isinstance(statement, ast.ClassDef):
                run |= {member.lineno for member in statement.body if isinstance(member, _SILENT)}


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Every list of statements, outer ones first."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                yield block


def _functions(tree: ast.Module) -> Iterator[Function]:
    """Every function, inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _statements_in_functions(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement inside functions that are not viper, without docstrings; each once."""
    seen: set[ast.stmt] = set()
    for function in _functions(tree):
        if _is_viper(function):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.stmt) and node is not function and node not in seen and not _is_text(node):
                seen.add(node)
                yield node


def _is_text(node: ast.stmt) -> bool:
    """True for docstrings and `...`."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_viper(function: Function) -> bool:
    """True for a function in machine code, whose calls and types follow other rules."""
    return any(isinstance(node, ast.Attribute) and node.attr in ("viper", "native") for node in function.decorator_list)


def _end(node: ast.stmt) -> int:
    """Last line of a statement."""
    return node.end_lineno or node.lineno
