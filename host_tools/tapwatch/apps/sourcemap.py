"""What pool names and compiled lines were in the source: beside a bundle as `NAME.map.json`."""

from __future__ import annotations

import ast
import re
from typing import Any

from tapwatch.apps.parsing import parsed

_PLACE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>\S+))?')
_WORD = re.compile(r"\bn\d+\b")


def lines(tree: ast.Module, text: str) -> list[int]:
    """The source line of each line of compiled text. `text`: of `tree`, whose nodes know their source lines."""
    found: dict[int, int] = {}
    for old, new in zip(ast.walk(tree), ast.walk(parsed(text)), strict=True):
        if isinstance(new, ast.stmt) and isinstance(old, ast.stmt):
            found[new.lineno] = old.lineno
    return [found.get(line, 0) for line in range(1, text.count("\n") + 2)]


def translate(traceback: str, made: dict[str, Any]) -> str:
    """A traceback of MicroPython with the names and lines of the source. `made`: the map; unknown places stay."""
    names: dict[str, str] = made["names"]

    def place(match: re.Match[str]) -> str:
        table: list[int] = made["lines"].get(match["file"].rpartition("/")[2], [])
        line = int(match["line"])
        source = table[line - 1] if 0 < line <= len(table) else 0
        function = f", in {names.get(match['function'], match['function'])}" if match["function"] else ""
        return f'File "{match["file"]}", line {source or line}{function}'

    return _WORD.sub(lambda word: names.get(word[0], word[0]), _PLACE.sub(place, traceback))
