"""How long something may take on an ESP32-S3. Nothing here was measured on one."""

from __future__ import annotations

from tests.bench.rows import Row

INSTRUCTIONS_PER_MS = 115_000
"""ESP32-S3 at 240 MHz, MicroPython code: the middle of the published range of 110 to 120 million RV32 instructions a
second, taken for x86 instructions as they are, with the heap in internal RAM."""
PSRAM_FACTOR = 2
"""The heap in PSRAM makes it slower: 1.2 to 2 times, an assumption; the worse end."""
TRANSFER_MS = 0.04
"""One SPI transfer with its chip select from MicroPython: 25 to 40 us; the worse end."""
SPI_BYTE_MS = 0.0008
"""At 10 MHz, the most that the chip takes."""
AIR_BIT_MS = 128 / 13_560
"""At 106 kbit/s, ISO/IEC 14443-2."""
AIR_FRAME_MS = 0.6
"""Around each frame: its start and end, and the pause before it; readers wait at least 6780 carrier cycles, 0.5 ms."""
METHOD = (
    f"_est rows are estimates: {INSTRUCTIONS_PER_MS:,} instructions a millisecond, {TRANSFER_MS} ms for each transfer"
    f" on the radio's bus and {SPI_BYTE_MS} ms for each byte of it. worst_case rows take {PSRAM_FACTOR} times as long"
    " for the instructions and add the time on the air. Nothing was measured on a board."
)


def processor_ms(instructions: float) -> float:
    """Milliseconds for instructions alone."""
    return instructions / INSTRUCTIONS_PER_MS


def bus_ms(transfers: float, size: float) -> float:
    """Milliseconds that the radio's bus is busy with `transfers` of `size` bytes together."""
    return transfers * TRANSFER_MS + size * SPI_BYTE_MS


def air_ms(frames: list[int]) -> float:
    """Milliseconds that frames of these lengths, without CRC, take on the air."""
    return sum((length + 2) * 9 * AIR_BIT_MS + AIR_FRAME_MS for length in frames)


def row(metric: str, milliseconds: float) -> Row:
    """An estimate as a row."""
    return Row(metric, round(milliseconds, 2), "ms, estimate")
