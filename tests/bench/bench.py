"""`make bench`: what things cost, as a table and as build/bench.json.

docs/testing.md says what the numbers mean. Counting runs first, one program per core; times are taken afterwards, one
by one. A row over its budget (`tests/bench/budgets.py`) makes the whole fail, after everything was printed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from tests.bench import (
    aerial,
    apps,
    budgets,
    curves,
    faces,
    frames,
    front_end,
    hearing,
    load,
    measure,
    payments,
    recogniser,
    screens,
    taps,
    whole,
)
from tests.bench.estimate import METHOD
from tests.bench.rows import Row, table

OUT = measure.ROOT / "build" / "bench.json"
COUNTED: dict[str, Callable[[], list[Row]]] = {
    "taps": taps.rows,
    "moments": payments.moments,
    "faces": faces.rows,
    "hands": screens.hands,
    "openings": screens.openings,
    "touches": screens.touches,
    "gamepad": screens.gamepad,
    "aerial": aerial.rows,
    "apps": apps.rows,
    "slow calls": apps.slow,
    "start": whole.starting,
    "frames": frames.rows,
    "load": load.rows,
    "curves": curves.counted,
    "front end": front_end.rows,
    "recogniser": recogniser.rows,
    "hearing": hearing.rows,
}
TIMED: dict[str, Callable[[], list[Row]]] = {
    "cryptograms": payments.cryptograms,
    "curves": curves.rows,
    "passcodes": whole.passcodes,
}


def measured(name: str, part: Callable[[], list[Row]]) -> list[Row]:
    """The rows of one part; says how long that took."""
    started = time.monotonic()
    rows = part()
    print(f"measured {name} in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return rows


def main() -> None:
    """Measure everything, print the table, write the file. Ends with 1 if a budget is exceeded."""
    measure.need_valgrind()
    measure.search_path()  # once, before several threads want it
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        parts = list(workers.map(measured, COUNTED, COUNTED.values()))
    parts += [measured(name, part) for name, part in TIMED.items()]
    rows = sorted((row for part in parts for row in part), key=lambda row: row.metric)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    print(table(rows))
    print(METHOD)
    over = budgets.exceeded(budgets.values(rows))
    if over:
        raise SystemExit("bench: over budget\n" + "\n".join(over))


if __name__ == "__main__":
    try:
        main()
    except measure.BenchError as error:
        raise SystemExit(f"bench: {error}") from error
