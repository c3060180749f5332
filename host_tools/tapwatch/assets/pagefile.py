"""The binary form of a page file, version 1: many characters of one size. Reader: `firmware/watch/ui/han.py`.

All characters are one em wide and are drawn in one cell, so none has measures of its own. Little-endian:

| bytes | what |
|---|---|
| 4 | `TWP1` |
| 4 | cell: u8 width (even), u8 height, u8 left + 128, u8 top + 128, from the pen and the top of the line |
| 2 | u8 line height, u8 advance in px |
| 2 | u16 number of pages p |
| 3,072 | probabilities of the coder (`tapwatch.assets.coder`) |
| 256 | for each high byte of a code point 1 + the number of its page, or 0 |
| 32 p | for each page one bit a character, lowest bit first |
| 4 p | for each page its u32 offset in the file |
| | the pages |

A page with n characters has n + 1 u16 offsets from its start, then the packed pictures: character i lies between
offsets i and i + 1.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from tapwatch.assets import coder

MAGIC = b"TWP1"
_BIAS = 128
_PAGE = 256
_MOST_PACKED = 1024
"""Bytes for which the watch has room."""


@dataclass
class PageFile:
    """All characters of one size; `pictures` holds `width * height` levels of 0 to 3 by code point."""

    width: int
    height: int
    left: int
    top: int
    line_height: int
    advance: int
    pictures: dict[int, bytes] = field(default_factory=dict)

    def pack(self) -> bytes:
        """The bytes of the file. Raises ValueError when it does not fit the format."""
        odds = coder.statistics(self.pictures.values(), self.width)
        pages: dict[int, list[int]] = {}
        for code in sorted(self.pictures):
            pages.setdefault(code >> 8, []).append(code)
        bodies = [self._page(codes, odds) for codes in pages.values()]
        rows = bytearray(_PAGE)
        for row, high in enumerate(pages):
            rows[high] = row + 1
        offset = len(self._head(0)) + len(odds) + _PAGE + 36 * len(pages)
        offsets = b""
        for body in bodies:
            offsets += struct.pack("<I", offset)
            offset += len(body)
        bits = b"".join(_bits(codes) for codes in pages.values())
        return self._head(len(pages)) + odds + bytes(rows) + bits + offsets + b"".join(bodies)

    def _head(self, pages: int) -> bytes:
        if self.width % 2:
            raise ValueError("a cell has an even width")
        cell = (self.width, self.height, self.left + _BIAS, self.top + _BIAS, self.line_height, self.advance)
        return MAGIC + struct.pack("<6BH", *cell, pages)

    def _page(self, codes: list[int], odds: bytes) -> bytes:
        packed = [coder.pack(self.pictures[code], self.width, odds) for code in codes]
        if max(map(len, packed)) > _MOST_PACKED:
            raise ValueError(f"a character of page {codes[0] >> 8:02X} is too large")
        at = 2 * len(codes) + 2
        offsets = [at]
        for data in packed:
            at += len(data)
            offsets.append(at)
        if at > 0xFFFF:
            raise ValueError(f"page {codes[0] >> 8:02X} is too large")
        return struct.pack(f"<{len(offsets)}H", *offsets) + b"".join(packed)


def _bits(codes: list[int]) -> bytes:
    bits = bytearray(_PAGE // 8)
    for code in codes:
        bits[(code & 0xFF) >> 3] |= 1 << (code & 7)
    return bytes(bits)
