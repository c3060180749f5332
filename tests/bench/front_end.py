"""What a frame of sound costs: a call of the front end, counted on the desk and estimated for the chip."""

from __future__ import annotations

import json
from array import array
from math import sin

from tests.bench import measure
from tests.bench.cycles import Chip
from tests.bench.rows import Row

_VOICE = measure.ROOT / "firmware/watch/voice"
_BANDS = 32
_TABLES = """
import json
from watch.voice import bands, features, spectrum
points = spectrum.circle()
made = dict(window=spectrum.window(points), splits=spectrum.splits(points), order=spectrum.order())
made.update(spans=bands.spans(), logarithms=bands.logarithms())
made.update({"turns%d" % apart: spectrum.turns(points, apart) for apart in (1, 4, 16)})
adds = [[bands.level_add(shift, halvings) for halvings in range(9)] for shift in range(15)]
print(json.dumps([{name: bytes(table).hex() for name, table in made.items()}, adds, bands.LOUD_BITS]))
"""


class FrontEndOnChip:
    """`FrontEnd.frame` of firmware/watch/voice/features.py, its functions as the chip runs them."""

    def __init__(self) -> None:
        tables, self._adds, self._loud_bits = json.loads(measure.run("-c", _TABLES).stdout)
        self._tables = {name: bytes.fromhex(table) for name, table in tables.items()}
        self._spectrum, self._bands = Chip(_VOICE / "spectrum.py"), Chip(_VOICE / "bands.py")
        self.cycles = self.instructions = 0

    def frame(self, samples: array[int]) -> bytes:
        """32 bytes and the level of 512 samples; `cycles` and `instructions` are those of its machine code."""
        self.cycles = self.instructions = 0
        tables, one, other, out = self._tables, bytearray(2048), bytearray(2048), bytearray(_BANDS)
        sums = bytearray(4 * (_BANDS + 1))
        seen = self._do("windowed", 0, tables["window"], samples, one, 0)
        shift = max(0, self._do("length", seen) - 16)
        self._do("normalise", one, shift)
        self._do("stage", 0, 0, one, other, tables["turns1"], 64, 1)
        self._do("stage", 0, 0, other, one, tables["turns4"], 16, 4)
        self._do("stage", 0, 0, one, other, tables["turns16"], 4, 16)
        self._do("last_stage", 0, 0, other, one, tables["order"])
        halvings = max(0, self._do("length", self._do("powers", 0, 0, one, tables["splits"])) - self._loud_bits)
        self._do("sums", 0, 0, one, halvings, tables["spans"], sums)
        level = self._do("levels", sums, tables["logarithms"], self._adds[shift][halvings], out, 0)
        return bytes(out) + bytes([level])

    def _do(self, name: str, *arguments: object) -> int:
        chip = self._bands if name in ("sums", "levels") else self._spectrum
        result = chip.call(name, *arguments)
        self.cycles += chip.cycles
        self.instructions += chip.instructions
        return result


def voiced() -> array[int]:
    """A frame as of a vowel."""
    return array("h", [round(sum(9000 / n * sin(n * 0.047 * i + n * n) for n in range(1, 60))) for i in range(512)])


def rows() -> list[Row]:
    """A frame, 20 ms of sound."""
    chip = FrontEndOnChip()
    chip.frame(voiced())
    return [
        Row("voice.front_end.instructions", measure.slope("tests/bench/scenes/one_frame.py"), "instructions, a frame"),
        Row("voice.front_end.cycles_est", chip.cycles, "cycles, estimate, a frame"),
    ]
