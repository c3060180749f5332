"""Turns an outline font into the glyphs of one size, with FreeType and HarfBuzz through Pillow."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont
from PIL import Image, ImageDraw, ImageFont

from tapwatch.assets.charset import MISSING
from tapwatch.assets.fontfile import FontFile, Glyph
from tapwatch.assets.pagefile import PageFile

_KERNED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:-"
_KERN_FLOOR_16 = 12
"""Kerning below 3/4 px is not worth six bytes."""
_DIGITS = "0123456789"
_FAINT = 8
"""Alpha of 255 below which 4 bits show nothing."""
_SEEN = [255 if value > _FAINT else 0 for value in range(256)]
_SIXTEEN = bytes((value * 15 + 127) // 255 for value in range(256))
_FOUR = bytes((value * 3 + 127) // 255 for value in range(256))
"""Levels of a glyph in a text font and in a page, for each alpha of 255."""


@dataclass
class Face:
    """An outline font file, opened at one size, and what it contains."""

    font: ImageFont.FreeTypeFont
    codes: set[int]


def open_face(path: Path, size_px: int, index: int = 0) -> Face:
    """Open face `index` of a font file. Raises OSError when the file is not there."""
    font = ImageFont.truetype(str(path), size_px, index=index, layout_engine=ImageFont.Layout.RAQM)
    return Face(font, _codes(path, index))


@functools.cache
def _codes(path: Path, index: int) -> set[int]:
    """The characters of a face, which are the same at every size."""
    names = TTCollection(path).fonts[index] if path.suffix == ".ttc" else TTFont(path)
    return set(names.getBestCmap() or ())


def rasterise(codes: list[int], faces: list[Face], line_height: int, kerned: bool) -> FontFile:
    """Draw each code with the first face that has it.

    The first face sets the baseline: capitals stand in the middle of the line. Digits all get the advance of the
    widest, so that columns of figures line up and a changing figure never moves its neighbours.
    """
    main = faces[0].font
    _, cap_top, _, cap_bottom = main.getbbox("H", anchor="ls")
    baseline = (line_height + round(cap_bottom - cap_top)) // 2
    digit_advance = max(_advance(main, digit) for digit in _DIGITS)
    file = FontFile(line_height, baseline, round(-cap_top))
    for code in codes:
        if code == MISSING:
            file.glyphs.append(_box(round(-cap_top), baseline))
            continue
        face = next((face for face in faces if code in face.codes), None)
        if face is None:
            raise ValueError(f"no font has U+{code:04X}")
        file.glyphs.append(_glyph(chr(code), face.font, baseline, digit_advance, round(-cap_top)))
    if kerned:
        file.kerning = _kerning(main)
    return file


def measure_cell(codes: list[int], face: Face, text: FontFile) -> PageFile:
    """An empty page file whose cell holds the ink of all these characters, on the lines of the text font of that size.

    Raises ValueError for a character that the face lacks or that is not one em wide.
    """
    font = face.font
    for code in codes:
        if code not in face.codes or font.getlength(chr(code)) != font.size:
            raise ValueError(f"U+{code:04X} is not there, or not one em wide")
    boxes = [font.getbbox(chr(code), anchor="ls") for code in codes]
    left, top = round(min(box[0] for box in boxes)), round(min(box[1] for box in boxes))
    width, height = round(max(box[2] for box in boxes)) - left, round(max(box[3] for box in boxes)) - top
    return PageFile(width + width % 2, height, left, text.baseline + top, text.line_height, round(font.size))


def draw_cells(page: PageFile, codes: list[int], face: Face, baseline: int) -> None:
    """Draw these characters into a page file whose text stands on `baseline`."""
    for code in codes:
        image = Image.new("L", (page.width, page.height))
        start = (-page.left, baseline - page.top)
        ImageDraw.Draw(image).text(start, chr(code), fill=255, font=face.font, anchor="ls")
        page.pictures[code] = image.tobytes().translate(_FOUR)


def _glyph(text: str, font: ImageFont.FreeTypeFont, baseline: int, digit_advance: int, cap_height: int) -> Glyph:
    image, left, top = _ink(text, font)
    advance = _advance(font, text)
    if text in _DIGITS:
        left += round((digit_advance - advance) / 32)
        advance = digit_advance
    if text == ":":
        top = -(cap_height + image.height) // 2  # between figures a colon stands at half their height
    alpha = image.tobytes().translate(_SIXTEEN)
    return Glyph(ord(text), advance, image.width, image.height, left, baseline + top, alpha)


def _ink(text: str, font: ImageFont.FreeTypeFont) -> tuple[Image.Image, int, int]:
    """The smallest picture that holds the glyph, and where it lies from the pen on the baseline."""
    pad = round(font.size)
    canvas = Image.new("L", (pad * 4, pad * 4))
    ImageDraw.Draw(canvas).text((pad, pad * 2), text, fill=255, font=font, anchor="ls")
    box = canvas.point(_SEEN).getbbox()
    if box is None:
        return canvas.crop((0, 0, 0, 0)), 0, 0
    return canvas.crop(box), box[0] - pad, box[1] - pad * 2


def _advance(font: ImageFont.FreeTypeFont, text: str) -> int:
    return round(font.getlength(text) * 16)


def _kerning(font: ImageFont.FreeTypeFont) -> dict[tuple[int, int], int]:
    """Pairs of letters that a typesetter moves together or apart, in 1/16 px."""
    pairs = {}
    single = {letter: font.getlength(letter) for letter in _KERNED}
    for left, right in itertools.product(_KERNED, repeat=2):
        amount = round((font.getlength(left + right) - single[left] - single[right]) * 16)
        if abs(amount) >= _KERN_FLOOR_16:
            pairs[ord(left), ord(right)] = amount
    return pairs


def _box(height: int, baseline: int) -> Glyph:
    """The empty box that stands for a character the font lacks."""
    width, line = max(4, height * 5 // 8), max(1, height // 12)
    rows = [
        bytes(15 if min(x, y, width - 1 - x, height - 1 - y) < line else 0 for x in range(width)) for y in range(height)
    ]
    gap = max(1, height // 8)
    return Glyph(MISSING, (width + 2 * gap) * 16, width, height, gap, baseline - height, b"".join(rows))
