"""What the stand-ins `machine`, `esp32` and `network` offer is what the port offers: names, arguments, constants.

The stubs are those of MicroPython 1.29.0 for ESP32_GENERIC_S3. What they leave out is listed here, with its source.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tapwatch.compiled import ROOT

STAND_INS = ROOT / "board/simulator/stand_ins"
STUBS = ROOT / "typings"
NOT_IN_STUBS = {
    ("machine", "Pin.__init__", "hold"),  # MicroPython, docs/esp32/quickref.rst
    ("machine", "Pin.init", "hold"),
    ("machine", "Pin.DRIVE_0", ""),
    ("machine", "Pin.DRIVE_1", ""),
    ("machine", "Pin.DRIVE_2", ""),
    ("machine", "Pin.DRIVE_3", ""),
    ("esp32", "Partition.__init__", "block_size"),
    ("esp32", "Partition.find", "block_size"),  # ports/esp32/esp32_partition.c
}
Function = dict[str, int]
"""Arguments of all forms of a function: name and place, -1 behind a star."""


def _arguments(function: ast.FunctionDef) -> Function:
    every = function.args
    plain = [one.arg for one in every.posonlyargs + every.args if one.arg not in ("self", "cls")]
    places = {name: place for place, name in enumerate(plain)}
    return places | {one.arg: -1 for one in every.kwonlyargs}


def _positional(function: ast.FunctionDef) -> int:
    return sum(one.arg not in ("self", "cls") for one in function.args.posonlyargs)


class Module:
    """The functions, classes and constants of a file, by dotted name."""

    def __init__(self, *paths: Path) -> None:
        self.functions: dict[str, list[ast.FunctionDef]] = {}
        self.constants: dict[str, object] = {}
        for path in paths:
            self._read(ast.parse(path.read_text()).body, "")

    def _read(self, body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef):
                self.functions.setdefault(prefix + node.name, []).append(node)
            elif isinstance(node, ast.ClassDef):
                self._read(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if isinstance(target, ast.Name):
                    self.constants[prefix + target.id] = node.value.value


def _offered(name: str) -> Module:
    """The stand-in and the classes it takes from elsewhere."""
    path = STAND_INS / f"{name}.py"
    imported = {
        ROOT / (node.module.replace(".", "/") + ".py"): {alias.name for alias in node.names}
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("board.")
    }
    module = Module(path)
    for source, names in imported.items():
        for node in ast.parse(source.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name in names:
                module._read([node], "")
    return module


def _missing(name: str, offered: Module, stub: Module) -> list[str]:
    """What we offer and the port does not."""
    found = []
    for dotted, forms in offered.functions.items():
        method = dotted.rpartition(".")[2]
        if dotted.startswith("_") or (method.startswith("_") and method != "__init__"):
            continue
        others = stub.functions.get(dotted)
        if not others:
            found.append(f"{name}.{dotted}: not in the port")
            continue
        allowed: dict[str, set[int]] = {}
        for other in others:
            for argument, place in _arguments(other).items():
                allowed.setdefault(argument, set()).add(place)
        nameless = max(_positional(other) for other in others)
        anything = any(other.args.vararg or other.args.kwarg for other in others)
        for argument, place in _arguments(forms[0]).items():
            known = argument in allowed or 0 <= place < nameless or anything
            if not known and (name, dotted, argument) not in NOT_IN_STUBS:
                found.append(f"{name}.{dotted}: no argument {argument}")
    return found


def _values(name: str, offered: Module, stub: Module) -> list[str]:
    """Constants with another value, or that the port does not have."""
    return [
        f"{name}.{dotted} = {value}"
        for dotted, value in offered.constants.items()
        if not dotted.rpartition(".")[2].startswith("_")
        and (name, dotted, "") not in NOT_IN_STUBS
        and stub.constants.get(dotted) != value
    ]


@pytest.mark.parametrize("name", ["machine", "esp32", "network"])
def test_nothing_is_offered_that_the_port_lacks(name: str) -> None:
    """Functions, methods, arguments, values."""
    offered, stub = _offered(name), Module(STUBS / f"{name}.pyi")
    problems = _missing(name, offered, stub) + _values(name, offered, stub)
    print(f"NOTE virtual.{name}_functions_compared {len(offered.functions)}")
    assert not problems, "\n".join(problems)


def test_a_difference_is_noticed() -> None:
    """A method, an argument and a value that are not the port's."""
    stub = Module(STUBS / "machine.pyi")
    wrong = Module()
    source = "class Pin:\n IN = 2\n def spin(self): ...\n def init(self, mode, level): ...\n"
    wrong._read(ast.parse(source).body, "")
    problems = _missing("machine", wrong, stub) + _values("machine", wrong, stub)
    assert problems == [
        "machine.Pin.spin: not in the port",
        "machine.Pin.init: no argument level",
        "machine.Pin.IN = 2",
    ]
