"""The file of one card's art: two pictures of at most 16 colours, run-length coded (docs/formats.md "Card art")."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

MAGIC = b"TWA1"
MAX_BYTES = 24_576
SIZES = ((160, 100), (320, 200))
"""Width and height for small and large panels, in the order of the file."""
MAX_COLOURS = 16
_MAX_RUN = 16


class ArtProblem(ValueError):
    """Bytes that are no card art, or a picture that cannot be one."""


@dataclass(frozen=True)
class Picture:
    """Pixels by row, each an index into the colours."""

    width: int
    height: int
    colours: tuple[int, ...]
    """RGB565."""
    pixels: bytes


def encode(pictures: tuple[Picture, ...]) -> bytes:
    """Return the file. Raises ArtProblem if it breaks a rule of the format."""
    if tuple((picture.width, picture.height) for picture in pictures) != SIZES:
        raise ArtProblem("card art is two pictures, 160 by 100 and 320 by 200")
    data = MAGIC + b"".join(_encode_picture(picture) for picture in pictures)
    if len(data) > MAX_BYTES:
        raise ArtProblem(f"card art of {len(data)} bytes; at most {MAX_BYTES}")
    return data


def decode(data: bytes) -> tuple[Picture, ...]:
    """Return the pictures of a file. Raises ArtProblem."""
    if len(data) > MAX_BYTES or not data.startswith(MAGIC):
        raise ArtProblem("this is no card art")
    at, pictures = len(MAGIC), []
    for size in SIZES:
        picture, at = _decode_picture(data, at, size)
        pictures.append(picture)
    if at != len(data):
        raise ArtProblem("there are bytes after the pictures")
    return tuple(pictures)


def _encode_picture(picture: Picture) -> bytes:
    if not 1 <= len(picture.colours) <= MAX_COLOURS or max(picture.pixels) >= len(picture.colours):
        raise ArtProblem(f"a picture has 1 to {MAX_COLOURS} colours")
    runs = bytearray()
    for row in range(picture.height):
        for colour, group in groupby(picture.pixels[row * picture.width : (row + 1) * picture.width]):
            length = len(list(group))
            while length:
                part = min(length, _MAX_RUN)
                runs.append(colour << 4 | part - 1)
                length -= part
    size = picture.width.to_bytes(2, "big") + picture.height.to_bytes(2, "big")
    colours = b"".join(colour.to_bytes(2, "big") for colour in picture.colours)
    return size + bytes((len(picture.colours),)) + colours + len(runs).to_bytes(2, "big") + runs


def _decode_picture(data: bytes, at: int, size: tuple[int, int]) -> tuple[Picture, int]:
    width, at = _number(data, at, 2)
    height, at = _number(data, at, 2)
    count, at = _number(data, at, 1)
    if (width, height) != size or not 1 <= count <= MAX_COLOURS:
        raise ArtProblem("a picture has another size or another number of colours than it may")
    colours = []
    for _ in range(count):
        colour, at = _number(data, at, 2)
        colours.append(colour)
    length, at = _number(data, at, 2)
    if at + length > len(data):
        raise ArtProblem("the runs are cut short")
    return Picture(width, height, tuple(colours), _pixels(data[at : at + length], size, count)), at + length


def _pixels(runs: bytes, size: tuple[int, int], count: int) -> bytes:
    width, height = size
    pixels = bytearray()
    for run in runs:
        length = (run & 0x0F) + 1
        if run >> 4 >= count or len(pixels) % width + length > width:
            raise ArtProblem("a run has no colour or goes over the end of its row")
        pixels += bytes((run >> 4,)) * length
    if len(pixels) != width * height:
        raise ArtProblem("the runs do not fill the picture")
    return bytes(pixels)


def _number(data: bytes, at: int, size: int) -> tuple[int, int]:
    if at + size > len(data):
        raise ArtProblem("card art is cut short")
    return int.from_bytes(data[at : at + size], "big"), at + size
