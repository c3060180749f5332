"""Tables of docs/formats.md and docs/apps.md name what the code knows: settings, words of the phone, permissions."""

import ast
import re

import pytest

from tests.tools.trees import ROOT

_PAGE = ROOT / "docs/formats.md"
_APPS = ROOT / "docs/apps.md"
_MANIFEST = "firmware/watch/apps/shelf/manifest.py"
_SPAN = re.compile(r"`([^`]+)`")


def rows(text: str, head: str) -> list[list[str]]:
    """The rows of the table whose first row begins with `head`, cell by cell. Raises ValueError without one."""
    lines = text.splitlines()
    start = next((place for place, line in enumerate(lines) if line.startswith(f"| {head} |")), None)
    if start is None:
        raise ValueError(f"no table begins with {head}")
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def first_names(text: str, *heads: str) -> list[str]:
    """The code spans of the first column of these tables."""
    return [name for head in heads for row in rows(text, head) for name in _SPAN.findall(row[0])]


def literal(path: str, name: str) -> ast.expr:
    """What a module, a class or a method of `path` assigns to `name`. Raises ValueError if nothing does."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node.value
        if isinstance(node, ast.AnnAssign) and node.value is not None and ast.unparse(node.target) == name:
            return node.value
    raise ValueError(f"{path} assigns nothing to {name}")


def keys(value: ast.AST) -> list[str]:
    """Keys of the outermost map in a piece of code."""
    table = next(node for node in ast.walk(value) if isinstance(node, ast.Dict))
    return [str(key.value) for key in table.keys if isinstance(key, ast.Constant)]


def settings() -> list[tuple[str, object]]:
    """Name and default of each setting of the watch."""
    table = literal("firmware/watch/storage/settings.py", "TABLE")
    assert isinstance(table, ast.Tuple)
    entries = [entry.elts for entry in table.elts if isinstance(entry, ast.Tuple)]
    return [(ast.literal_eval(name), ast.literal_eval(default)) for name, default, _ in entries]


def test_the_settings_are_those_of_the_watch() -> None:
    """Names in their order, with their defaults."""
    told = [(row[0].strip("`"), row[1].strip("`")) for row in rows(_PAGE.read_text(), "name")]
    assert told == [(name, str(value).lower()) for name, value in settings()]


def test_the_words_of_the_phone_are_those_that_are_heard() -> None:
    """Each kind that `Phone.receive` knows, and no other."""
    told = first_names(_PAGE.read_text(), "the phone says")
    tree = ast.parse((ROOT / "firmware/watch/services/companion.py").read_text())
    more = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "kinds")
    assert sorted(told) == sorted(keys(literal("firmware/watch/services/phone.py", "self._kinds")) + keys(more))


def test_the_keys_of_the_state_are_those_that_are_sent() -> None:
    """Every key of `describe`."""
    tree = ast.parse((ROOT / "firmware/watch/system/describe.py").read_text())
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "describe")
    assert sorted(first_names(_PAGE.read_text(), "key of the state")) == sorted(keys(function))


def test_the_permissions_are_those_that_an_app_may_ask_for() -> None:
    """Each name of `PERMISSIONS`, and no other."""
    named = [str(node.value) for node in ast.walk(literal(_MANIFEST, "PERMISSIONS")) if isinstance(node, ast.Constant)]
    assert sorted(first_names(_APPS.read_text(), "permission")) == sorted(named)


@pytest.mark.parametrize("wrong", ["| nothing | like |\n", ""])
def test_a_page_without_the_table_is_noticed(wrong: str) -> None:
    """A guard: a table that was renamed is no table that agrees."""
    with pytest.raises(ValueError, match="no table"):
        rows(wrong, "name")
