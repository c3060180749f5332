"""The viper functions of microphone and speaker give the same samples with 32-bit words as with 64-bit ones."""

from __future__ import annotations

import random
import struct
from array import array

from tests.host.crypto.viper_words import Machine
from tests.tools.trees import ROOT

DRIVERS = ROOT / "firmware/drivers"
SAMPLES = 40


def filter_tables() -> bytes:
    """Those of `pdm_filter.tables`, made once more."""
    weights = [1]
    for _ in range(3):
        weights = [sum(weights[max(0, n - 7) : n + 1]) for n in range(len(weights) + 7)]
    weights += [0, 0]
    shares = (
        sum(weight if byte >> bit & 1 else -weight for bit, weight in enumerate(weights[8 * place : 8 * place + 8]))
        for place in range(3)
        for byte in range(256)
    )
    return struct.pack("<768H", *(share + 336 for share in shares))


def _decimated(bits: int, parts: list[bytes]) -> tuple[bytes, bytes]:
    machine = Machine(str(DRIVERS / "pdm_filter.py"), bits)
    state, made = bytearray(36), b""
    for raw in parts:
        into = bytearray(2 * SAMPLES)
        machine.call("decimate", raw, filter_tables(), state, 0, into, SAMPLES)
        made += into
    return made, bytes(state)


def test_microphone() -> None:
    rng = random.Random(20261123)
    loud = [bytes([byte]) * (16 * SAMPLES) for byte in (0xFF, 0x00, 0xFF)]  # sums overflow 32 bits on the way
    for parts in ([rng.randbytes(16 * SAMPLES) for _ in range(3)], loud):
        assert _decimated(32, parts) == _decimated(64, parts)
    samples = struct.unpack(f"<{3 * SAMPLES}h", _decimated(32, loud)[0])
    assert max(samples) == 32767
    assert min(samples) == -32768


def _played(bits: int) -> bytes:
    machine = Machine(str(DRIVERS / "max98357a.py"), bits)
    table = array("h", [round(32767 * (n - 128) / 128) for n in range(256)]).tobytes()
    state = bytearray(struct.pack("<5i", 0, 8000 * 2**24 // 32000, 0, 32767, 150))
    made = b""
    for _ in range(3):
        into = bytearray(200)
        machine.call("fill", into, table, state, 100)
        made += into
    return made + state


def test_speaker() -> None:
    assert _played(32) == _played(64)
