"""The binary font format of the watch, version 1. Reader: `firmware/watch/ui/font.py`.

Little-endian. Header, 12 bytes: `TWF1`, u8 line height, u8 baseline (from the top of the line), u8 height of a digit,
u8 zero, u16 number of glyphs, u16 number of kerning pairs. Then the index, 6 bytes a glyph, sorted: u16 code point,
u32 offset of the glyph in the file. Then the kerning table, 6 bytes a pair, sorted: u16 left, u16 right, i16
adjustment in 1/16 px. Then the glyphs: u16 advance in 1/16 px, u8 width, u8 height, u8 left + 128, u8 top + 128
(first row of ink, from the top of the line), then rows of 4-bit alpha, two pixels a byte, left pixel in the high
nibble, each row padded to a whole byte.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

MAGIC = b"TWF1"
_BIAS = 128


@dataclass
class Glyph:
    """One character: `alpha` holds `width * height` values of 0 to 15."""

    code: int
    advance_16: int
    width: int
    height: int
    left: int
    top: int
    alpha: bytes

    def pack(self) -> bytes:
        """The glyph as it stands in the file. Raises ValueError when a measure does not fit its byte."""
        try:
            measures = (self.advance_16, self.width, self.height, self.left + _BIAS, self.top + _BIAS)
            head = struct.pack("<HBBBB", *measures)
        except struct.error as error:
            raise ValueError(f"glyph U+{self.code:04X} is too large: {error}") from error
        rows = [self.alpha[y * self.width : (y + 1) * self.width] for y in range(self.height)]
        return head + b"".join(_pack_row(row) for row in rows)


@dataclass
class FontFile:
    """A whole font."""

    line_height: int
    baseline: int
    digit_height: int
    glyphs: list[Glyph] = field(default_factory=list)
    kerning: dict[tuple[int, int], int] = field(default_factory=dict)

    def pack(self) -> bytes:
        """The bytes of the file."""
        glyphs = sorted(self.glyphs, key=lambda glyph: glyph.code)
        start = 12 + 6 * len(glyphs) + 6 * len(self.kerning)
        head = MAGIC + struct.pack("<4B", self.line_height, self.baseline, self.digit_height, 0)
        head += struct.pack("<HH", len(glyphs), len(self.kerning))
        index, bodies = b"", b""
        for glyph in glyphs:
            index += struct.pack("<HI", glyph.code, start + len(bodies))
            bodies += glyph.pack()
        kerning = b"".join(
            struct.pack("<HHh", left, right, amount) for (left, right), amount in sorted(self.kerning.items())
        )
        return head + index + kerning + bodies


def _pack_row(row: bytes) -> bytes:
    even = row + b"\0" * (len(row) % 2)
    return bytes(even[i] << 4 | even[i + 1] for i in range(0, len(even), 2))
