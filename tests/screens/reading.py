"""Reads lines of text back from the pixels of a picture, by the shapes in the font files and nothing else.

The font files are read by their description in `host_tools/tapwatch/assets/fontfile.py`. A pixel counts as ink if it is
more than half as bright as the brightest of its line.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache

from PIL import Image

from tests.screens.micropython import ROOT

_ASSETS = ROOT / "firmware/assets"
_HEADER, _ENTRY = 12, 6
_BIAS = 128
_GREEN = 1
"""The channel with the most bits in RGB565."""
_SHIFTS = range(-2, 3)
"""By how many pixels the highest letter of a line may be lower or higher than its figures."""


@dataclass
class Shape:
    """A character: for each column of ink its pixels as bits, bit 0 in the uppermost row of the line."""

    character: str
    columns: tuple[int, ...]


@cache
def shapes(role: str, panel: str, characters: str) -> tuple[Shape, ...]:
    """Shapes of these characters in one font, widest first; those the font lacks are left out."""
    data = (_ASSETS / f"{role}.{panel}.twf").read_bytes()
    count = struct.unpack_from("<H", data, 8)[0]
    found = []
    for i in range(count):
        code, at = struct.unpack_from("<HI", data, _HEADER + _ENTRY * i)
        if chr(code) in characters:
            _, width, height, _, top = struct.unpack_from("<HBBBB", data, at)
            rows = data[at + 6 : at + 6 + (width + 1) // 2 * height]
            found.append(Shape(chr(code), _columns(rows, width, height, top - _BIAS)))
    return tuple(sorted(found, key=lambda shape: -len(shape.columns)))


def _columns(rows: bytes, width: int, height: int, top: int) -> tuple[int, ...]:
    stride = (width + 1) // 2
    columns = []
    for x in range(width):
        shift = 0 if x % 2 else 4
        lit = (y for y in range(height) if rows[y * stride + x // 2] >> shift & 15 > 7)
        columns.append(sum(1 << top + y for y in lit))
    while columns and not columns[-1]:
        columns.pop()
    while columns and not columns[0]:
        del columns[0]
    return tuple(columns)


def lines(picture: Image.Image) -> list[list[int]]:
    """The columns of each line: what lies between rows without ink, from top to bottom."""
    green = picture.getchannel(_GREEN)
    data, width = green.tobytes(), green.width
    rows = [any(data[y * width : (y + 1) * width]) for y in range(green.height)]
    found, start = [], None
    for y, lit in enumerate([*rows, False]):
        if lit and start is None:
            start = y
        elif not lit and start is not None:
            found.append(_bits(green.crop((0, start, green.width, y))))
            start = None
    return found


def _bits(line: Image.Image) -> list[int]:
    """Columns of a line as bits, its uppermost row of ink in bit 0."""
    brightest = max(line.tobytes())
    ink = line.point([255 if 2 * value > brightest else 0 for value in range(256)])
    box = ink.getbbox() or (0, 0, 1, 1)
    turned = ink.crop((0, box[1], ink.width, box[3])).transpose(Image.Transpose.TRANSPOSE)
    packed = turned.convert("1").tobytes()
    stride = (turned.width + 7) // 8
    mirrored = (packed[i : i + stride] for i in range(0, len(packed), stride))
    return [int(f"{int.from_bytes(row, 'big'):0{8 * stride}b}"[::-1], 2) for row in mirrored]


def read(line: list[int], panel: str, roles: tuple[str, ...], characters: str) -> str | None:
    """The text of a line if every pixel of it belongs to one of these characters in one of these fonts."""
    for role in roles:
        alphabet = shapes(role, panel, characters)
        tops = [column & -column for shape in alphabet for column in shape.columns if column]
        if not tops:
            continue
        top = min(tops).bit_length() - 1
        for shift in _SHIFTS:
            text = _match(line, alphabet, top + shift)
            if text:
                return text
    return None


def _match(line: list[int], alphabet: tuple[Shape, ...], down: int) -> str | None:
    """Characters from left to right, if the line begins `down` pixels below the top of its font's line."""
    if down < 0:
        return None
    moved = [column << down for column in line]
    text, x = "", 0
    while x < len(moved):
        if not moved[x]:
            x += 1
            continue
        for shape in alphabet:
            if tuple(moved[x : x + len(shape.columns)]) == shape.columns:
                text += shape.character
                x += len(shape.columns)
                break
        else:
            return None
    return text
