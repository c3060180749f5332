"""Draws the pictures of the README: rows of watches, both panels in their true relative size.

`python -m docs.pictures.compose` writes them beside this file, and into each the hashes of its screens, so that
`tests/screens/test_readme.py` sees when they are no longer what the watch shows.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, PngImagePlugin

from tests.screens import drawing
from tests.screens.drawing import NORMAL, Hashes
from tests.screens.pictures import as_worn, decode

FOLDER = Path(__file__).parent
ROWS = {
    "watch": (
        ("large.en", "face"),
        ("large.en", "passcode-typed"),
        ("large.en", "armed"),
        ("large.en", "sent"),
        ("large.en", "approved"),
        ("small.zh", "approved"),
    ),
    "faces": (
        ("large.en", "face-analogue"),
        ("large.en", "face-rings"),
        ("large.zh", "face-almanac"),
        ("large.en", "face-big"),
        ("large.en", "face-minimal"),
        ("small.en", "face-rings"),
    ),
    "apps": (
        ("large.en", "launcher"),
        ("large.en", "weather"),
        ("large.en", "calendar"),
        ("large.en", "music"),
        ("large.en", "activity-week"),
        ("small.zh", "quick"),
    ),
    "others": (
        ("large.en", "install"),
        ("large.en", "enrol"),
        ("large.en", "merchant-code-app"),
        ("large.en", "app-crashed"),
        ("small.zh", "install"),
    ),
}
"""Name of each picture, and its screens from left to right: variant of the gallery and name of the scene."""
SCREENS = "screens"
"""Key of the hashes in a picture's texts."""
STEP = 4
"""Between two levels of a channel: finer ones cannot be seen, and make files half as large again."""
DIAGONAL_INCHES = {"large": 2.06, "small": 1.54}
"""Data sheets of the Waveshare ESP32-S3-Touch-AMOLED-2.06 and the LilyGo T-Watch S3."""
PIXELS_PER_INCH = 220
"""Of the picture: the density of the small panel, so that its pixels stay as they are."""

BACKGROUND = (13, 14, 17)
STRAP = (30, 32, 37)
CASE = (58, 60, 66)
BEZEL = (0, 0, 0)
RIM_PX, EDGE_PX = 12, 4
"""Black glass around the pixels, and the metal around the glass."""
GAP_PX, MARGIN_PX = 44, 40
HEIGHT_PX = 520
OVERSAMPLING = 3
"""Shapes are drawn this much larger and shrunk, which smooths their edges."""

Box = tuple[int, int, int, int]


def hashes(found: Hashes, row: str) -> list[str | None]:
    """Hashes of the screens in a row."""
    return [drawing.of(found, name, variant, NORMAL) for variant, name in ROWS[row]]


def shown(row: str) -> list[str]:
    """Hashes of the screens that the committed picture shows. Raises OSError without one."""
    with Image.open(FOLDER / f"{row}.png") as picture:
        return json.loads(picture.info[SCREENS])


def screens(folder: Path, found: Hashes, row: str) -> list[tuple[Image.Image, int]]:
    """Each screen behind its glass, in the scale of the picture, and the radius of its corners."""
    drawn = []
    for (variant, _), digest in zip(ROWS[row], hashes(found, row), strict=True):
        size = variant.split(".")[0]
        width, height, corner = drawing.SIZES[size]
        pixels = (folder / size / f"{digest}.rgb565").read_bytes()
        scale = PIXELS_PER_INCH * DIAGONAL_INCHES[size] / (width**2 + height**2) ** 0.5
        worn = as_worn(decode(pixels, width, height), corner)
        small = worn.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS)
        drawn.append((small, round((corner or 8) * scale)))
    return drawn


def places(pictures: list[Image.Image]) -> tuple[list[tuple[int, int]], int]:
    """Left upper corner of each screen, and the width of the whole picture."""
    x, corners = MARGIN_PX + RIM_PX + EDGE_PX, []
    for picture in pictures:
        corners.append((x, (HEIGHT_PX - picture.height) // 2))
        x += picture.width + 2 * (RIM_PX + EDGE_PX) + GAP_PX
    return corners, x - GAP_PX + MARGIN_PX - RIM_PX - EDGE_PX


def grown(box: Box, by: int) -> Box:
    """A box with `by` pixels more on every side."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def draw_case(draw: ImageDraw.ImageDraw, box: Box, radius: int) -> None:
    """Strap, crown, case and black glass around a screen."""
    left, top, right, low = box
    inset = (right - left) // 7
    _rounded(draw, (left + inset, -radius, right - inset, HEIGHT_PX + radius), radius // 2, STRAP)
    outer, middle = RIM_PX + EDGE_PX, (top + low) // 2
    _rounded(draw, (right + outer - 6, middle - 30, right + outer + 8, middle + 30), 5, CASE)
    _rounded(draw, grown(box, outer), radius + outer, CASE)
    _rounded(draw, grown(box, RIM_PX), radius + RIM_PX, BEZEL)


def _rounded(draw: ImageDraw.ImageDraw, box: Box, radius: int, ink: tuple[int, int, int]) -> None:
    scaled = tuple(edge * OVERSAMPLING for edge in box)
    draw.rounded_rectangle(scaled, radius * OVERSAMPLING, fill=ink)


def compose(found: list[tuple[Image.Image, int]]) -> Image.Image:
    """A row of watches."""
    corners, width = places([picture for picture, _ in found])
    backdrop = Image.new("RGB", (width * OVERSAMPLING, HEIGHT_PX * OVERSAMPLING), BACKGROUND)
    draw = ImageDraw.Draw(backdrop)
    for (x, y), (picture, radius) in zip(corners, found, strict=True):
        draw_case(draw, (x, y, x + picture.width, y + picture.height), radius)
    backdrop = backdrop.resize((width, HEIGHT_PX), Image.Resampling.LANCZOS)
    for (x, y), (picture, _) in zip(corners, found, strict=True):
        backdrop.paste(picture, (x, y), picture)
    return fade(backdrop)


def fade(picture: Image.Image) -> Image.Image:
    """Let the straps go over into the background at the upper and lower edge."""
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rectangle((0, 50, picture.width, picture.height - 50), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(22))
    return Image.composite(picture, Image.new("RGB", picture.size, BACKGROUND), mask)


def _coarse(level: int) -> int:
    return level // STEP * STEP


def write() -> None:
    """Draw all rows."""
    with tempfile.TemporaryDirectory() as folder:
        names = {name for row in ROWS.values() for _, name in row}
        found = drawing.hashes(drawing.draw(folder=Path(folder), scenes=sorted(names)))
        for row in ROWS:
            texts = PngImagePlugin.PngInfo()
            texts.add_text(SCREENS, json.dumps(hashes(found, row)))
            picture = compose(screens(Path(folder), found, row)).point(_coarse)
            picture.save(FOLDER / f"{row}.png", optimize=True, pnginfo=texts)


if __name__ == "__main__":
    write()
