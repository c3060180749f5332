"""What a television makes of reports: names of controls, and which of them have changed."""

from __future__ import annotations

from collections.abc import Iterable

from tapwatch.simulator.tv.report_map import Field

_DESKTOP, _BUTTON, _CONSUMER = 0x01, 0x09, 0x0C
_BUTTONS = ("a", "b", "c", "x", "y", "z", "l1", "r1", "l2", "r2", "select", "start")
"""Usages 1 to 12 of the button page, as Linux names them on a gamepad."""
NAMES: dict[tuple[int, int], str] = {
    (_DESKTOP, 0x30): "x",
    (_DESKTOP, 0x31): "y",
    (_DESKTOP, 0x32): "tilt-x",
    (_DESKTOP, 0x35): "tilt-y",
    (_DESKTOP, 0x39): "hat",
    **{(_BUTTON, number + 1): f"button-{name}" for number, name in enumerate(_BUTTONS)},
    (_CONSUMER, 0xE9): "louder",
    (_CONSUMER, 0xEA): "quieter",
    (_CONSUMER, 0xE2): "mute",
    (_CONSUMER, 0xCD): "play",
    (_CONSUMER, 0xB5): "next",
    (_CONSUMER, 0xB6): "previous",
    (_CONSUMER, 0x223): "home",
    (_CONSUMER, 0x224): "back",
    (_CONSUMER, 0x40): "menu",
    (_CONSUMER, 0x30): "power",
    (_CONSUMER, 0x42): "up",
    (_CONSUMER, 0x43): "down",
    (_CONSUMER, 0x44): "left",
    (_CONSUMER, 0x45): "right",
    (_CONSUMER, 0x41): "ok",
}
"""(usage page, usage) to the name that the page knows."""


class Controls:
    """The state of one controller."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = [(NAMES[one.page, one.usage], one) for one in fields if (one.page, one.usage) in NAMES]
        self._now: dict[str, int] = {name: 0 for name, _ in self._fields}

    def take(self, report: int, data: bytes) -> dict[str, int]:
        """What a report changes: name to value. Buttons are 0 or 1, axes -127 to 127, the hat 0 to 8."""
        changes = {}
        for name, field in self._fields:
            if field.report == report:
                value = field.read(data) or 0
                if value != self._now[name]:
                    self._now[name] = changes[name] = value
        return changes

    def release(self) -> dict[str, int]:
        """The controller has gone: nothing is held any more."""
        changes = {name: 0 for name, value in self._now.items() if value}
        self._now.update(changes)
        return changes
