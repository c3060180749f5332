"""Starts a motion sensor, with its program if the owner has put the file on the watch. None is shipped."""

import errno

from micropython import const

from board.parts.motion import RISING, Motion

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.parts.findings import Findings
    from board.parts.motion import InterruptPin, Sensor

BMA423_PROGRAM = "/files/bma423.bin"
BHI260AP_FIRMWARE = "/files/bhi260.bin"
"""Where the owner puts them, below the root of `vfs`."""
_END = const(2)


def start_sensor(
    name: str,
    sensor: "Sensor",
    axes: "tuple[int, int, int]",
    interrupt: "Optional[InterruptPin]",
    program: "Optional[str]",
    found: "Findings",
    edge: int = RISING,
) -> "Optional[Motion]":
    """The `ports.Motion` of a sensor; None, and a word among the findings, if it does not work.

    `program` is the path of what the chip can be told, None if there is no such thing. Without the file it does what it
    can: a BMA423 measures, a BHI260AP sleeps.
    """
    texts: "list[str]" = []

    def begin() -> None:
        texts[:] = [_begin(sensor, program)]

    if not found.attempt(name, begin):
        return None
    finding = getattr(sensor, "finding", "")
    if finding:
        found.add(name, finding)
    if texts[0]:
        found.add(name, texts[0])
    if getattr(sensor, "awake", True):
        return Motion(sensor, axes, interrupt, edge)
    if not texts[0]:
        found.add(name, "firmware of the sensor hub is not on the watch")
    return None


def _begin(sensor: "Sensor", program: "Optional[str]", opened: "Callable[..., Any]" = open) -> str:
    """Start it; what was wrong with the file, or nothing. Raises OSError of the chip."""
    file = None
    if program is not None:
        try:
            file = opened(program, "rb")
        except OSError as problem:
            if problem.errno != errno.ENOENT:
                sensor.start()
                return "%s cannot be read (error %s)" % (program, problem.errno)
    if file is None:
        sensor.start()
        return ""
    try:
        length = file.seek(0, _END)
        file.seek(0)
        sensor.start(file, length)
    except ValueError as problem:
        return "%s: %s" % (program, problem)
    finally:
        file.close()
    return ""
