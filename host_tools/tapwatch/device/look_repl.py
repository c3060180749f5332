"""What MicroPython says where no watch answers, as rows: stock MicroPython, or a watch that stands at its REPL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tapwatch.device.rows import BROKEN, LOOK, Row, of_finding, printable
from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from tapwatch.device.repl import Repl

_LEAST_HEAP = 1 << 20
_WANTED = ("vault", "slots", "vfs")
_ASK = """
import gc, json, sys
try:
    import esp32
    parts = [p.info()[4] for p in esp32.Partition.find(esp32.Partition.TYPE_DATA)]
except ImportError:
    parts = None
found = [list(one) for one in board.findings] if 'board' in globals() else []
gc.collect()
heap = gc.mem_free() + gc.mem_alloc()
print('FACTS', json.dumps([sys.implementation._machine, sys.version, heap, parts, 'watch' in globals(), found]))
"""


def look(repl: Repl) -> list[Row]:
    """Ask, and change nothing. Raises UserError."""
    machine, version, heap, parts, has_watch, findings = _facts(repl)
    rows = [Row("machine", printable(machine)), Row("MicroPython", printable(version))]
    rows.append(_memory(heap))
    if parts is not None:
        rows.append(_partitions(parts))
    if has_watch:
        meaning = "a computer has interrupted the watch and has not let it go on"
        rows.append(Row("system", "stands at its REPL", LOOK, meaning, "it goes on now"))
    else:
        meaning = "MicroPython runs, and Tapwatch does not"
        rows.append(Row("system", "not there", BROKEN, meaning, "press reset; if it stays so: tapwatch flash"))
    return rows + [of_finding(device, problem) for device, problem in findings]


def _memory(heap: int) -> Row:
    value = f"{heap / (1 << 20):.1f} MB of heap"
    if heap >= _LEAST_HEAP:
        return Row("memory", value)
    meaning = "PSRAM is missing or of the other kind (quad, octal) than this image takes it for"
    return Row("memory", value, BROKEN, meaning, "take the stock image that board.toml names: docs/flashing.md")


def _partitions(names: list[str]) -> Row:
    value = printable(" ".join(names))
    if set(_WANTED) <= set(names):
        return Row("partitions", value)
    return Row("partitions", value, BROKEN, "the flash is not divided as Tapwatch needs it", "tapwatch flash")


def _facts(repl: Repl) -> tuple[str, str, int, list[str] | None, bool, list[tuple[str, str]]]:
    printed = repl.run(_ASK).decode("utf-8", "replace")
    try:
        line = next(line for line in printed.splitlines() if line.startswith("FACTS "))
        machine, version, heap, parts, has_watch, findings = json.loads(line.removeprefix("FACTS "))
        pairs = [(str(device), str(problem)) for device, problem in findings]
        names = None if parts is None else [str(part) for part in parts]
        return str(machine), str(version), int(heap), names, bool(has_watch), pairs
    except (StopIteration, ValueError, TypeError) as problem:
        raise UserError("MicroPython did not say what it is", "give the same command again", EXIT_FAILED) from problem
