"""Sound files: WAV with PCM samples of 16 bits becomes what a microphone of 16 kHz hears."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from operator import mul

RATE_HZ = 16_000
RATES_HZ = (8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000)
MOST_S = 30
MOST_BYTES = MOST_S * 96_000 * 4 + 4096
"""The longest file of the highest rate, in stereo."""
_LOBES = 24
"""Zero crossings of the filter on each side."""
_PASS = 0.95
"""Where the filter begins to fall, of half the lower rate."""


def samples_of(data: bytes) -> array[int]:
    """16-bit samples at 16 kHz; two channels are mixed. Raises ValueError that says what is wrong with the file."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"a sound has at most {MOST_BYTES // 1_000_000} MB")
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate_hz, frames = file.getparams()[:4]
            _check(channels, width, rate_hz, frames)
            found = array("h", file.readframes(frames)[: 2 * channels * frames])
    except (wave.Error, EOFError, RuntimeError, ValueError) as problem:
        raise ValueError(f"this WAV cannot be taken: {problem or 'it ends too early'}") from problem
    if sys.byteorder == "big":
        found.byteswap()
    if channels == 2:
        found = array("h", [(left + right) >> 1 for left, right in zip(found[::2], found[1::2], strict=False)])
    if not found:
        raise ValueError("this WAV cannot be taken: there is no sound in it")
    return resampled(found, rate_hz)


def written(samples: array[int]) -> bytes:
    """A WAV file of samples at 16 kHz."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        out.writeframes(samples.tobytes())
    return file.getvalue()


def _check(channels: int, width: int, rate_hz: int, frames: int) -> None:
    """Raises ValueError."""
    if channels not in (1, 2):
        raise ValueError(f"it has {channels} channels, and one or two are known")
    if width != 2:
        raise ValueError(f"its samples have {8 * width} bits, and only 16 are known")
    if rate_hz not in RATES_HZ:
        raise ValueError(f"its rate is {rate_hz} Hz; known are {', '.join(map(str, RATES_HZ))}")
    if frames > MOST_S * rate_hz:
        raise ValueError(f"it lasts {frames / rate_hz:.0f} s, and {MOST_S} s is the most")


def louder(samples: array[int], gain_db: float) -> array[int]:
    """The same, by so much louder, clipped at full scale."""
    if not gain_db:
        return samples
    factor = 10 ** (gain_db / 20)
    return array("h", [max(-32768, min(32767, round(sample * factor))) for sample in samples])


def resampled(samples: array[int], rate_hz: int) -> array[int]:
    """At 16 kHz: a windowed sinc, one row of weights for each phase between the two rates."""
    if rate_hz == RATE_HZ:
        return samples
    common = math.gcd(rate_hz, RATE_HZ)
    up, down = RATE_HZ // common, rate_hz // common
    cutoff = _PASS * min(1.0, RATE_HZ / rate_hz)
    reach = math.ceil(_LOBES / cutoff)
    rows = [_weights(phase / up, cutoff, reach) for phase in range(up)]
    edge = array("h", bytes(2 * reach))
    padded = edge + samples + edge
    made = array("h")
    for place in range(len(samples) * up // down):
        start, phase = divmod(place * down, up)
        value = sum(map(mul, rows[phase], padded[start + 1 : start + 1 + 2 * reach]))
        made.append(max(-32768, min(32767, round(value))))
    return made


def _weights(offset: float, cutoff: float, reach: int) -> list[float]:
    """Of the samples around a place that is `offset` behind one of them; they add up to 1."""
    row = []
    for place in range(1 - reach, reach + 1):
        x = place - offset
        window = 0.5 + 0.5 * math.cos(math.pi * x / (reach + 1))
        angle = math.pi * x * cutoff
        row.append(window * (math.sin(angle) / angle if angle else 1.0))
    whole = sum(row)
    return [weight / whole for weight in row]
