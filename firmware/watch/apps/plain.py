"""What apps get of MicroPython's own modules, none of which they can import: angles, roots, and JSON."""

import json
import math

from micropython import const

from watch.apps import fuel
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

PI = math.pi
_LONGEST_JSON = const(16384)
"""Characters; more than twice the longest answer of the web."""
_JSON_UNITS = const(100)
"""Fuel, whatever the text: there is a look at the clock before each."""


def sin(angle: float) -> float:
    """Of an angle in radians."""
    return math.sin(angle)


def cos(angle: float) -> float:
    """Of an angle in radians."""
    return math.cos(angle)


def atan2(y: float, x: float) -> float:
    """The angle of a point seen from the origin, -PI to PI."""
    return math.atan2(y, x)


def sqrt(value: float) -> float:
    """The square root. Raises ValueError for a negative number."""
    return math.sqrt(value)


def parse_json(text: str) -> "Any":
    """Dicts, lists, texts, numbers, bools and None out of a text of at most 16,384 characters.

    Raises ValueError for a text that is no JSON, InputError for what is too long or no text.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_JSON:
        raise InputError("json")
    fuel.use(_JSON_UNITS)
    return json.loads(text)
