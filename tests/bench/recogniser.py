"""What it costs to decide about one window of sound."""

from __future__ import annotations

from array import array
from collections import Counter
from pathlib import Path

from tapwatch.voice import weights_file
from tapwatch.voice.model import macs
from tests.bench import measure
from tests.bench.cycles import Chip
from tests.bench.rows import Row
from tests.host.voice import other_words
from tests.host.voice.networks import typical

TRAINED = measure.ROOT / "firmware/assets/voice.en.twv"
CHANCE = measure.ROOT / "build/bench/voice.twv"
SCRIPT = "tests/bench/recogniser_run.py"
CYCLES_PER_MS = 240_000
WINDOW = bytes(i * i // 7 % 256 for i in range(1536))
"""Half of its activations are above zero, more than in most windows of speech."""


def weights() -> Path:
    """The file of the trained network, or of one of its size that is filled with chance."""
    if TRAINED.exists():
        return TRAINED
    CHANCE.parent.mkdir(parents=True, exist_ok=True)
    CHANCE.write_bytes(weights_file.pack(typical()))
    return CHANCE


def cycles(data: bytes) -> Counter[str]:
    """Estimated cycles of the chip by kernel, of one decision. What Python does between the kernels is left out."""
    found: Counter[str] = Counter()

    def count(name: str, chip: Chip) -> None:
        found[name] += chip.cycles

    network = other_words.network(data, Chip, count)
    found.clear()  # what unpacking has cost
    logits, embedding = array("i", bytes(4 * (len(network.words) + 1))), array("H", bytes(2 * network.embedding_size))
    network.run(bytearray(WINDOW), logits, embedding)
    return found


def rows() -> list[Row]:
    """Cycles, instructions, multiplications and bytes of a decision."""
    path = weights()
    data = path.read_bytes()
    found = cycles(data)
    total = found.total()
    kernels = [Row(f"voice.decision.{name}.cycles_est", value, "cycles, estimate") for name, value in found.items()]
    instructions = measure.slope(SCRIPT, str(path), few=1, many=4)
    return [
        *kernels,
        Row("voice.decision.cycles_est", total, "cycles, estimate"),
        Row("voice.decision.ms_est", round(total / CYCLES_PER_MS, 1), "ms, estimate"),
        Row("voice.decision.instructions", instructions, "instructions"),
        Row("voice.decision.macs", macs(weights_file.unpack(data)), "multiplications"),
        Row("voice.weights.bytes", len(data), f"bytes, {'trained' if path == TRAINED else 'random numbers'}"),
    ]
