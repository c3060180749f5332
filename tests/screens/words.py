"""Reads catalogues and the code that asks them for texts, without running either."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from tests.screens.micropython import ROOT

WATCH = ROOT / "firmware/watch"
LANGUAGES = WATCH / "ui/languages"
APPS = ROOT / "firmware/apps"


def table(path: Path) -> dict:
    """The table TEXT of a file. Raises ValueError without one, or if it is not plain data."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(_name(target) == "TEXT" for target in node.targets):
            return ast.literal_eval(node.value)
    raise ValueError(f"{path} has no table TEXT")


def app_tables() -> dict[str, dict]:
    """The texts of every app and face that has any: by language, then by key."""
    files = sorted(APPS.glob("*/words.toml"))
    return {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in files}


def all_keys() -> list[str]:
    """Keys of the texts of the watch, and of apps as `APP/KEY`."""
    own = [f"{app}/{key}" for app, texts in app_tables().items() for key in texts["en"]]
    return list(table(LANGUAGES / "en.py")) + own


def families() -> set[str]:
    """Beginnings of the keys that are put together, those of apps as `APP/BEGINNING`."""
    found = set()
    for path in WATCH.rglob("*.py"):
        found |= asked(path.read_text(encoding="utf-8"))[1]
    for path in APPS.rglob("*.py"):
        own = asked(path.read_text(encoding="utf-8"))[1]
        found |= {f"{path.parent.name}/{start}" for start in own if start}
    return found - {""}


def asked(source: str) -> tuple[set[str], set[str]]:
    """What is asked for by `words.get("key")` or `text.get("key")`: whole keys, and beginnings.

    A beginning is what stands before `+` or the first `%` of a key that is put together.
    """
    whole, beginnings = set(), set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if node.func.attr != "get" or _name(node.func.value) not in ("words", "_words", "text"):
            continue
        for argument in _branches(node.args[0]):
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                whole.add(argument.value)
            elif isinstance(argument, ast.BinOp) and isinstance(argument.left, ast.Constant):
                beginnings.add(str(argument.left.value).split("%")[0])
    return whole, beginnings


def _name(node: ast.expr) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _branches(node: ast.expr) -> list[ast.expr]:
    return [*_branches(node.body), *_branches(node.orelse)] if isinstance(node, ast.IfExp) else [node]
