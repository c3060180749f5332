"""The questions of docs/store.md, "Following the money", put to a database file by `sqlite3` alone."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[3] / "docs" / "store.md"
_BLOCK = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^-- (.*)\n([^;]*);$", re.MULTILINE)
_ANSWERS: dict[str, list[tuple[int]]] = {"0": [(0,)], "nothing": []}


def questions() -> list[tuple[str, str]]:
    """What is asked: the remark, which begins with the answer, and the statement."""
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    return [pair for block in blocks for pair in _QUESTION.findall(block)]


def wrong(path: Path) -> list[str]:
    """The remarks of questions that have another answer than they should."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return asked(lambda statement: connection.execute(statement).fetchall())


def asked(ask: Callable[[str], list[Any]]) -> list[str]:
    """The same, put to any database by `ask`."""
    expected = {remark: _ANSWERS[re.split(r"\W", remark)[0]] for remark, _ in questions()}
    return [remark for remark, statement in questions() if list(map(tuple, ask(statement))) != expected[remark]]
