"""Recordings as the watch's microphone would give them: one channel, 16 kHz, 16 bits, in the quiet of a room."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from tapwatch.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Samples = NDArray[np.float64]
    """Sound at RATE; a full scale is 32768."""

RATE = 16_000
SUFFIXES = (".wav", ".opus", ".ogg", ".flac", ".mp3")
BEFORE_S, AFTER_S = 0.5, 0.8
"""Quiet around a recording: between pressing and speaking, and until the watch takes the word for ended."""
LONGEST_S = 600
_RATES = (4_000, 192_000)
_FULL = 32_767
_SELF_NOISE = 1.5
"""Root mean square, in steps of 16 bits: about what a MEMS microphone makes of silence."""
_FRAME = 320
_BLOCK = 16_384
"""Samples after which the noise of a room repeats: a second, and a length that transforms fast."""
_FLOOR_RANGE_DB = 35.0
"""The quiet around a word is at least this much below its loudest parts: some recordings hold nothing else."""


def read(path: Path) -> Samples:
    """A file of sound at 16 kHz, channels mixed. Raises UserError for what is none, is empty, or is too long."""
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(path) as file:
            rate, frames = file.samplerate, file.frames
            if not _RATES[0] <= rate <= _RATES[1]:
                raise UserError(f"{path} has {rate} samples a second.", "Give sound of 4 to 192 kHz.")
            if frames > LONGEST_S * rate:
                raise UserError(f"{path} is longer than {LONGEST_S // 60} minutes.", "Cut it into shorter ones.")
            samples = file.read(dtype="float64", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as problem:
        raise UserError(f"{path} cannot be read as sound.", "Take it away, or write it anew as WAV.") from problem
    if not len(samples):
        raise UserError(f"{path} has no sound in it.", "Take it away.")
    mono = samples.mean(axis=1) * 32_768
    return mono if rate == RATE else np.asarray(soxr.resample(mono, rate, RATE))


def rms(samples: Samples) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


def loudness(samples: Samples) -> float:
    """Root mean square of the loudest fifth of all frames of 20 ms: what is spoken, not the pauses."""
    powers = _powers(samples)
    return float(np.sqrt(np.mean(np.sort(powers)[-max(1, len(powers) // 5) :])))


def middle_of(samples: Samples) -> int:
    """The sample in the middle of what is spoken: of all that is within 26 dB of the loudest parts."""
    powers = _powers(samples)
    loud = np.flatnonzero(powers > np.square(loudness(samples)) / 400)
    return int(loud[0] + loud[-1] + 1) * _FRAME // 2


def in_a_room(samples: Samples, name: str, before_s: float = BEFORE_S, after_s: float = AFTER_S) -> Samples:
    """A recording with quiet before and after it, and noise all the time, as loud as its own quietest frames.

    A room has no gaps: recordings that were cut or cleaned have. `name` chooses the noise.
    """
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    before, after = int(before_s * RATE), int(after_s * RATE)
    quiet = np.zeros(before + len(samples) + after)
    quiet[before : before + len(samples)] = samples
    return quiet + _room(rng, samples, len(quiet)) + rng.standard_normal(len(quiet)) * _SELF_NOISE


def _room(rng: np.random.Generator, samples: Samples, length: int) -> Samples:
    """Noise with the spectrum of the quietest tenth of a recording, not louder than `_FLOOR_RANGE_DB` allows."""
    frames = _frames(samples)
    powers = _powers(samples)
    quietest = frames[np.argsort(powers)[: max(2, len(powers) // 10)]]
    spectrum = np.sqrt(np.mean(np.square(np.abs(np.fft.rfft(quietest * np.hanning(_FRAME)))), axis=0))
    shape = np.interp(np.linspace(0, 1, _BLOCK // 2 + 1), np.linspace(0, 1, len(spectrum)), spectrum)
    turns = rng.standard_normal((2, len(shape)))
    noise = np.resize(np.fft.irfft(shape * (turns[0] + 1j * turns[1]), _BLOCK), length)
    level = min(float(np.sqrt(np.mean(np.square(quietest)))), loudness(samples) / 10 ** (_FLOOR_RANGE_DB / 20))
    return noise * (level / max(rms(noise), 1e-9))


def soft(rng: np.random.Generator, length: int) -> Samples:
    """Noise of a room, as loud as 1: it falls by 6 dB an octave above 500 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    frequencies = np.fft.rfftfreq(length, 1 / RATE)
    noise = np.fft.irfft(spectrum / np.sqrt(1 + (frequencies / 500) ** 2), length)
    return noise / max(rms(noise), 1e-9)


def at_level(samples: Samples, level_db: float) -> Samples:
    """The same with its loudest parts at so many dB of full scale."""
    return samples * gain_to(samples, level_db)


def gain_to(samples: Samples, level_db: float) -> float:
    """The factor that brings the loudest parts to so many dB of full scale."""
    return 32_768 * 10 ** (level_db / 20) / max(loudness(samples), 1e-9)


def mixed(samples: Samples, noise: Samples, distance_db: float, spoken: Samples) -> Samples:
    """Sound in noise that is so many dB below the loudness of `spoken`; noise that is too short is repeated."""
    long = np.resize(noise, len(samples))
    return samples + long * (loudness(spoken) / 10 ** (distance_db / 20) / max(rms(long), 1e-9))


def as_bytes(samples: Samples) -> bytes:
    """The samples of the microphone: 16 bits, what is louder is clipped."""
    return np.clip(np.round(samples), -_FULL - 1, _FULL).astype("<i2").tobytes()


def _frames(samples: Samples) -> Samples:
    """Frames of 20 ms, the rest of the last one zeros."""
    return np.resize(np.append(samples, np.zeros(-len(samples) % _FRAME)), (-(-len(samples) // _FRAME), _FRAME))


def _powers(samples: Samples) -> Samples:
    """Mean square of each frame of 20 ms."""
    whole = _frames(samples)[: max(1, len(samples) // _FRAME)]
    return np.asarray(np.mean(np.square(whole), axis=1), dtype=np.float64)
