"""An app's own icon as paths of an SVG, from the file `icon.img` of its bundle (docs/bundles.md, "Pictures")."""

from __future__ import annotations

import struct
from typing import Any

_HEAD, _PICTURE, _LENGTH = ">4sII", ">HHB", ">I"
_MAGIC = b"TWI1"
_MOST_PX = 72
"""Width and height of an icon, at most."""


def picture(data: bytes) -> dict[str, Any] | None:
    """`side` of the small picture in px, and its `paths`: colour and path, one line a run. None for what is no icon.

    Only numbers of our own making are in it, so it can stand in a page as it is.
    """
    try:
        return _picture(data)
    except (struct.error, IndexError):
        return None


def _picture(data: bytes) -> dict[str, Any] | None:
    magic, small, _ = struct.unpack_from(_HEAD, data)
    at = struct.calcsize(_HEAD)
    width, height, colours = struct.unpack_from(_PICTURE, data, at)
    if magic != _MAGIC or not 0 < width == height <= _MOST_PX or small > len(data):
        return None
    at += struct.calcsize(_PICTURE)
    palette = struct.unpack_from(f">{colours}H", data, at)
    at += 2 * colours
    (length,) = struct.unpack_from(_LENGTH, data, at)
    at += struct.calcsize(_LENGTH)
    lines: dict[int, list[str]] = {}
    place = 0
    for run in data[at : at + length]:
        colour, count = run >> 4, (run & 15) + 1
        if colour:  # colour 0 lets through what is behind it
            lines.setdefault(palette[colour], []).append(f"M{place % width} {place // width}h{count}")
        place += count
    if place != width * height:
        return None
    return {"side": width, "paths": [[_web(ink), "".join(runs)] for ink, runs in lines.items()]}


def _web(ink: int) -> str:
    """RGB565 as pages write it."""
    red, green, blue = ink >> 11, ink >> 5 & 0x3F, ink & 0x1F
    return f"#{red * 255 // 31:02x}{green * 255 // 63:02x}{blue * 255 // 31:02x}"
