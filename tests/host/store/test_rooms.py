"""The bank does not know the store."""

from __future__ import annotations

import ast

import pytest

from tests.tools.trees import ROOT

_BANK = ROOT / "host_tools/tapwatch/bank"


def imports(text: str) -> set[str]:
    """Every module that a file names in an import, under TYPE_CHECKING too."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_the_bank_does_not_import_the_store() -> None:
    for path in _BANK.rglob("*.py"):
        assert not {name for name in imports(path.read_text()) if name.startswith("tapwatch.store")}, path


@pytest.mark.parametrize(
    "line", ["import tapwatch.store.client", "from tapwatch import store", "from tapwatch.store import x"]
)
def test_such_an_import_is_noticed(line: str) -> None:
    assert any(name.startswith("tapwatch.store") for name in imports(line))
