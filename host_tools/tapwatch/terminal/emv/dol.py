"""Data object lists: what a card asks the terminal for (EMV Book 3 section 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.emv import tags
from tapwatch.terminal.emv.tlv import TlvProblem, read_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

Entry = tuple[str, int]
"""Tag and length wanted."""

MAX_FILLED = 252
"""Longest list that fits a short command beside its own tag and length."""


def parse(data: bytes) -> list[Entry]:
    """Tags and lengths of a list. Raises TlvProblem if it is cut short or asks for too much."""
    entries, at = [], 0
    while at < len(data):
        tag, at = read_tag(data, at)
        if at >= len(data) or data[at] >= 0x80:
            raise TlvProblem(f"the list has no length for {tag}")
        entries.append((tag, data[at]))
        at += 1
    if sum(length for _, length in entries) > MAX_FILLED:
        raise TlvProblem(f"the list asks for more than {MAX_FILLED} bytes")
    return entries


def fill(entries: list[Entry], values: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    """Each entry with its value in the wanted length; zeros for what the terminal does not know."""
    return [(tag, _fit(tag, length, values.get(tag))) for tag, length in entries]


def _fit(tag: str, length: int, value: bytes | None) -> bytes:
    """Cut or pad: numbers on the left, compressed numbers with F on the right, all else with zeros on the right."""
    if value is None or tags.info(tag).kind == tags.TEMPLATE:
        return bytes(length)
    kind = tags.info(tag).kind
    if kind == tags.NUMERIC:
        return value[max(0, len(value) - length) :].rjust(length, b"\x00")
    return value[:length].ljust(length, b"\xff" if kind == tags.COMPRESSED else b"\x00")
