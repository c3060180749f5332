"""Copies the names that apps may use from the firmware to the packer: `python tools/vocabulary.py`."""

from __future__ import annotations

import ast
import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "firmware/watch/apps/verifier" / name for name in ("pool.py", "vocabulary.py")]
COPY = ROOT / "host_tools/tapwatch/apps/vocabulary.json"
_FIELDS = {
    "pool": "POOL",
    "pool_names": "POOL_NAMES",
    "spend": "SPEND",
    "api": "EXPORTS",
    "builtins": "BUILTINS",
    "attributes": "MEMBERS",
    "settable": "WRITABLE",
    "methods": "OVERRIDES",
    "keywords": "KEYWORDS",
}
"""What the packer calls each table of the firmware."""


def table(source: str) -> dict[str, object]:
    """The tables of the firmware's file as the packer wants them: groups of names become sorted lists."""
    values = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    return {field: _plain(values[name]) for field, name in _FIELDS.items()}


def source() -> str:
    """The files of the firmware that have the tables, one behind the other."""
    return "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def text(source: str) -> str:
    """The packer's file."""
    return json.dumps(table(source), indent=1) + "\n"


def _plain(value: object) -> object:
    return sorted({name for line in value for name in line.split()}) if isinstance(value, tuple) else value


if __name__ == "__main__":
    COPY.write_text(text(source()), encoding="utf-8")
