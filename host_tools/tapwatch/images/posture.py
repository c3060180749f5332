"""Judges by the files of an image whether it is fit for people: no way to an interpreter, and marks where they belong.

This is about what was built, not about its source. What a watch does then is tried by the tests that SECURITY.md names.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tapwatch.signing.chain import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Files = Mapping[str, bytes]

_MAIN, _FACTS = "main.py", "facts.py"
_CLOSING = """
try:
    import micropython
    _closed = micropython.kbd_intr(-1) or True
except KeyboardInterrupt:
    pass
"""
"""With what `main.py` begins. A Ctrl-C that came before is raised at the `or`, so it is dropped here."""
_DEBUGGING = ("watch/system/workbench/", "board/simulator/", "board/counting/", "tests/")
"""Folders of what helps whoever develops or tests the watch."""
_OPENING = (b"kbd_intr", b"dupterm", b"webrepl", b"aiorepl", b"start_foreground")
"""Names with which a program opens an interpreter to somebody. In bytecode names stand as they are written."""
PAYING = ("amount", "armed", "cards", "merchant_code", "payment_code", "terminal_payment")
"""Screens that bear the mark of a watch for tests; those that pay."""
_MARK, _MARKED_BY = b"add_test_mark", b"test_mark"


def judge(files: Files, board: str, version: str) -> list[Link]:
    """A line for each rule. `board` and `version`: what the signed statement says."""
    rules: dict[str, tuple[str, Callable[[Files], list[str]]]] = {
        "facts": ("board, version, posture `release`, constants only", lambda all_: _facts(all_, board, version)),
        "start": ("Ctrl-C is closed by the first lines of main.py", _start),
        "interpreter": ("no compiled module names what opens one", _interpreter),
        "debugging": ("no module for development is in it", _debugging),
        "marks": ("every screen that pays can bear the mark TEST", _marks),
    }
    links = []
    for what, (checked, rule) in rules.items():
        link = Link(what, checked)
        link.problems.extend(rule(files))
        links.append(link)
    return links


def _facts(files: Files, board: str, version: str) -> list[str]:
    wanted = {"BOARD": board, "VERSION": version, "POSTURE": "release"}
    try:
        body = ast.parse(files.get(_FACTS, b"")).body
    except (SyntaxError, ValueError):
        return ["facts.py is no Python"]
    said: dict[str, object] = {}
    for line in body:
        if _is_text(line):
            continue
        if not (isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name)):
            return [f"line {line.lineno} of facts.py does something"]
        try:
            said[line.targets[0].id] = ast.literal_eval(line.value)
        except ValueError:
            return [f"line {line.lineno} of facts.py is no constant"]
    return [f"{name} is {said.get(name)!r}, not {value!r}" for name, value in wanted.items() if said.get(name) != value]


def _start(files: Files) -> list[str]:
    try:
        body = ast.parse(files.get(_MAIN, b"")).body
    except (SyntaxError, ValueError):
        return ["main.py is no Python"]
    first = next((line for line in body if not _is_text(line)), None)
    if first is None or ast.unparse(first) != _CLOSING.strip():
        return ["main.py does not begin with what closes Ctrl-C"]
    return []


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)


def _interpreter(files: Files) -> list[str]:
    problems = []
    for path, data in sorted(files.items()):
        if path == _MAIN:
            count = len(re.findall(rb"kbd_intr|dupterm|webrepl|aiorepl", data))
            found = ["it more than once"] if count > 1 else []
        else:
            found = [name.decode() for name in _OPENING if path.endswith((".mpy", ".py")) and name in data]
        problems += [f"{path} names {name}" for name in found]
    return problems


def _debugging(files: Files) -> list[str]:
    return [f"{path} is for development" for path in sorted(files) if path.startswith(_DEBUGGING)]


def _marks(files: Files) -> list[str]:
    problems = []
    for name in PAYING:
        data = files.get(f"watch/screens/{name}.mpy")
        if data is not None and _MARK not in data:
            problems.append(f"the screen {name} bears no mark")
    start = files.get("watch/system/main.mpy")
    if start is not None and _MARKED_BY not in start:
        problems.append("nothing asks whether this watch is one for tests")
    return problems
