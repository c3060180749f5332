"""Pictures of a project: PNG files become runs of at most 16 colours (docs/bundles.md, "Pictures")."""

from __future__ import annotations

import io
from itertools import groupby

from PIL import Image, UnidentifiedImageError

from tapwatch.apps.faults import Fault

MAGIC = b"TWI1"
PANELS = ("small", "large")
"""Order of the pictures in a file; NAME.small.png and NAME.large.png, or NAME.png for both."""
ICON = "icon"
ICON_PX = {"small": 44, "large": 72}
"""Width and height of an app's own icon."""
MOST_PX = {"small": 240, "large": 502}
MOST_COLOURS = 16
MOST_BYTES = 65_536
_LONGEST_RUN = 16
_SEE_THROUGH = 0
"""Colour 0 of each picture: where the picture lets through what is behind it."""
_OPAQUE = 128


def convert(pictures: dict[str, bytes]) -> tuple[dict[str, bytes], list[Fault]]:
    """`NAME.img` files from PNG files by name without `.png`, and what is wrong with them."""
    made: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name in sorted({name.partition(".")[0] for name in pictures}):
        try:
            parts = [_picture(*_source(name, panel, pictures), name, panel) for panel in PANELS]
        except _PictureProblem as error:
            faults.append(Fault(error.file, 0, 0, "picture", str(error)))
            continue
        made[name + ".img"] = MAGIC + b"".join(len(part).to_bytes(4, "big") for part in parts) + b"".join(parts)
        if len(made[name + ".img"]) > MOST_BYTES:
            faults.append(Fault(name + ".png", 0, 0, "picture", f"converted it has more than {MOST_BYTES} bytes"))
    known = {stem + end for stem in (one[:-4] for one in made) for end in ("", ".small", ".large")}
    strange = [name for name in pictures if name.partition(".")[0] + ".img" in made and name not in known]
    faults += [Fault(f"{name}.png", 0, 0, "picture", "an ending is `.small` or `.large`") for name in strange]
    return made, faults


class _PictureProblem(ValueError):
    def __init__(self, file: str, message: str) -> None:
        super().__init__(message)
        self.file = file


def _source(name: str, panel: str, pictures: dict[str, bytes]) -> tuple[str, bytes]:
    for one in (f"{name}.{panel}", name):
        if one in pictures:
            return one + ".png", pictures[one]
    raise _PictureProblem(f"{name}.png", f"{name}.{panel}.png is missing, and there is no {name}.png for both panels")


def _picture(file: str, data: bytes, name: str, panel: str) -> bytes:
    """One picture: width, height, number of colours, their RGB565, length of the runs, runs row by row."""
    image = _open(file, data)
    if name == ICON:
        side = ICON_PX[panel]
        if image.width != image.height:
            raise _PictureProblem(file, "an icon is a square")
        if image.width != side:
            image = image.resize((side, side), Image.Resampling.BOX)
    if max(image.size) > MOST_PX[panel]:
        raise _PictureProblem(file, f"{image.width} x {image.height} pixels; at most {MOST_PX[panel]} each way")
    colours, pixels = _reduced(image)
    runs = _runs(pixels, image.width)
    head = image.width.to_bytes(2, "big") + image.height.to_bytes(2, "big") + bytes([len(colours)])
    return head + b"".join(one.to_bytes(2, "big") for one in colours) + len(runs).to_bytes(4, "big") + runs


def _open(file: str, data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG",))
        if max(image.size) > 4 * MOST_PX["large"]:
            raise _PictureProblem(file, f"{image.width} x {image.height} pixels are too many")
        return image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, _PictureProblem):
            raise
        raise _PictureProblem(file, "no PNG that can be read") from error


def _reduced(image: Image.Image) -> tuple[list[int], list[int]]:
    """The colours as RGB565, the first one see-through, and the number of the colour of each pixel."""
    flat = image.convert("RGB")
    palette = flat.quantize(MOST_COLOURS - 1, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table = palette.getpalette() or []
    opaque = [value >= _OPAQUE for value in image.getchannel("A").tobytes()]
    used: dict[int, int] = {}
    pixels = []
    for index, seen in zip(palette.tobytes(), opaque, strict=True):
        if not seen:
            pixels.append(_SEE_THROUGH)
            continue
        red, green, blue = table[3 * index : 3 * index + 3]
        pixels.append(used.setdefault(red >> 3 << 11 | green >> 2 << 5 | blue >> 3, len(used) + 1))
    return [0, *used], pixels


def _runs(pixels: list[int], width: int) -> bytes:
    """Colour in the upper half of a byte, length less one in the lower; no run goes over the end of a row."""
    runs = bytearray()
    for start in range(0, len(pixels), width):
        for colour, group in groupby(pixels[start : start + width]):
            length = len(list(group))
            while length:
                part = min(length, _LONGEST_RUN)
                runs.append(colour << 4 | part - 1)
                length -= part
    return bytes(runs)
