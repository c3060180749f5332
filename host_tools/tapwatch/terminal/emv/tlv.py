"""BER-TLV as EMV uses it (EMV Book 3 annex B): parse, encode, look up. Tags are upper-case hex, such as "9F02"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_DEPTH = 8
"""Deepest nesting read; a directory entry needs 4."""
_MAX_TAG_BYTES = 3
_CONSTRUCTED = 0x20
_MORE_TAG_BYTES = 0x1F


class TlvProblem(ValueError):
    """The bytes are not BER-TLV, or a list that must be flat is not."""


@dataclass(frozen=True)
class Tlv:
    """One data object. `children` is empty for a primitive one."""

    tag: str
    value: bytes
    children: tuple[Tlv, ...] = ()

    @property
    def constructed(self) -> bool:
        """True for a template."""
        return is_constructed(self.tag)

    def walk(self) -> Iterator[Tlv]:
        """The object itself and everything inside it, outside first."""
        yield self
        for child in self.children:
            yield from child.walk()


def is_constructed(tag: str) -> bool:
    """True if the tag is that of a template."""
    return bool(int(tag[:2], 16) & _CONSTRUCTED)


def parse(data: bytes, depth: int = 0) -> tuple[Tlv, ...]:
    """Read all objects. Zero bytes between objects are skipped, as annex B1 allows. Raises TlvProblem."""
    if depth > MAX_DEPTH:
        raise TlvProblem(f"nested deeper than {MAX_DEPTH}")
    nodes, at = [], 0
    while at < len(data):
        if data[at] == 0:
            at += 1
            continue
        tag, at = read_tag(data, at)
        length, at = _read_length(data, at, tag)
        value = data[at : at + length]
        if len(value) < length:
            raise TlvProblem(f"{tag} announces {length} bytes, {len(value)} are left")
        children = parse(value, depth + 1) if is_constructed(tag) else ()
        nodes.append(Tlv(tag, value, children))
        at += length
    return tuple(nodes)


def read_tag(data: bytes, at: int) -> tuple[str, int]:
    """The tag at a position and the position after it. Raises TlvProblem."""
    end = at + 1
    if data[at] & _MORE_TAG_BYTES == _MORE_TAG_BYTES:
        while end < len(data) and data[end] & 0x80:
            end += 1
        end += 1
    if end > len(data):
        raise TlvProblem("the data ends inside a tag")
    if end - at > _MAX_TAG_BYTES:
        raise TlvProblem(f"a tag has more than {_MAX_TAG_BYTES} bytes")
    return data[at:end].hex().upper(), end


def _read_length(data: bytes, at: int, tag: str) -> tuple[int, int]:
    if at >= len(data):
        raise TlvProblem(f"the data ends after {tag}")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    size = first & 0x7F
    if not 1 <= size <= 2 or at + 1 + size > len(data):  # annex B2: at most three bytes
        raise TlvProblem(f"{tag} has a bad length")
    return int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size


def encode(tag: str, value: bytes) -> bytes:
    """One data object. Raises TlvProblem if the value is longer than two length bytes can say."""
    size = len(value)
    if size < 0x80:
        length = bytes([size])
    elif size < 0x100:
        length = bytes([0x81, size])
    elif size < 0x10000:
        length = b"\x82" + size.to_bytes(2, "big")
    else:
        raise TlvProblem(f"{size} bytes are too long for one object")
    return bytes.fromhex(tag) + length + value


def find(nodes: Iterable[Tlv], *path: str) -> Tlv | None:
    """The first object at a path of tags, None when there is none."""
    for node in nodes:
        if node.tag == path[0]:
            return node if len(path) == 1 else find(node.children, *path[1:])
    return None
