"""Confusion matrices as pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL, _LEFT, _TOP = 30, 90, 90
_FONT_PX = 11
_PAPER, _INK, _RIGHT, _WRONG = (255, 255, 255), (20, 20, 30), (30, 110, 200), (210, 60, 40)


def confusion(rows: Sequence[str], columns: Sequence[str], table: Sequence[Sequence[int]]) -> bytes:
    """PNG: what was said by row, what was heard by column; right is blue, wrong is red, by share of the row."""
    image = Image.new("RGB", (_LEFT + _CELL * len(columns) + 10, _TOP + _CELL * len(rows) + 10), _PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(_FONT_PX)
    for place, name in enumerate(columns):
        _upright(image, name, _LEFT + place * _CELL, font)
    for row, said in enumerate(rows):
        top = _TOP + row * _CELL
        draw.text((_LEFT - 6, top + _CELL // 2), said, _INK, font, anchor="rm")
        whole = max(1, sum(table[row]))
        for column, count in enumerate(table[row]):
            box = (_LEFT + column * _CELL, top, _LEFT + (column + 1) * _CELL, top + _CELL)
            draw.rectangle(box, _shade(count / whole, columns[column] == said), (225, 225, 225))
            if count:
                draw.text((box[0] + _CELL // 2, top + _CELL // 2), str(count), _INK, font, anchor="mm")
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _shade(share: float, right: bool) -> tuple[int, int, int]:
    strength = min(1.0, share if right else share * 4) * 0.8
    red, green, blue = (
        round(paper + (ink - paper) * strength) for paper, ink in zip(_PAPER, _RIGHT if right else _WRONG, strict=True)
    )
    return red, green, blue


def _upright(image: Image.Image, text: str, left: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    """Text that reads upwards, above a column."""
    label = Image.new("RGB", (_TOP - 8, _CELL), _PAPER)
    ImageDraw.Draw(label).text((0, _CELL // 2), text, _INK, font, anchor="lm")
    image.paste(label.rotate(90, expand=True), (left, 4))
