"""Icons of apps as SVG: the strokes of the watch's own icons on the app's colour, or the first letter of its name."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import Any

from tapwatch.assets.icons import GRID, ICONS, STROKE

_TILE = 40
_INSET = (_TILE - GRID) // 2
_RADIUS = 11
_ROUND = 360
_OWN = 0.75
"""Part of the tile that an app's own picture takes, as on the discs of the watch."""
_LIGHT = 150
"""Brightness (ITU-R BT.601, 0 to 255) from which the strokes are dark."""


def tile(icon: str, colour: int, name: str, picture: Mapping[str, Any] | None = None) -> str:
    """The icon of an app: an `svg` element without anything from elsewhere. `picture`: one of its own (icon_paths)."""
    ink = "#111" if _brightness(colour) > _LIGHT else "#fff"
    strokes = ICONS.get(icon)
    if picture is not None:
        inside = _own(picture)
    elif strokes is None:
        inside = (
            f'<text x="20" y="27" text-anchor="middle" font-size="20" font-weight="600" fill="{ink}">'
            f"{html.escape(name[:1].upper())}</text>"
        )
    else:
        drawn = "".join(_stroke(stroke, ink) for stroke in strokes)
        inside = (
            f'<g transform="translate({_INSET} {_INSET})" fill="none" stroke="{ink}" stroke-width="{STROKE}" '
            f'stroke-linecap="round" stroke-linejoin="round">{drawn}</g>'
        )
    return (
        f'<svg viewBox="0 0 {_TILE} {_TILE}" aria-hidden="true">'
        f'<rect width="{_TILE}" height="{_TILE}" rx="{_RADIUS}" fill="#{colour:06x}"/>{inside}</svg>'
    )


def _own(picture: Mapping[str, Any]) -> str:
    """The picture in the middle of the tile."""
    scale = _TILE * _OWN / picture["side"]
    edge = _TILE * (1 - _OWN) / 2
    drawn = "".join(f'<path stroke="{ink}" d="{path}"/>' for ink, path in picture["paths"])
    place = f"translate({edge:g} {edge + scale / 2:g}) scale({scale:g})"
    return f'<g transform="{place}" shape-rendering="crispEdges">{drawn}</g>'


def _brightness(colour: int) -> float:
    red, green, blue = colour >> 16, colour >> 8 & 0xFF, colour & 0xFF
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _stroke(stroke: tuple, ink: str) -> str:
    """One stroke of `tapwatch.assets.icons`."""
    kind, *numbers = stroke
    if kind == "line":
        points = " ".join(f"{x:g},{y:g}" for x, y in zip(numbers[::2], numbers[1::2], strict=True))
        return f'<polyline points="{points}"/>'
    if kind == "arc":
        return _arc(*numbers)
    if kind == "box":
        left, top, right, bottom, radius = numbers
        return f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}" rx="{radius:g}"/>'
    x, y, radius = numbers
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{ink}" stroke="none"/>'


def _arc(x: float, y: float, radius: float, start: float, end: float) -> str:
    if end - start >= _ROUND:
        return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'
    first, last = (
        (x + radius * math.cos(math.radians(turn)), y + radius * math.sin(math.radians(turn))) for turn in (start, end)
    )
    large = int(end - start > _ROUND / 2)
    return f'<path d="M{first[0]:.2f} {first[1]:.2f}A{radius:g} {radius:g} 0 {large} 1 {last[0]:.2f} {last[1]:.2f}"/>'
