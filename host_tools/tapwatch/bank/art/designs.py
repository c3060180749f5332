"""One picture for each card product: flat tones of its accent, light where label and number stand, no scheme's marks.

Coordinates are those of the large picture, 320 by 200. The number stands in the lower left, up to x 208, where only
tones that leave it readable may be. A small box shows the middle of the picture, 280 by 176.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tapwatch.bank.art.sheet import HEIGHT, WIDTH, Sheet
from tapwatch.bank.products import PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tapwatch.bank.art.form import Picture


def pictures(product: str) -> tuple[Picture, ...]:
    """Draw the card of a product, small and large."""
    return _DESIGNS[product](PRODUCTS[product].accent).pictures()


def _swell(accent: int) -> Sheet:
    """A sea that rises to the right."""
    sheet = Sheet(accent, 0.3)
    for layer, tone in enumerate((0.16, 0.02, -0.14, -0.32, -0.52, -0.72)):

        def height(x: float, layer: int = layer) -> float:
            rise = (x / WIDTH) ** (1.5 + layer * 0.5) * (178 - layer * 18)
            return 206 + layer * 9 - rise + 7 * math.sin(x / (34 + 5 * layer) + layer * 1.7)

        sheet.below(height, tone)
    return sheet


def _ripples(accent: int) -> Sheet:
    """Rings around a point near the right edge."""
    sheet = Sheet(accent, 0.3)
    for ring, tone in enumerate((0.18, 0.07, -0.06, -0.2, -0.35, -0.5, -0.65, -0.8)):
        sheet.disc((WIDTH - 22 + ring * 3, 118 + ring * 2), 196 - ring * 24, tone)
    return sheet


def _facets(accent: int) -> Sheet:
    """A cut stone: triangles between the points of a bent grid, darker to the lower right."""
    sheet = Sheet(accent, 0.3)
    for column in range(7):
        for row in range(5):
            upper = _facet_corner(column, row), _facet_corner(column + 1, row)
            lower = _facet_corner(column, row + 1), _facet_corner(column + 1, row + 1)
            for triangle, turn in (((*upper, lower[1]), 0.0), ((upper[0], *lower), 1.8)):
                x = sum(point[0] for point in triangle) / 3 / WIDTH
                y = sum(point[1] for point in triangle) / 3 / HEIGHT
                depth = max(0.0, x - 0.3) * (0.25 + y * 1.7)
                gleam = math.sin(column * 1.9 + row * 3.1 + turn) * 0.08
                sheet.polygon(triangle, round((0.32 - depth + gleam) * 9) / 9)
    return sheet


def _facet_corner(column: int, row: int) -> tuple[float, float]:
    """A point of the grid, moved off its place."""
    sway = math.sin(column * 2.4 + row * 1.3), math.cos(column * 1.1 - row * 2.7)
    return column * 64 - 38 + sway[0] * 17, row * 56 - 22 + sway[1] * 15


def _dunes(accent: int) -> Sheet:
    """A low sun over sand."""
    sheet = Sheet(accent, 0.28)
    for ring, tone in enumerate((0.38, 0.54, 0.82)):
        sheet.disc((236, 82), 60 - ring * 14, tone)
    # Height, swing, length, phase and tone of each ridge.
    ridges = ((104, 16, 92, 0.4, 0.1), (128, 18, 74, 2.2, -0.08), (152, 17, 88, 4.4, -0.3), (184, 14, 66, 0.9, -0.56))
    for level, swing, length, phase, tone in ridges:

        def height(x: float, ridge: tuple[float, ...] = (level, swing, length, phase)) -> float:
            base, sway, wave, start = ridge
            return base + max(0.0, 1 - x / 300) ** 2 * 170 + sway * math.sin(x / wave + start)

        sheet.below(height, tone)
    return sheet


def _ribbons(accent: int) -> Sheet:
    """Bands that come from the upper right and fold down."""
    sheet = Sheet(accent, 0.24)
    for band, tone in enumerate((0.12, 0.03, -0.06, -0.15, -0.24)):
        left, fold = 156 + band * 36, 78 + band * 13
        sheet.polygon([(left + 90, -1), (WIDTH, -1), (WIDTH, fold), (left, fold)], tone)
        sheet.polygon([(left, fold), (WIDTH, fold), (WIDTH, HEIGHT), (left + 44, HEIGHT)], tone * 2 - 0.3)
    return sheet


def _lines(accent: int) -> Sheet:
    """A map of lines that change direction together, with a stop and a place to change."""
    sheet = Sheet(accent, 0.24)
    for line, tone in enumerate((0.5, 0.0, -0.26, -0.5, -0.74)):
        x, y, shift = 214 + line * 17, 88 + line * 17, line * 7  # 7: where parallel lines turn, half of 45 degrees
        sheet.line([(340, y), (258 + shift, y), (x, 132 + shift), (x, 220)], 10, tone)
    change = [(282, 88), (282, 105)]
    sheet.line(change, 24, -0.8)
    sheet.line(change, 13, 0.92)
    sheet.disc((265, 168), 14, -0.8)
    sheet.disc((265, 168), 8, 0.92)
    return sheet


def _dots(accent: int) -> Sheet:
    """A plain grid of dots that grow to the right: a card for test benches."""
    sheet = Sheet(accent, 0.24)
    step = 20
    for column in range(11, WIDTH // step):
        for row in range(2, HEIGHT // step):
            growth = (column - 7) * 0.62 + (row - 4) * 0.6
            if growth > 1:
                sheet.disc(((column + 0.5) * step, (row + 0.5) * step), growth, -round(growth) * 0.12)
    return sheet


_DESIGNS: Mapping[str, Callable[[int], Sheet]] = {
    "visa-18": _swell,
    "visa-22": _ripples,
    "visa-43": _facets,
    "mastercard-14": _dunes,
    "mastercard-15": _ribbons,
    "closed-loop": _lines,
    "contact-test": _dots,
}
