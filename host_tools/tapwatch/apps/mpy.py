"""Reads the names and sizes of a compiled module (py/persistentcode.c, version 6) as far as the packer reports them."""

from __future__ import annotations

VERSION = 6
_MAGIC = b"M"


def interned(code: bytes) -> list[str]:
    """The names and short texts that loading the module interns, but for MicroPython's own; the first is its file.

    Raises ValueError for what is no such file.
    """
    if len(code) < 4 or code[:1] != _MAGIC or code[1] != VERSION or code[2] != 0:
        raise ValueError("no bytecode of this version without an architecture")
    names, at = [], 4
    count, at = _number(code, at)
    _, at = _number(code, at)
    for _ in range(count):
        head, at = _number(code, at)
        if head & 1:
            continue  # one of the table that every MicroPython has
        size = head >> 1
        names.append(code[at : at + size].decode())
        at += size + 1
    return names


def _number(code: bytes, at: int) -> tuple[int, int]:
    """A number of 7 bits a byte, highest first, and where it ends. Raises ValueError."""
    value = 0
    while at < len(code):
        value = value << 7 | code[at] & 0x7F
        at += 1
        if not code[at - 1] & 0x80:
            return value, at
    raise ValueError("the file ends early")
