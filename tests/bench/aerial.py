"""What Bluetooth costs: a notification, a part of a message, a terminal's command, a report to a television."""

from __future__ import annotations

from tests.bench import measure
from tests.bench.rows import Row

_KINDS = (
    ("ble/notify", "ble.notify_receive", "from the first write of a notification's line until it is stored"),
    ("ble/fragment", "ble.fragment", "236 bytes of a message, from the write until they are kept"),
    ("ble/apdu", "ble.apdu", "SELECT, from the write to the notified answer"),
    ("ble/report", "ble.hid_report", "from a button to the call that sends it"),
)
"""Parts of the scene, what they are called, and what they are."""


def rows() -> list[Row]:
    """Instructions of each, on average."""
    counted = measure.counted("aerial")
    turns = counted.notes["turns"]
    return [
        Row(f"{metric}.instructions", counted.cost[part] // turns, f"instructions, {text}")
        for part, metric, text in _KINDS
    ]
