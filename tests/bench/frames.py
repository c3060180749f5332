"""Short frames, from the radio chip's interrupt to its transmit command, with the chip's real driver."""

from __future__ import annotations

from tests.bench import estimate, measure
from tests.bench.rows import Row

ACTIVATION_MS = 71_680 / 13_560
"""Frame waiting time of the answer to RATS, ISO/IEC 14443-4 section 7.2."""


def rows() -> list[Row]:
    """One block without a command each way; and the answer to RATS, for which there is little time."""
    counted, sampled = measure.counted("short_frames"), measure.sampled("short_frames", "bytes")
    frames = counted.notes["frames"]
    instructions = counted.cost["frame/block"] // frames
    transfers, size = (value / frames for value in counted.notes["spi"]["frame/block"])
    found = [
        Row("frame.receive_to_transmit.instructions", instructions, "instructions, R-block each way"),
        Row("frame.receive_to_transmit.spi_transfers", transfers, "transfers"),
        Row("frame.bytes", sampled.cost["frame/block"], "bytes allocated"),
    ]
    block = _estimate("frame.receive_to_transmit.ms_est", instructions, transfers, size)
    rats = _estimate("frame.rats_to_ats.ms_est", counted.cost["frame/rats"], *counted.notes["spi"]["frame/rats"])
    return [*found, block.beside("goal", 2), rats.beside("activation FWT", ACTIVATION_MS)]


def _estimate(metric: str, instructions: float, transfers: float, size: float) -> Row:
    return estimate.row(metric, estimate.processor_ms(instructions) + estimate.bus_ms(transfers, size))
