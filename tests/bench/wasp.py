"""What wasp-os's digital clock face costs on 240x240, counted as ours is.

wasp-os (https://github.com/wasp-os/wasp-os) is under the LGPL and no part of this repository: its face runs out of a
checkout that TAPWATCH_WASP_OS names. Without one its figures are those that were counted earlier.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.bench import measure

VARIABLE = "TAPWATCH_WASP_OS"
FACE = "wasp-os digital face, 240x240"
KINDS = {"full": (2, 6), "minute": (5, 25), "second": (10, 410)}
"""Frames by kind, and the numbers of repetitions between which the slope is taken."""
_SCRIPT = "tests/bench/wasp_face.py"
_FILES = ("wasp/draw565.py", "wasp/widgets.py", "wasp/drivers/st7789.py")


@dataclass(frozen=True)
class Cost:
    """What one frame costs."""

    bytes: int
    instructions: int


COUNTED_EARLIER = {
    "full": Cost(161_152, 5_508_366),
    "minute": Cost(38_097, 4_102_297),
    "second": Cost(3_350, 381_483),
}
"""Counted on 2026-11-22 with TAPWATCH_WASP_OS set, on x86-64, with the MicroPython of requirements/.

The checkout was put together from single files, as far as the face uses them: apps/clock.py of commit 4b7cf885,
draw565.py of 0004ff9e, fonts/clock.py of 0c4754fc, icons.py of dce7cdc9 (fork jb1080), drivers/st7789.py of 416099d4
(fork Bidaya0), and widgets.py as it is since it has the status bar, of no known commit. fonts/sans24.py was made anew
from DejaVu Sans by the tool that its head names and agrees with 3ded49c5 in the index and the date's figures and
letters. fonts/clock.py was encoded in the newer form, two bits a pixel: a whole face is 6 % cheaper so. The bytes are
those that had been counted before, from another copy.
"""


def costs() -> tuple[str, dict[str, Cost]]:
    """Whose figures these are, and what frames cost by kind. Raises BenchError for a checkout without the face."""
    checkout = os.environ.get(VARIABLE)
    if not checkout:
        return f"{FACE}, counted earlier", COUNTED_EARLIER
    root = checked(Path(checkout))
    return f"{FACE}, same run", {kind: Cost(sent(root, kind), _instructions(root, kind)) for kind in KINDS}


def checked(checkout: Path) -> Path:
    """The absolute path of a checkout. Raises BenchError if it is none."""
    root = checkout.expanduser().resolve()
    missing = [name for name in _FILES if not (root / name).is_file()]
    if missing:
        raise measure.BenchError(f"{VARIABLE}: {root} is no checkout of wasp-os, {missing[0]} is missing")
    return root


def sent(root: Path, kind: str) -> int:
    """Bytes to the panel for one frame."""
    return int(measure.run(_SCRIPT, str(root), kind, "3").stdout)


def _instructions(root: Path, kind: str) -> int:
    few, many = KINDS[kind]
    return measure.slope(_SCRIPT, str(root), kind, few=few, many=many)
