"""The watch as a whole: its start, its heap, and what its passcode is worth."""

from __future__ import annotations

import hmac

from tests.bench import measure
from tests.bench.measure import fastest_us
from tests.bench.rows import Row

ORACLE_CALLS = 100
"""As in scenarios.py."""
TRY_US = 1_000_000
"""What one passcode try takes on the watch."""


def starting() -> list[Row]:
    """Boot, and the heap that a board has."""
    boot = measure.timed("boot", 5)
    heap = measure.timed("heap", 1, measure.BOARD_HEAP)
    devices = measure.timed("heap.devices", 1, measure.BOARD_HEAP)["devices_bytes"]
    return [
        Row("boot.first_face.ms", round(boot["us"] / 1000, 1), "ms"),
        Row("boot.first_face.instructions", measure.scenario("boot", 2, 6), "instructions"),
        Row("boot.first_face_ever.instructions", measure.scenario("boot.ever", 2, 6), "instructions, bundle checked"),
        Row("boot.8_cards.instructions", measure.scenario("boot.8_cards", 2, 6), "instructions, first face included"),
        Row("boot.8_cards.block_reads", measure.timed("boot.8_cards", 1)["block_reads"], "reads of the vault"),
        Row("boot.block_reads", boot["block_reads"], "reads of the vault"),
        Row("heap.idle.bytes", heap["idle_bytes"], f"bytes of a {measure.BOARD_HEAP} heap, 64 bit"),
        Row("heap.tap_peak.bytes", heap["tap_peak_bytes"], f"bytes of a {measure.BOARD_HEAP} heap, 64 bit"),
        Row("heap.devices.bytes", devices, "bytes more: three were paired, 50 notifications, 64 bit"),
        Row("heap.tap.bytes", heap["tap_bytes"], "bytes allocated in a tap, 64 bit"),
        Row("stack.tap.bytes", heap["stack_bytes"], "bytes of C stack"),
    ]


def passcodes() -> list[Row]:
    """How long a passcode lasts against someone who has flash and secret file on a desk: native code, one core."""
    call_us = measure.timed("oracle")["us"] / ORACLE_CALLS
    rounds = int(TRY_US / call_us)
    native_us = fastest_us(lambda: [hmac.digest(bytes(32), bytes(32), "sha256") for _ in range(1000)]) / 1000
    try_s = rounds * native_us / 1e6
    rows = [
        Row("passcode.try.oracle_calls", rounds, "calls that take a second here"),
        Row("passcode.native_try.ms", round(try_s * 1000, 1), "ms a try, native code, one core"),
    ]
    for digits in (4, 6, 8):
        hours = round(10**digits * try_s / 2 / 3600, 2)
        rows.append(Row(f"passcode.{digits}_digits.hours", hours, "hours to find it, on average, estimate"))
    return rows
