"""An app may make one object of two classes of the API. No class may then find another's value where it keeps a buffer.

Loops in machine code believe the buffers, counts and lengths that they are handed. The classes that hand them over keep
them under names that no other class sets.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOM = Path(__file__).resolve().parents[3] / "firmware/watch"
LOOPS = {
    "Canvas": "memory _bytes _view _shades _segment",
    "Hand": "_stations _stations_count _points corners _cuts pieces boxes",
    "Hands": "_old _polygons _stride _edges",
    "QrCode": "_codewords _grid _work _tiles",
}
"""Class, and what it hands to such loops."""


def _set_by_class() -> dict[str, set[str]]:
    """Attributes that each class of the API's rooms sets on itself."""
    found: dict[str, set[str]] = {}
    for path in [*ROOM.glob("ui/*.py"), *ROOM.glob("apps/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                names = {
                    one.attr
                    for one in ast.walk(node)
                    if isinstance(one, ast.Attribute)
                    and isinstance(one.ctx, ast.Store)
                    and isinstance(one.value, ast.Name)
                    and one.value.id == "self"
                }
                found.setdefault(node.name, set()).update(names)
    return found


def _shared(found: dict[str, set[str]]) -> list[tuple[str, str, str]]:
    """Name, the class whose loops believe it, and another class that sets it."""
    return [
        (name, owner, other)
        for owner, names in LOOPS.items()
        for name in names.split()
        for other in found
        if other != owner and name in found[other]
    ]


def test_no_class_sets_what_the_loops_of_another_believe() -> None:
    found = _set_by_class()
    for owner, names in LOOPS.items():
        assert set(names.split()) <= found[owner], owner
    assert not _shared(found)


def test_a_name_that_two_classes_set_is_found() -> None:
    found = _set_by_class()
    found["Month"].add("_stride")
    assert _shared(found) == [("_stride", "Hands", "Month")]
