"""The form of a result, and how a list of them is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Row:
    """One line of bench.json."""

    metric: str
    """Room first, unit last. `_est` behind the unit: an estimate."""
    value: float
    unit: str
    peer: str = ""
    """Who else was measured in the same run, and what; or what the value is held against."""
    peer_value: float | None = None
    ratio: float | None = None
    """Ours by theirs."""

    def beside(self, peer: str, peer_value: float) -> Row:
        """Set what this value is compared with."""
        self.peer, self.peer_value = peer, round(peer_value, 1)
        self.ratio = round(self.value / peer_value, 3)
        return self


def table(rows: list[Row]) -> str:
    """The rows for a person."""
    lines = [f"{'metric':<44} {'value':>14}  {'unit':<34} peer"]
    for row in rows:
        peer = f"{row.peer}: {row.peer_value:,}  x{row.ratio}" if row.peer_value is not None else ""
        lines.append(f"{row.metric:<44} {row.value:>14,}  {row.unit:<34} {peer}".rstrip())
    return "\n".join(lines)
