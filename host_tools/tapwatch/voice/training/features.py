"""The sound of a window as the watch sees it (docs/voice.md, "Front end" and "Levels"), in floating point."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16000
FRAME = 512
HOP = 320
BANDS = 32
WINDOW_FRAMES = 48
_LOW_HZ, _HIGH_HZ = 80.0, 7600.0
_OFFSET = 97
"""Taken from 8 log2(power): a full-scale tone, 8 log2((32767 x 256 / 2)^2) = 352, becomes 255."""
_LOUDEST = 16
_RANGE = 112
"""42 dB in units of 0.376 dB."""


def log_mel(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """(frames, 32) bytes of all whole frames in `samples`."""
    frames = (len(samples) - FRAME) // HOP + 1
    places = np.arange(FRAME)[None] + HOP * np.arange(frames)[:, None]
    spectrum = np.fft.rfft(samples.astype(np.float32)[places] * _window(), axis=1)
    power = (np.abs(spectrum) ** 2).astype(np.float32) @ _bank()
    return np.clip(np.round(8 * np.log2(power + 1) - _OFFSET), 0, 255).astype(np.uint8)


def levels(windows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Windows (…, 48, 32) of bytes as levels 0 to 63, relative to the loudest 16 bytes of each."""
    flat = windows.reshape(windows.shape[:-2] + (-1,)).astype(np.int32)
    top = np.partition(flat, -_LOUDEST, axis=-1)[..., -_LOUDEST:].sum(-1) >> 4
    return np.clip(((windows.astype(np.int32) - top[..., None, None] + _RANGE) * 9) >> 4, 0, 63).astype(np.uint8)


@cache
def _window() -> NDArray[np.float32]:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)


@cache
def _bank() -> NDArray[np.float32]:
    """(257, 32) weights of the triangles."""

    def mel(frequency_hz: float) -> float:
        return 1127 * np.log(1 + frequency_hz / 700)

    edges = 700 * (np.exp(np.linspace(mel(_LOW_HZ), mel(_HIGH_HZ), BANDS + 2) / 1127) - 1)
    bins = np.arange(FRAME // 2 + 1)[:, None] * RATE_HZ / FRAME
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
