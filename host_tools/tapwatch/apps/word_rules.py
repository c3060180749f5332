"""Rules about single words: names and texts that may not stand in an app."""

from __future__ import annotations

import ast
import re
import unicodedata
from typing import TYPE_CHECKING

from tapwatch.apps.finding import Rule, each, nodes, shown
from tapwatch.apps.hints import NAMES
from tapwatch.apps.identifiers import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tapwatch.apps.finding import Finder, Found
    from tapwatch.apps.source import Source

REFLECTION = frozenset(
    (
        *("exec", "eval", "compile", "execfile", "open", "input", "getattr", "setattr", "hasattr", "delattr"),
        *("globals", "locals", "vars", "dir", "id", "help", "memoryview", "breakpoint", "object"),
    )
)
CATCH_ALL = frozenset(("BaseException", "BaseExceptionGroup", "KeyboardInterrupt", "SystemExit", "GeneratorExit"))
_REACHING = re.compile(r"\{\w*[.\[]")
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
"""Unicode categories of what nobody sees, or what turns the text around it."""


def _hinted(name: str) -> str:
    """A name, and what there is instead of it."""
    return f"`{name}`; {NAMES[name]}" if name in NAMES else f"`{name}`"


def _named(when: Callable[[str], bool]) -> Finder:
    """Finds every place of a name for which something holds."""

    def find(tree: ast.Module, source: Source) -> Found:
        del source
        for node in ast.walk(tree):
            for name in names_of(node):
                if when(name):
                    yield node, _hinted(name)

    return find


def _fuel(tree: ast.Module, source: Source) -> Found:
    for node in ast.walk(tree):
        if source.names.spend in names_of(node):
            yield node, source.names.spend


def _loaded(names: Iterable[str]) -> Finder:
    def find(tree: ast.Module, source: Source) -> Found:
        del source
        for node in each(tree, ast.Name):
            if node.id in names:
                yield node, _hinted(node.id)

    return find


def _prints(tree: ast.Module, source: Source) -> Found:
    """Calls of `print`."""
    del source
    for node in each(tree, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node, ""


def _is_private(name: str) -> bool:
    return name.startswith("__") and name != "__init__"


def _is_catch_all(node: ast.ExceptHandler) -> bool:
    return node.type is None


def _errors(tree: ast.Module, source: Source) -> Found:
    """What `except` names besides classes of errors."""
    known = source.names.builtins | source.names.api | source.classes
    for node in each(tree, ast.ExceptHandler):
        parts = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        for part in parts:
            if part is not None and not (isinstance(part, ast.Name) and part.id in known | CATCH_ALL):
                yield part, shown(part)


def _has_hidden(node: ast.Constant) -> bool:
    """True for a text with characters that nobody sees; line ends and tabs are well known."""
    text = node.value if isinstance(node.value, str) else ""
    return any(unicodedata.category(one) in _HIDDEN for one in text if one not in "\n\t")


def _reaches(node: ast.Constant) -> bool:
    return isinstance(node.value, str) and _REACHING.search(node.value) is not None


RULES = (
    Rule("reflection", "an app reaches things by their names alone: no {}", _loaded(REFLECTION)),
    Rule("type", "no {}: use `isinstance`, or a class by its name", _loaded(("type",))),
    Rule("dunder", "no names that begin with two underscores, but for `__init__`: {}", _named(_is_private)),
    Rule("identifier", "{}: names are made of the letters a to z", _named(lambda name: not name.isascii())),
    Rule("print", "nobody sees what `print` writes: use `watch.log`", _prints),
    Rule("fuel", "`{}` is what the packer counts with: call yours otherwise", _fuel),
    Rule(
        "bare-except", "no bare `except`: name the errors that you can answer", nodes(ast.ExceptHandler, _is_catch_all)
    ),
    Rule("catch-all", "no {}: it would catch what ends the app; `Exception` is the widest", _loaded(CATCH_ALL)),
    Rule("except-name", "`{}`: `except` takes names of classes, or a tuple of them written there", _errors),
    Rule("sort", "no `.sort`: use `sorted`", nodes(ast.Attribute, lambda node: node.attr == "sort")),
    Rule("format-field", "{}: fields of a text may not reach into what fills them", nodes(ast.Constant, _reaches)),
    Rule(
        "hidden-character",
        "{}: a character in it cannot be seen; write it as chr(...)",
        nodes(ast.Constant, _has_hidden),
    ),
)
