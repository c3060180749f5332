"""What screens cost: the dearest one to open, a finger to the first strip that answers it, the hands of a watch."""

from __future__ import annotations

from tests.bench import measure
from tests.bench.rows import Row

SIZES = {"small": "240x240", "large": "410x502"}


def openings() -> list[Row]:
    """The screens that take most instructions, and most bytes, to be put in front and drawn."""
    counted = measure.counted("openings")
    rows = []
    for panel, size in SIZES.items():
        costs = _of(panel, counted.cost)
        costs.pop("warm-up")
        sent = _of(panel, counted.notes)
        dearest, largest = max(costs, key=costs.__getitem__), max(sent, key=sent.__getitem__)
        unit = f"instructions, {dearest} of {len(costs)} screens"
        rows.append(Row(f"screen.open.{size}.instructions", costs[dearest], unit))
        rows.append(Row(f"screen.open.{size}.bytes", sent[largest], f"bytes, {largest} of {len(sent)} screens"))
    return rows


def touches() -> list[Row]:
    """From the report of the touch panel to the end of the first strip that the display gets."""
    counted = measure.counted("touches")
    return [
        Row(f"touch.first_strip.{size}.instructions", counted.cost[f"{panel}/touch"], "instructions, a key is pressed")
        for panel, size in SIZES.items()
    ]


def gamepad() -> list[Row]:
    """From the report of the touch panel to the call that hands a report of the gamepad to the Bluetooth stack."""
    counted = measure.counted("gamepad")
    return [
        Row(f"gamepad.{name}_to_notify.{size}.instructions", counted.cost[f"{panel}/{what}"], f"instructions, {text}")
        for panel, size in SIZES.items()
        for what, name, text in (("a", "key", "a key is pressed"), ("pad", "stick", "the thumb moves"))
    ]


def hands() -> list[Row]:
    """The analogue face: instructions on average, and the most bytes."""
    counted = measure.counted("hands")
    rows = []
    for panel, size in SIZES.items():
        for kind in ("full", "minute", "second"):
            cost = counted.cost[f"{panel}/{kind}"] // (1 if kind == "full" else counted.notes["frames"])
            rows.append(Row(f"face.analogue.{kind}.{size}.instructions", cost, f"instructions, {size}"))
            rows.append(Row(f"face.analogue.{kind}.{size}.bytes", counted.notes[f"{panel}/{kind}"], f"bytes, {size}"))
    return rows


def _of(panel: str, values: dict[str, int]) -> dict[str, int]:
    """Values of one panel, by the rest of their names."""
    return {name.split("/", 1)[1]: value for name, value in values.items() if name.startswith(panel + "/")}
