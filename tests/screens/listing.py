"""What must be in a picture: every screen class, every builder of a screen, every app and face, every text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.screens.drawing import Drawn
from tests.screens.micropython import ROOT

HIDDEN = {"HiddenApp"}
"""Screens that nobody sees: an app works in the background on one."""
WATCH, APPS = ROOT / "firmware/watch", ROOT / "firmware/apps"


def _trees(folder: Path) -> Iterator[ast.Module]:
    for path in sorted(folder.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def screen_classes(trees: list[ast.Module]) -> set[str]:
    """Classes derived from `Screen`, but for those that only others are made from and nobody calls."""
    bases: dict[str, list[str]] = {}
    called = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ClassDef):
            bases[node.name] = [base.id for base in node.bases if isinstance(base, ast.Name)]
        elif isinstance(node, ast.Call):
            called.add(getattr(node.func, "id", getattr(node.func, "attr", "")))
    found = {"Screen"}
    while more := {name for name, above in bases.items() if found & set(above)} - found:
        found |= more
    parents = {base for above in bases.values() for base in above}
    return {name for name in found if name not in parents or name in called} - {"Screen"}


def builders(trees: dict[str, ast.Module]) -> set[str]:
    """Public functions of modules, by `module.name`, that return a screen."""
    return {
        f"{module}.{node.name}"
        for module, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _returns_screen(node)
    }


def _returns_screen(node: ast.FunctionDef) -> bool:
    return isinstance(node.returns, ast.Name) and node.returns.id.endswith("Screen")


def unlisted(drawn: Drawn, sources: str) -> list[str]:
    """What no scene shows. `sources`: of all scenes, where builders must be named."""
    scenes: list[dict[str, Any]] = [one for index in drawn.values() for one in index["scenes"].values()]
    classes = screen_classes(list(_trees(WATCH))) - HIDDEN - {scene["screen"] for scene in scenes}
    apps = {path.parent.name for path in APPS.glob("*/app.py")} - {scene["app"] for scene in scenes}
    screens = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in (WATCH / "screens").glob("*.py")}
    functions = {name for name in builders(screens) if not _named(name, sources)}
    return sorted(f"screen {name}" for name in classes | functions) + sorted(f"app {name}" for name in apps)


def _named(name: str, sources: str) -> bool:
    """True if `module.function` is used as such, or imported by its own name."""
    module, function = name.split(".")
    imported = rf"from watch\.screens\.{module} import [^\n]*\b{function}\b"
    return re.search(rf"\b{module}\.{function}\b|{imported}", sources) is not None


def unseen_texts(drawn: Drawn, keys: list[str], families: set[str]) -> tuple[list[str], list[str]]:
    """Texts that no scene asked for: those that stand alone, and those of which a relative was asked for.

    `families`: beginnings of keys that programs put together, such as the names of all weathers.
    """
    asked = {key for index in drawn.values() for key in index["texts"]}
    known = tuple(start for start in families if any(key.startswith(start) for key in asked))
    unseen = sorted(set(keys) - asked)
    return [key for key in unseen if not key.startswith(known)], [key for key in unseen if key.startswith(known)]
