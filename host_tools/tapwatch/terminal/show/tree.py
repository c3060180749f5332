"""BER-TLV as an indented tree with names and meanings."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tapwatch.terminal.emv import tags, tlv
from tapwatch.terminal.show.meanings import meaning

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 120
_STEP = "  "


def tree(data: bytes, indent: str = "") -> list[str]:
    """Lines of a tree; one line of hex if the data is no TLV."""
    try:
        nodes = tlv.parse(data)
    except tlv.TlvProblem as problem:
        return [*hexed(data, indent), f"{indent}(no BER-TLV: {problem})"]
    return branch(nodes, indent)


def branch(nodes: Iterable[tlv.Tlv], indent: str) -> list[str]:
    """Lines of parsed objects."""
    lines: list[str] = []
    for node in nodes:
        if node.constructed:
            lines.append(f"{indent}{node.tag} {tags.name(node.tag)}")
            lines += branch(node.children, indent + _STEP)
        else:
            lines += leaf(node.tag, node.value, indent)
    return lines


def leaf(tag: str, value: bytes, indent: str) -> list[str]:
    """Lines of one data object: tag and name, then its bytes, then what they say."""
    start = f"{indent}{tag:<4} {tags.name(tag)}: "
    said = meaning(tag, value)
    line = f"{start}{value.hex().upper()}" + (f"  {said}" if said else "")
    if len(line) <= WIDTH:
        return [line]
    inner = indent + _STEP * 3
    said_lines = textwrap.wrap(said, WIDTH, initial_indent=inner, subsequent_indent=inner)
    return [start.rstrip(), *hexed(value, inner), *said_lines]


def hexed(data: bytes, indent: str) -> list[str]:
    """Bytes in hex, wrapped."""
    room = (WIDTH - len(indent)) & ~1
    text = data.hex().upper()
    return [indent + text[at : at + room] for at in range(0, len(text), room)] or [indent + "(no bytes)"]
