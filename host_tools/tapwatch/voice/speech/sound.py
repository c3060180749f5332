"""Sound as engines make it into sound as the watch hears it."""

from __future__ import annotations

import io
import subprocess
import wave
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import resample_poly

from tapwatch.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RATE_HZ = 16000
PEAK = 0.7
"""Of full scale."""
_HEADER_BYTES = 44
_SHORTEST_BYTES = 3000
"""Less than this from an engine is silence."""


def at_rate(samples: NDArray[np.floating], rate_hz: int) -> NDArray[np.int16]:
    """`samples` at any rate and scale, at 16 kHz with a peak of `PEAK`."""
    common = gcd(RATE_HZ, rate_hz)
    sound = resample_poly(samples, RATE_HZ // common, rate_hz // common)
    loudest = max(1e-6, float(np.abs(sound).max(initial=0)))
    return (np.clip(sound / loudest * PEAK, -1, 1) * 32767).astype(np.int16)


def from_wave(data: bytes) -> NDArray[np.int16] | None:
    """The sound of a WAV file that a pipe made, whose header may not know its length; None for silence."""
    if len(data) <= _SHORTEST_BYTES:
        return None
    with wave.open(io.BytesIO(data)) as file:
        rate_hz = file.getframerate()
    start = data.find(b"data") + 8 if b"data" in data else _HEADER_BYTES
    end = len(data) - (len(data) - start) % 2
    return at_rate(np.frombuffer(data[start:end], "<i2").astype(np.float32), rate_hz)


def from_program(command: Sequence[str], text: str = "") -> NDArray[np.int16] | None:
    """The sound that a program writes to its standard output.

    Raises:
        UserError: the program is not installed.
    """
    try:
        done = subprocess.run(list(command), input=text.encode(), capture_output=True, check=False, timeout=60)
    except FileNotFoundError as error:
        raise UserError(
            f"{command[0]} is not installed", "as root: apt-get install espeak-ng flite festival"
        ) from error
    return from_wave(done.stdout)
