"""How long a reader may wait that comes while a thousand notifications a second do."""

from __future__ import annotations

from tests.bench import estimate, measure
from tests.bench.rows import Row

STRIP_BYTES = 16_384
PANEL_BYTE_MS = 8 / 40_000
"""One data line at 40 MHz."""
LATE_MS = 100


def rows() -> list[Row]:
    """Instructions of a notification, and of the longest stretch of work in which no reader is heard.

    A reader waits for one of those, and for the strip that is on its way to the panel.
    """
    counted = measure.counted("load")
    kept = max(value for name, value in counted.cost.items() if name.startswith("load/kept/"))
    stretch = max(value for name, value in counted.cost.items() if name.startswith("load/stretch/"))
    work_ms, strip_ms = estimate.processor_ms(max(kept, stretch)), STRIP_BYTES * PANEL_BYTE_MS
    dropped = counted.cost["load/dropped"] // counted.notes["dropped"]
    return [
        Row("load.dropped.instructions", dropped, "instructions, queue full"),
        Row("load.kept.instructions", kept, "instructions, 800 bytes of text"),
        Row("load.stretch.instructions", stretch, "instructions, longest without a look at the radio"),
        estimate.row("load.reader_wait.ms_est", work_ms + strip_ms).beside("limit", LATE_MS),
        estimate.row("load.reader_wait.worst_case.ms_est", work_ms * estimate.PSRAM_FACTOR + strip_ms),
    ]
