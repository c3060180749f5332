"""Runs the viper functions of a firmware file on CPython with machine words of a chosen width.

The unix port has 64-bit words, the watch 32-bit ones. Here each viper function is taken out of its file and run with
integers that wrap at the given width, so that one and the same function is seen to give the same bytes on both.
Buffers are copied into one small memory before a call and back after it.
"""

import ast
import operator
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

CRYPTO = Path(__file__).parents[3] / "firmware/watch/crypto"
_OPERATIONS = ("add", "sub", "mul", "and_", "or_", "xor", "lshift", "rshift")


class Word(int):
    """An integer of one machine: results take the type of the left side, as in viper."""

    machine: "Machine"
    signed = True

    def _result(self, value: int) -> "Word":
        return self.machine.word(value, self.signed)


def _install(name: str) -> None:
    plain = getattr(operator, name)
    stem = name.rstrip("_")
    setattr(Word, f"__{stem}__", lambda self, other: self._result(plain(int(self), int(other))))
    setattr(Word, f"__r{stem}__", lambda self, other: self.machine.word(plain(other, int(self)), True))


for _name in _OPERATIONS:
    _install(_name)


class Pointer:
    """A pointer into a machine's memory, to elements of `size` bytes."""

    def __init__(self, machine: "Machine", address: int, size: int) -> None:
        self.machine, self.address, self.size = machine, address, size

    def _span(self, index: int) -> slice:
        start = self.address + int(index) * self.size
        assert start % self.size == 0, "not aligned"
        assert 0 <= start <= len(self.machine.memory) - self.size, "outside memory"
        return slice(start, start + self.size)

    def __getitem__(self, index: int) -> Word:
        return self.machine.word(int.from_bytes(self.machine.memory[self._span(index)], "little"), True)

    def __setitem__(self, index: int, value: int) -> None:
        mask = (1 << 8 * self.size) - 1
        self.machine.memory[self._span(index)] = (int(value) & mask).to_bytes(self.size, "little")


class Machine:
    """Words of one width, a memory, and the viper functions of one file."""

    def __init__(self, file: str, bits: int) -> None:
        self._bits = bits
        self._classes = {
            signed: type("SignedWord" if signed else "UnsignedWord", (Word,), {"machine": self, "signed": signed})
            for signed in (True, False)
        }
        self.memory = bytearray()
        self._functions = self._load(CRYPTO / file)

    def word(self, value: int, signed: bool) -> Word:
        """Wrap a value to the width."""
        value &= (1 << self._bits) - 1
        if signed and value >> (self._bits - 1):
            value -= 1 << self._bits
        return self._classes[signed](value)

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a viper function; bytearrays and arrays are lent to it as memory, integers become words."""
        function, kinds = self._functions[name]
        self.memory = bytearray(64)
        places: dict[int, int] = {}
        for argument in arguments:
            if not isinstance(argument, int) and id(argument) not in places:
                places[id(argument)] = len(self.memory)
                self.memory += bytes(argument) + bytes(64 + -len(bytes(argument)) % 16)
        result = function(
            *(self._lend(argument, kind, places) for argument, kind in zip(arguments, kinds, strict=True))
        )
        for argument in arguments:
            if isinstance(argument, bytearray | array):
                start, view = places[id(argument)], memoryview(argument).cast("B")
                view[:] = self.memory[start : start + len(view)]
        return result

    def _lend(self, argument: Any, kind: str, places: dict[int, int]) -> Any:
        if kind in ("int", "uint"):
            return self.word(argument, kind == "int")
        return Pointer(self, places[id(argument)], int(kind.removeprefix("ptr")) // 8)

    def _load(self, path: Path) -> dict[str, tuple[Callable[..., Any], list[str]]]:
        names: dict[str, Any] = {
            "int": lambda value: self._cast(value, True),
            "uint": lambda value: self._cast(value, False),
            **{f"ptr{8 * size}": lambda value, size=size: self._pointer(value, size) for size in (1, 2, 4)},
        }
        kinds = {}
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(d).endswith("viper") for d in node.decorator_list):
                kinds[node.name] = [ast.unparse(argument.annotation) for argument in node.args.args]
                node.decorator_list = []
                node.returns = None
                for argument in node.args.args:
                    argument.annotation = None
                exec(compile(ast.Module([node], []), str(path), "exec"), names)  # noqa: S102 - our own firmware
        return {name: (names[name], kind) for name, kind in kinds.items()}

    def _cast(self, value: Any, signed: bool) -> Word:
        return self.word(value.address if isinstance(value, Pointer) else value, signed)

    def _pointer(self, value: Any, size: int) -> Pointer:
        return Pointer(self, value.address if isinstance(value, Pointer) else int(value), size)
