"""docs/apps.md is the whole reference: every name that the API gives, that an app may define, and that it is handed."""

import ast
import re

import pytest

from tests.tools.trees import ROOT

_PAGE = ROOT / "docs/apps.md"
_ROOMS = "firmware/watch/"
_HANDED = {
    "apps/capabilities.py": ("Watch", "Time", "Glance", "Light", "Haptics", "Settings", "Entry"),
    "apps/words.py": ("Words",),
    "services/stopwatch.py": ("Stopwatch",),
}
"""Classes of objects that an app is handed, besides those that stand for a permission."""
_GRANTING = ROOT / _ROOMS / "system/apps/makers.py"
_NOT_FOR_APPS = {"Stopwatch": {"tick"}}
"""The system calls it."""
_SPAN = re.compile(r"`([^`\n]+)`")
_WORD = re.compile(r"[A-Za-z_]\w*")


def told(text: str) -> set[str]:
    """Every name inside code spans and code blocks of a page."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return {word for span in (*_SPAN.findall(text), *blocks) for word in _WORD.findall(span)}


def group(name: str) -> set[str]:
    """One group of names of the vocabulary."""
    for node in ast.parse((ROOT / _ROOMS / "apps/verifier/vocabulary.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return {word for line in ast.literal_eval(node.value) for word in line.split()}
    raise ValueError(f"the vocabulary has no group {name}")


def members(path: str, name: str) -> set[str]:
    """Public methods, properties and fields of a class."""
    tree = ast.parse((ROOT / _ROOMS / path).read_text())
    cls = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)
    if cls is None:
        raise ValueError(f"{path} has no class {name}")
    found = {node.name for node in cls.body if isinstance(node, ast.FunctionDef)}
    found |= {
        node.attr
        for node in ast.walk(cls)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    }
    return {one for one in found if not one.startswith("_")} - _NOT_FOR_APPS.get(name, set())


def granted() -> list[tuple[str, str]]:
    """File and name of each class that stands for a permission: what the table of makers imports from its room."""
    found = []
    for node in ast.parse(_GRANTING.read_text()).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("watch.system."):
            path = (node.module or "").removeprefix("watch.").replace(".", "/") + ".py"
            found += [(path, one.name) for one in node.names if one.name[0].isupper() and not one.name.isupper()]
    return found


def handed() -> list[tuple[str, str]]:
    """File and name of every class an app gets an object of."""
    tables = [("system/apps/grants.py", name) for name in _classes("system/apps/grants.py")]
    known = [(path, name) for path, names in _HANDED.items() for name in names]
    return sorted({*known, *granted(), *tables, ("system/apps/payments.py", "PurchaseOutcome")})


def _classes(path: str) -> list[str]:
    tree = ast.parse((ROOT / _ROOMS / path).read_text())
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("name", ["EXPORTS", "OVERRIDES"])
def test_every_name_of_the_api_is_on_the_page(name: str) -> None:
    """Names to import, and names that an app may define."""
    missing = group(name) - told(_PAGE.read_text())
    assert not missing, sorted(missing)


def test_everything_an_app_is_handed_is_on_the_page() -> None:
    """Each public member of each object, and each icon by the table that has them."""
    page, missing, count = told(_PAGE.read_text()), [], 0
    for path, name in handed():
        count += len(members(path, name))
        missing += [f"{name}.{one}" for one in sorted(members(path, name) - page)]
    print(f"NOTE rules.apps: {len(handed())} classes with {count} members an app is handed, {len(missing)} not told")
    assert not missing, missing


def test_what_is_not_told_is_noticed() -> None:
    """A guard: a page without them, and a class that was renamed."""
    assert group("EXPORTS") - told("`App`, `Label`\n") > {"Face", "rgb"}
    assert {"tone"} == members("system/apps/sound.py", "Sound") - told("`hush`")
    with pytest.raises(ValueError, match="no class"):
        members("system/apps/sound.py", "Smell")
    with pytest.raises(ValueError, match="no group"):
        group("NOTHING")
