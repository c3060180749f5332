"""What the digital face costs on both panels, next to wasp-os's on the smaller one."""

from __future__ import annotations

from tests.bench import measure, wasp
from tests.bench.rows import Row

_SCRIPT = "tests/screens/face_cost.py"
_PANELS = (("small", "240x240", ""), ("large", "410x502", "410x502."))
"""Name, size, and what stands in the metric."""


def rows() -> list[Row]:
    """Bytes and instructions of each kind of frame."""
    peer, theirs = wasp.costs()
    found = []
    for panel, size, tag in _PANELS:
        for kind, (few, many) in wasp.KINDS.items():
            sent = int(measure.run(_SCRIPT, panel, kind, "3").stdout)
            count = measure.slope(_SCRIPT, panel, kind, few=few, many=many)
            pair = [
                Row(f"face.{kind}.{tag}bytes", sent, f"bytes, {size}"),
                Row(f"face.{kind}.{tag}instructions", count, f"instructions, {size}"),
            ]
            if panel == "small":
                pair[0].beside(peer, theirs[kind].bytes)
                pair[1].beside(peer, theirs[kind].instructions)
            found += pair
    return found
