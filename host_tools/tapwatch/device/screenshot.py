"""`tapwatch screenshot`: what is in front on the watch, as a PNG."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tapwatch.device import development
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.signing import private_file

if TYPE_CHECKING:
    import argparse

_DRAW = "from watch.system.workbench.picture import picture\npicture(watch, board)"
_SIZE = struct.Struct(">2H")
_STRIP = struct.Struct(">4H")
_MOST_PX = 2048
_BYTES_PER_PIXEL = 2


def screenshot(arguments: argparse.Namespace) -> int:
    """Run the command. Raises UserError."""
    path, data = Path(arguments.file), io.BytesIO()
    if path.suffix.lower() != ".png":
        raise UserError(f"{path} does not end in .png, and a PNG is what is written", "give it such a name", EXIT_USAGE)
    with development.opened(arguments) as repl:
        development.expect_watch(repl)
        blocks = repl.blocks(_DRAW)
    width, height, pixels = put_together(blocks)
    png(width, height, pixels).save(data, "PNG")
    private_file.replace(path, data.getvalue())
    print(f"{path}: {width} x {height}")
    return EXIT_OK


def put_together(blocks: list[bytes]) -> tuple[int, int, bytes]:
    """Width, height and big-endian RGB565 of a picture from its strips.

    Raises UserError if they do not cover it, each pixel once.
    """
    strange = UserError("the watch sent no picture", "is its system of this version?", EXIT_FAILED)
    if not blocks or len(blocks[0]) != _SIZE.size:
        raise strange
    width, height = _SIZE.unpack(blocks[0])
    if not (0 < width <= _MOST_PX and 0 < height <= _MOST_PX):
        raise strange
    pixels, drawn = bytearray(width * height * _BYTES_PER_PIXEL), bytearray(width * height)
    for strip in blocks[1:]:
        if len(strip) < _STRIP.size:
            raise strange
        x, y, w, h = _STRIP.unpack_from(strip)
        if x + w > width or y + h > height or len(strip) != _STRIP.size + w * h * _BYTES_PER_PIXEL:
            raise strange
        for row in range(h):
            start, source = (y + row) * width + x, _STRIP.size + row * w * _BYTES_PER_PIXEL
            pixels[start * _BYTES_PER_PIXEL : (start + w) * _BYTES_PER_PIXEL] = strip[
                source : source + w * _BYTES_PER_PIXEL
            ]
            if any(drawn[start : start + w]):
                raise strange
            drawn[start : start + w] = b"\x01" * w
    if not all(drawn):
        raise strange
    return width, height, bytes(pixels)


def png(width: int, height: int, pixels: bytes) -> Image.Image:
    """A picture of big-endian RGB565."""
    picture = Image.new("RGB", (width, height))
    picture.putdata([_rgb(value) for (value,) in struct.iter_unpack(">H", pixels)])
    return picture


def _rgb(value: int) -> tuple[int, int, int]:
    """Eight bits a colour: the high ones once more below, so that white is white."""
    red, green, blue = value >> 11, value >> 5 & 0x3F, value & 0x1F
    return red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2
