"""What a tap may cost at most. `make bench` fails if a row is over its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.bench.rows import Row

TAP_INSTRUCTIONS = 2_000_000
COMMAND_INSTRUCTIONS = 1_000_000
TAP_BYTES = 4096
"""Allocated by everything behind the block protocol."""
FRAME_BYTES = 0
TAP_MS = 200
"""At a terminal, from field on to the last answer: half a second is what EMV allows for the whole transaction."""
FLASH_OPERATIONS = 0

NOTIFICATION_INSTRUCTIONS = 5_000_000
"""As many as are kept in a second, ten, leave more than half of the processor to everything else."""
FRAGMENT_INSTRUCTIONS = 860_000
"""7.5 ms, the shortest connection interval: the watch keeps up with a packet in each of them."""
REPORT_INSTRUCTIONS = 115_000
"""1 ms of the 10 ms between a touch and its report."""
HEAP_BYTES = 2_097_152
"""Half of the 4 MiB that stand for a board with 2 MB: the rest is for apps, pictures and what is not yet collected."""
BOOT_INSTRUCTIONS = 90_000_000
"""0.8 s until the face is there. Once a start walked the heap three times, which nobody noticed for a while."""
LAUNCH_INSTRUCTIONS = 23_000_000
"""A fifth of a second from the touch to the app."""
STEP_INSTRUCTIONS = 5_750_000
"""50 ms in which a check does not look at screen and radio."""
FULL_TANK_MS = 1000
ANSWER_INSTRUCTIONS = 16_000
"""Around each call into an app: 0.14 ms; it was 27,000 before the bracket became machine code."""
SPEND_INSTRUCTIONS = 1_250
"""A unit of fuel, its loop included: all of them in 0.22 s."""
TICK_INSTRUCTIONS = 60_000
"""A second in which a face has nothing to draw: half a millisecond."""
SMALL_CHECK_INSTRUCTIONS, LARGE_CHECK_INSTRUCTIONS = 34_500_000, 138_000_000
"""0.3 s and 1.2 s, in steps, until the wearer is asked."""
FIRST_BOOT_INSTRUCTIONS = 200_000_000
"""Once in the life of a firmware: the face's bundle is checked, too."""
SLOW_MS = 400
"""What is left of the watchdog's second when the clock has ended a call: `MOST_MS` of firmware/watch/apps/fuel.py."""
FRONT_END_CYCLES = 300_000
"""1.25 ms of the 20 ms between two frames."""
FRONT_END_INSTRUCTIONS = 200_000
DECISION_CYCLES = 20_000_000
"""83 ms of an ESP32-S3 from the end of a word to what it was: with the 300 ms of quiet before, still at once."""
DECISION_INSTRUCTIONS = 15_000_000
DECISION_MACS = 1_800_000
WEIGHTS_BYTES = 32_768
DEVICES_HEAP_BYTES = 131_072
"""What is left of the other half is still much more than the longest line of a phone, all its copies included."""

BUDGETS: dict[str, float] = {
    "ble.notify_receive.instructions": NOTIFICATION_INSTRUCTIONS,
    "ble.fragment.instructions": FRAGMENT_INSTRUCTIONS,
    "ble.apdu.instructions": COMMAND_INSTRUCTIONS,
    "ble.hid_report.instructions": REPORT_INSTRUCTIONS,
    "boot.first_face.instructions": BOOT_INSTRUCTIONS,
    "app.launch.instructions": LAUNCH_INSTRUCTIONS,
    "app.install_step.instructions": STEP_INSTRUCTIONS,
    "app.answer.instructions": ANSWER_INSTRUCTIONS,
    "app.install.torch.instructions": SMALL_CHECK_INSTRUCTIONS,
    "app.install.calculator.instructions": LARGE_CHECK_INSTRUCTIONS,
    "app.slow.ms_est": SLOW_MS,
    "face.tick.instructions": TICK_INSTRUCTIONS,
    "fuel.spend.instructions": SPEND_INSTRUCTIONS,
    "boot.first_face_ever.instructions": FIRST_BOOT_INSTRUCTIONS,
    "fuel.all.ms_est": FULL_TANK_MS,
    "heap.idle.bytes": HEAP_BYTES,
    "heap.tap_peak.bytes": HEAP_BYTES,
    "heap.devices.bytes": DEVICES_HEAP_BYTES,
    "tap.flash_operations": FLASH_OPERATIONS,
    "frame.bytes": FRAME_BYTES,
    "frame.receive_to_transmit.ms_est": 2,
    "load.reader_wait.ms_est": 100,
    "voice.decision.cycles_est": DECISION_CYCLES,
    "voice.front_end.cycles_est": FRONT_END_CYCLES,
    "voice.front_end.instructions": FRONT_END_INSTRUCTIONS,
    "voice.decision.instructions": DECISION_INSTRUCTIONS,
    "voice.decision.macs": DECISION_MACS,
    "voice.weights.bytes": WEIGHTS_BYTES,
}
for _kernel in ("kernel3", "kernel2", "express"):
    BUDGETS[f"tap.{_kernel}.instructions"] = TAP_INSTRUCTIONS
    BUDGETS[f"tap.{_kernel}.with_driver.instructions"] = TAP_INSTRUCTIONS
    BUDGETS[f"tap.{_kernel}.bytes"] = TAP_BYTES
    BUDGETS[f"tap.{_kernel}.worst_case.ms_est"] = TAP_MS
for _size, _full, _full_bytes, _minute, _minute_bytes in (
    ("", 2_000_000, 116_000, 800_000, 6_144),
    ("410x502.", 6_000_000, 413_000, 1_500_000, 16_384),
):
    BUDGETS[f"face.full.{_size}instructions"], BUDGETS[f"face.full.{_size}bytes"] = _full, _full_bytes
    BUDGETS[f"face.minute.{_size}instructions"], BUDGETS[f"face.minute.{_size}bytes"] = _minute, _minute_bytes
    BUDGETS[f"face.second.{_size}bytes"] = 0
    BUDGETS[f"screen.open.{_size or '240x240.'}bytes"] = _full_bytes
    BUDGETS[f"touch.first_strip.{_size or '240x240.'}instructions"] = 1_000_000
    BUDGETS[f"gamepad.key_to_notify.{_size or '240x240.'}instructions"] = 1_150_000
    BUDGETS[f"gamepad.stick_to_notify.{_size or '240x240.'}instructions"] = 1_150_000
"""By metric. A screen opens in at most one full redraw; a report of the gamepad is sent within 10 ms of the touch."""
_COMMAND_PARTS = 4
"""`tap`, kernel, command, unit."""


def budget(metric: str) -> float | None:
    """The most that a row may say, or None."""
    parts = metric.split(".")
    if metric not in BUDGETS and parts[0] == "tap" and parts[-1] == "instructions" and len(parts) >= _COMMAND_PARTS:
        return COMMAND_INSTRUCTIONS
    return BUDGETS.get(metric)


def exceeded(values: Mapping[str, float]) -> list[str]:
    """One line for each value over its budget."""
    lines = []
    for metric, value in values.items():
        most = budget(metric)
        if most is not None and value > most:
            lines.append(f"{metric} is {value:,}, over its budget of {most:,}")
    return lines


def values(rows: Iterable[Row]) -> dict[str, float]:
    """Rows by metric."""
    return {row.metric: row.value for row in rows}
