"""The verifier's table of numbered names is the compiler's."""

from __future__ import annotations

import ast
from pathlib import Path

from tapwatch.apps.compile import compile_module
from tapwatch.apps.mpy import interned

TABLE = Path(__file__).parents[3] / "firmware/watch/apps/verifier/mpy_names.py"


def table() -> list[str]:
    """The names as the firmware's file has them; the first stands for number 0."""
    parts = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(TABLE.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    return ["", *(name.decode() for name in parts["FIRST"]), *(name for line in parts["REST"] for name in line.split())]


def numbered(number: int) -> bytes:
    """How a module writes the name of this number."""
    value = number << 1 | 1
    return bytes((value,)) if value < 0x80 else bytes((0x80 | value >> 7, value & 0x7F))


def test_every_name_has_its_number() -> None:
    """A module that uses a name of the table gives its number; the table ends with the last one."""
    names = table()
    assert len(names) == 166
    for number, name in enumerate(names):
        if name.isidentifier():
            code = compile_module(f"a.{name}\n", "x")
            assert numbered(number) in code[6:16], (number, name)
            assert name not in interned(code)
