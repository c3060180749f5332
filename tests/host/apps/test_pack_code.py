"""Packed code does what its source does, and every loop and function of it counts."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path

import pytest

from tapwatch.apps import mpy, pack, project
from tests.host.apps.endless_sources import ENDLESS
from tests.host.apps.projects import files, written

MICROPYTHON = Path(sys.executable).parent / "micropython"
API = """
left = [2000]
def spend():
    left[0] -= 1
    if left[0] < 0:
        raise KeyboardInterrupt
    return True
class App:
    pass
WHITE, TICK = 1, 2
"""
RUN = """
import json, sys
sys.path[:] = ["."]
from watch.apps import api
from apps.tally import app
try:
    print(json.dumps([getattr(app, sys.argv[1])().open(None), api.left[0] < 2000]))
except KeyboardInterrupt:
    print(json.dumps(["dry", True]))
"""
OTHER = '''
from micropython import const

NEW, _HIDDEN, MINUS = const(7), const(1 << 3), const(-2)
WORD = const("word")
KEPT = const(5)


def doubled(number: int, *, by: int = 2) -> int:
    """Doubled."""
    return number * by + _HIDDEN


def rebinds() -> int:
    global KEPT
    KEPT = KEPT + 1
    return KEPT


class Node:
    """With a class attribute, a property and a static method."""

    amount = NEW

    def __init__(self, value: "int" = MINUS) -> None:
        self.value: int = value

    @property
    def twice(self) -> int:
        return self.value * 2

    @staticmethod
    def plain(value: int) -> int:
        return value - MINUS
'''
APP = '''
"""What the language can do, in results that can be compared."""

from micropython import const
from watch.apps.api import App

from .other import KEPT, MINUS, NEW, WORD, Node, doubled, rebinds

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_A, _B = const(3), const(NEW + 1)
_TABLE = {_A: "three", "key": (_B, MINUS ** 2, -MINUS)}
n3 = "mine"


class Base(App):
    """Its own base."""

    def begin(self) -> None:
        self._log: "list[Any]" = []

    def note(self, what: "Any") -> None:
        self._log.append(what)


class Tally(Base):
    """Tries everything."""

    def open(self, watch: "Any") -> "Any":
        super().begin()
        for step in (self._loops, self._functions, self._classes, self._errors, self._texts, self._names):
            step()
        return self._log

    def _loops(self) -> None:
        for i in range(3):
            for a, (b, *c) in ((i, (1, 2, 3)),):
                if i == 1:
                    continue
                self.note([i, a, b, c])
        n = 0
        while True:
            n += 1
            if n > 4:
                break
        else:
            n = 99
        self.note([n, [x * y for x in range(4) if x % 2 for y in (1, 2)], {k: v for k, v in ((1, 2),)} == {1: 2}])
        self.note(sorted({x for x in (1, 1, 2)}) + list(y + 1 for y in (1, 2)))
        self.note(sum(x for x in range(5)))

    def _functions(self) -> None:
        def inner(n0: int, *rest: int, key: int = _A) -> int:
            n1 = [n0]
            return sum(rest) + key + len(n1) + n0

        self.note([inner(1), inner(1, 2, 3, key=_B), doubled(4), doubled(4, by=3)])
        self.note([(lambda x, y=2: x + y)(1), (lambda: 0)(), sorted((3, 1, 2), key=lambda x: -x)])
        self.note(list(self._numbers(3)))

    def _numbers(self, most: int) -> "Any":
        yield MINUS
        yield from range(most)

    def _classes(self) -> None:
        node = Node()
        node.value += 1
        self.note([node.twice, Node.plain(1), node.amount, Node(4).value, isinstance(node, Node)])

    def _errors(self) -> None:
        class Mine(ValueError):
            """Its own error."""

        for kind in (Mine, KeyError, ZeroDivisionError):
            try:
                raise kind("x")
            except (Mine, KeyError) as error:
                self.note(str(error.args[0]))
            except ArithmeticError:
                self.note("other")
            else:
                self.note("never")
            finally:
                self.note("done")

    def _texts(self) -> None:
        number = 5
        self.note([f"{number:03d} {WORD!r} {{}}", "%d%%" % number, WORD + "s", "a\\nb", b"\\x00\\xff".hex()])
        self.note([1_000_000_000_000, 0x7FFFFFFF, -(2 ** 31), 7 // 2, -7 % 3, not number, number if number else 0])

    def _names(self) -> None:
        self.note([rebinds(), rebinds(), n3, _TABLE[_A], list(_TABLE["key"]), KEPT])
        local_name = 1
        del local_name
        assert n3, "a message"
'''


def packed(folder: Path, app: str, other: str | None = None) -> tuple[Path, pack.Built]:
    """A folder from which MicroPython runs a packed app."""
    made = files(app__py=app, words__toml=None, other__py=other)
    built = pack.build(project.parse(made, "code"))
    written(folder / "apps/tally", built.files)
    written(folder / "watch/apps", {"api.py": API.encode()})
    return folder, built


def run(folder: Path, built: pack.Built) -> object:
    """What `open` of the entry returns, or `dry`."""
    command = [str(MICROPYTHON), "-c", RUN.replace("sys.argv[1]", repr(built.entry.split(".")[1]))]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    result, counted = json.loads(done.stdout)
    assert counted
    return result


def in_cpython(app: str, other: str) -> object:
    """What the source does in CPython."""
    modules = {name: types.ModuleType(name) for name in ("micropython", "watch", "watch.apps", "watch.apps.api", "t")}
    modules["micropython"].const = lambda value: value  # pyright: ignore[reportAttributeAccessIssue]
    modules["t"].__path__ = []
    before = dict(sys.modules)
    sys.modules.update(modules)
    try:
        exec(API, modules["watch.apps.api"].__dict__)  # noqa: S102
        for name, text in (("t.other", other), ("t.app", app)):
            module = sys.modules[name] = types.ModuleType(name)
            module.__package__ = "t"
            exec(text, module.__dict__)  # noqa: S102
        return json.loads(json.dumps(sys.modules["t.app"].Tally().open(None)))
    finally:
        for name in set(sys.modules) - set(before):
            del sys.modules[name]


def test_packed_code_does_what_its_source_does(tmp_path: Path) -> None:
    ours = run(*packed(tmp_path, APP, OTHER))
    theirs = in_cpython(APP, OTHER)
    assert isinstance(ours, list) and len(ours) > 15
    assert ours == theirs


def test_nothing_private_is_left_in_the_code(tmp_path: Path) -> None:
    _, built = packed(tmp_path, APP, OTHER)
    data = b"".join(built.files[name] for name in ("app.mpy", "other.mpy"))
    for name in ("_loops", "doubled", "Node", "_TABLE", "rebinds", "_HIDDEN", "MINUS", "Tally", "Its own error"):
        assert name.encode() not in data, name
    texts = {name for code in ("app.mpy", "other.mpy") for name in mpy.interned(built.files[code])}
    assert {"app.py", "other.py", "watch.apps.api"} <= texts


@pytest.mark.parametrize("kind", ENDLESS)
def test_every_loop_runs_dry(tmp_path: Path, kind: str) -> None:
    folder, built = packed(tmp_path, ENDLESS[kind])
    command = RUN.replace("from apps.tally import app\n", "").replace(
        "try:\n", "try:\n    from apps.tally import app\n"
    )
    command = command.replace("sys.argv[1]", repr(built.entry.split(".")[1]))
    told = [str(MICROPYTHON), "-c", command]
    done = subprocess.run(told, cwd=folder, capture_output=True, text=True, check=False, timeout=20)
    assert json.loads(done.stdout or "0") == ["dry", True], (kind, done.stdout, done.stderr)
