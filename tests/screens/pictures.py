"""Turns what a panel holds into pictures."""

from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

_CHANGED = (255, 0, 200)
"""Nothing on the watch has this colour."""
_DIMMED = 0.35


def decode(pixels: bytes, width: int, height: int) -> Image.Image:
    """An RGB picture of big-endian RGB565, each channel stretched to 8 bits."""
    little_endian = bytearray(len(pixels))
    little_endian[::2], little_endian[1::2] = pixels[1::2], pixels[::2]
    return Image.frombytes("RGB", (width, height), bytes(little_endian), "raw", "BGR;16")


def as_worn(picture: Image.Image, corner_px: int) -> Image.Image:
    """The picture behind its glass: round corners, transparent outside."""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), corner_px or 8, fill=255)
    worn = picture.convert("RGBA")
    worn.putalpha(mask)
    return worn


def save(pixels: Path, picture: Path, width: int, height: int) -> None:
    """Turn a file of pixels into a PNG file."""
    decode(pixels.read_bytes(), width, height).save(picture, compress_level=3)


def difference(before: Image.Image, after: Image.Image) -> Image.Image:
    """The later picture, dimmed, with every pixel that changed in a loud colour."""
    changed = ImageChops.difference(before, after).point(lambda value: 255 if value else 0)
    red, green, blue = changed.split()
    mask = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    dimmed = after.point(lambda value: int(value * _DIMMED))
    return Image.composite(Image.new("RGB", after.size, _CHANGED), dimmed, mask)
