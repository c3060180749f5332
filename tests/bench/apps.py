"""What apps cost: to open, to check, to call, and what their fuel is worth in time."""

from __future__ import annotations

from tests.bench import estimate, measure
from tests.bench.rows import Row

FUEL = 20_000
"""As in firmware/watch/apps/limits.py."""
LONGEST_MS = 1000
"""An answer that uses up all fuel may take as long: R8 of the tests we owe."""
SMALL, LARGE = "torch", "calculator"


def slow() -> list[Row]:
    """The most that the watch does between two looks at the clock for apps that call nothing but what is slow."""
    longest = measure.longest("slow_calls")
    found = [Row(f"app.slow.{name}.instructions", cost, "instructions, 410x502") for name, cost in longest.items()]
    return [*found, estimate.row("app.slow.ms_est", estimate.processor_ms(max(longest.values())))]


def rows() -> list[Row]:
    """Counted on the counting board, 240x240; milliseconds are estimates."""
    counted = measure.counted("apps")
    cost, notes = counted.cost, counted.notes
    launch, many = cost["launch"], notes["many"]
    loop = cost["answer/loop"] / many
    longest = max(value for name, value in cost.items() if name.startswith("step/"))
    found = [
        Row("app.launch.instructions", launch, f"instructions, {SMALL}, touch in the launcher to its first frame"),
        estimate.row("app.launch.ms_est", estimate.processor_ms(launch)),
        Row("app.answer.instructions", cost["answer"] // many, "instructions around each call into an app"),
        Row("fuel.spend.instructions", cost["answer/spend"] // many, "instructions a unit, its loop included"),
        estimate.row("fuel.all.ms_est", estimate.processor_ms(loop * FUEL)).beside("limit", LONGEST_MS),
        Row("face.tick.instructions", cost["tick"], "instructions, nothing to draw"),
        Row("app.install_step.instructions", longest, f"instructions, longest step of {LARGE}'s check"),
        estimate.row("app.install_step.ms_est", estimate.processor_ms(longest)),
    ]
    for app in (SMALL, LARGE):
        count, ops = cost[f"check/{app}"], notes[f"{app}/instructions"]
        unit = f"instructions, contents of {notes[f'{app}/bytes']:,} bytes, {ops} instructions of bytecode"
        found.append(Row(f"app.install.{app}.instructions", count, unit))
        found.append(estimate.row(f"app.install.{app}.ms_est", estimate.processor_ms(count)))
    return found
