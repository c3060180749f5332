"""Draws two pictures of docs/hardware.md: the keys of the T-Watch Ultra, and how to hold a watch to a reader.

`python -m docs.pictures.hold` writes them into `docs/pictures/hardware/`. They are sketches, to no scale.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parent / "hardware"
FINE = 3
"""Drawn so many times larger, then made smaller: smooth edges."""
PAPER, INK, SOFT, WATCH, GLASS = "#ffffff", "#1d2430", "#6b7686", "#3a4250", "#0d1015"
COIL, GOOD, BAD, STEEL = "#2f7de1", "#1f8a4c", "#c0392b", "#aab3bf"


class Sketch:
    """A sheet with lengths in pixels of the picture."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGB", (width * FINE, height * FINE), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def box(
        self, x: float, y: float, w: float, h: float, fill: str, radius: float = 6, edge: str | None = None
    ) -> None:
        """A rectangle with round corners."""
        corners = [value * FINE for value in (x, y, x + w, y + h)]
        self._draw.rounded_rectangle(corners, radius * FINE, fill=fill, outline=edge or None, width=FINE)

    def line(self, points: list[tuple[float, float]], colour: str, width: float = 1.5) -> None:
        """Straight pieces."""
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * FINE), joint="curve")

    def text(self, x: float, y: float, words: str, size: int = 15, colour: str = INK, anchor: str = "mm") -> None:
        """One line; `anchor` as Pillow has it."""
        font = ImageFont.load_default(size * FINE)
        self._draw.text((x * FINE, y * FINE), words, fill=colour, font=font, anchor=anchor)

    def field(self, x: float, top: float, bottom: float, spread: float) -> None:
        """Lines of a field out of a coil at `bottom`, which spread the further they get."""
        for side in (-2, -1, 0, 1, 2):
            points = []
            for step in range(21):
                part = step / 20
                bow = side * (10 + spread * part**1.6)
                points.append((x + bow, bottom - part * (bottom - top)))
            self.line(points, COIL, 1)

    def mark(self, x: float, y: float, good: bool) -> None:
        """A tick or a cross."""
        if good:
            self.line([(x - 9, y), (x - 3, y + 8), (x + 10, y - 9)], GOOD, 4)
            return
        self.line([(x - 8, y - 8), (x + 8, y + 8)], BAD, 4)
        self.line([(x - 8, y + 8), (x + 8, y - 8)], BAD, 4)

    def picture(self) -> Image.Image:
        """What is saved: smaller, with a palette."""
        width, height = self._image.size
        small = self._image.resize((width // FINE, height // FINE), Image.Resampling.LANCZOS)
        return small.quantize(256, Image.Quantize.FASTOCTREE)


def keys() -> Sketch:
    """The T-Watch Ultra from the front, as its maker's page draws it."""
    sketch = Sketch(620, 330)
    sketch.box(240, 0, 140, 60, SOFT, 10)
    sketch.box(240, 270, 140, 60, SOFT, 10)
    sketch.box(215, 35, 190, 260, WATCH, 34)
    sketch.box(229, 51, 162, 228, GLASS, 44)
    sketch.text(310, 165, "410 x 502", 17, STEEL)
    for y, words, note in ((95, "power key", "switches on and off"), (225, "BOOT", "side button of the watch")):
        sketch.box(207, y - 22, 9, 44, STEEL, 3)
        sketch.line([(203, y), (165, y)], SOFT)
        sketch.text(158, y - 10, words, 16, INK, "rm")
        sketch.text(158, y + 11, note, 13, SOFT, "rm")
    for y, height, words, note in (
        (95, 30, "USB-C", "charges, flashes"),
        (165, 10, "reset", "a click starts anew"),
        (225, 34, "SD card", "its supply is off"),
    ):
        sketch.box(404, y - height / 2, 9, height, STEEL, 3)
        sketch.line([(417, y), (455, y)], SOFT)
        sketch.text(462, y - 10, words, 16, INK, "lm")
        sketch.text(462, y + 11, note, 13, SOFT, "lm")
    return sketch


def hold() -> Sketch:
    """Four ways to hold a watch to a reader, from the side."""
    sketch = Sketch(920, 300)
    titles = (("flat, close, still", True), ("on its edge", False), ("too far", False), ("metal between", False))
    for place, (title, good) in enumerate(titles):
        x = 115 + 230 * place
        _reader(sketch, x)
        (_flat, _edge, _far, _metal)[place](sketch, x)
        sketch.mark(x - 84, 279, good)
        sketch.text(x - 62, 279, title, 16, GOOD if good else BAD, "lm")
    return sketch


def _reader(sketch: Sketch, x: float) -> None:
    """A reader with its coil, lying."""
    sketch.box(x - 85, 205, 170, 42, "#e8ecf1", 8, STEEL)
    sketch.line([(x - 55, 212), (x + 55, 212)], COIL, 4)
    sketch.text(x, 232, "reader", 13, SOFT)


def _watch(sketch: Sketch, x: float, y: float) -> None:
    """A watch, glass down, with its coil."""
    sketch.box(x - 48, y, 96, 26, WATCH, 9)
    sketch.line([(x - 34, y + 20), (x + 34, y + 20)], COIL, 4)
    for side in (-1, 1):
        sketch.line([(x + side * 48, y + 8), (x + side * 66, y - 12), (x + side * 62, y - 42)], SOFT, 8)


def _flat(sketch: Sketch, x: float) -> None:
    sketch.field(x, 150, 212, 10)
    _watch(sketch, x, 160)


def _edge(sketch: Sketch, x: float) -> None:
    sketch.field(x, 80, 212, 22)
    sketch.box(x - 13, 100, 26, 96, WATCH, 9)
    sketch.line([(x + 7, 114), (x + 7, 182)], COIL, 4)


def _far(sketch: Sketch, x: float) -> None:
    sketch.field(x, 120, 212, 24)
    _watch(sketch, x, 62)
    sketch.line([(x + 80, 92), (x + 80, 204)], INK)
    for y, way in ((92, 1), (204, -1)):
        sketch.line([(x + 74, y + 8 * way), (x + 80, y), (x + 86, y + 8 * way)], INK)


def _metal(sketch: Sketch, x: float) -> None:
    sketch.field(x, 194, 212, 4)
    sketch.box(x - 70, 186, 140, 8, STEEL, 2, SOFT)
    _watch(sketch, x, 152)


SKETCHES = {"ultra-keys": keys, "hold": hold}
"""Name of each file, and who draws it."""


def main() -> None:
    """Write both."""
    for name, sketch in SKETCHES.items():
        sketch().picture().save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
