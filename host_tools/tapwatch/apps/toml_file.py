"""A TOML file of a project, and the line on which a key of it stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from tapwatch.apps.faults import Fault

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")

_HINTS = {"Invalid value": ": a text stands in quotation marks, true and false and numbers do not"}
"""By what the library says of a mistake that many make."""


@dataclass(frozen=True)
class TomlFile:
    """A file that was read. `values`: empty if it could not be."""

    name: str
    text: str
    values: dict[str, Any]

    def fault(self, key: str, rule: str, message: str) -> Fault:
        """A fault at the line of a key."""
        return Fault(self.name, line_of(self.text, key), 1, rule, message)


def read(name: str, data: bytes) -> tuple[TomlFile, list[Fault]]:
    """The file, and why it is no TOML."""
    try:
        text = data.decode()
        return TomlFile(name, text, tomllib.loads(text)), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return TomlFile(name, "", {}), [Fault(name, line, 1, "toml", "the file is not UTF-8")]
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        said = _PLACE.sub("", str(error)).strip()
        hint = _HINTS.get(said, "")
        return TomlFile(name, "", {}), [Fault(name, line, column, "toml", said + hint)]
    except (RecursionError, ValueError) as error:
        return TomlFile(name, "", {}), [Fault(name, 1, 1, "toml", f"the file cannot be read: {error}")]


def line_of(text: str, key: str, table: str = "") -> int:
    """The line on which `key` is set, in `table` if one is named; 1 if it is nowhere."""
    inside = not table
    first, _, rest = key.partition(".")
    names = [rf"\[\s*{re.escape(key)}\s*\]", rf"\"?{re.escape(key)}\"?\s*="]
    names += [rf"{re.escape(key)}\s*\."]
    if rest:
        names += [rf"\[\s*{re.escape(first)}\s*\]", rf"{re.escape(first)}\s*="]
    for name in names:
        for number, line in enumerate(text.splitlines(), 1):
            if table and re.match(r"\s*\[", line):
                inside = re.match(rf"\s*\[\s*\"?{re.escape(table)}\"?\s*\]", line) is not None
            elif inside and re.match(rf"\s*{name}", line):
                return number
    return 1
