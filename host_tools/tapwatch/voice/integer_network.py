"""The network in plain integers, as `docs/voice.md` says it: many windows at once, for judging it and as an oracle.

It knows nothing of how the watch gets to the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tapwatch.voice.model import BANDS, FRAMES, TOP_LEVEL, Convolution, Model, check

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_LOUDEST = 16
_LOUDEST_SHIFT = 4
_RANGE = 112
"""42 dB in units of the front end."""
_LEVEL_SCALE, _LEVEL_SHIFT = 9, 4


def levels(windows: NDArray[Any]) -> Integers:
    """The levels of windows: (n, 48, 32) bytes to (n, 48, 32) of 0 to 63."""
    flat = windows.reshape(len(windows), -1).astype(np.int64)
    top = np.sort(flat, axis=1)[:, -_LOUDEST:].sum(axis=1) >> _LOUDEST_SHIFT
    scaled = ((flat - top[:, None] + _RANGE) * _LEVEL_SCALE) >> _LEVEL_SHIFT
    return scaled.clip(0, TOP_LEVEL).reshape(-1, FRAMES, BANDS)


def requantised(sums: Integers, convolution: Convolution) -> Integers:
    """What a convolution hands on: its sums, (..., channels), as activations of 0 to 63."""
    bias, mult, shift = (np.array(part, np.int64) for part in (convolution.bias, convolution.mult, convolution.shift))
    value = sums + bias
    scaled = (value * mult + (1 << (shift - 1))) >> shift
    return np.where(value <= 0, 0, np.minimum(scaled, TOP_LEVEL))


class IntegerNetwork:
    """A network that is run on a desk.

    Raises:
        ModelProblem: the watch would not take it.
    """

    def __init__(self, model: Model) -> None:
        check(model)
        self._model = model

    def run(self, windows: NDArray[Any]) -> tuple[Integers, Integers]:
        """Logits (n, words + 1) and embeddings (n, 2 x channels) of windows of log-mel bytes (n, 48, 32)."""
        return self.run_levels(levels(windows))

    def run_levels(self, given: Integers) -> tuple[Integers, Integers]:
        """The same of levels that are there already, (n, 48, 32) of 0 to 63."""
        model = self._model
        kernels = np.array(model.first.weights, np.int64).reshape(-1, 5, 5)
        now = requantised(_first(given, kernels), model.first)
        for block in model.blocks:
            kernels = np.array(block.depthwise.weights, np.int64).reshape(-1, 3, 3)
            now = requantised(_depthwise(now, kernels, block.stride), block.depthwise)
            now = requantised(now @ np.array(block.pointwise.weights, np.int64).T, block.pointwise)
        half = now.shape[1] // 2
        embedding = np.concatenate([now[:, :half].sum(axis=(1, 2)), now[:, half:].sum(axis=(1, 2))], axis=1)
        logits = embedding @ np.array(model.dense, np.int64).T + np.array(model.dense_bias, np.int64)
        return logits, embedding


def _first(given: Integers, kernels: Integers) -> Integers:
    """5x5, stride 2: (n, time, bands) to (n, time / 2, bands / 2, channels)."""
    padded = np.pad(given, ((0, 0), (2, 2), (2, 2)))
    time, bands = given.shape[1:]
    total = np.zeros((len(given), time // 2, bands // 2, len(kernels)), np.int64)
    for i in range(5):
        for j in range(5):
            part = padded[:, i : i + time : 2, j : j + bands : 2]
            total += part[..., None] * kernels[:, i, j]
    return total


def _depthwise(given: Integers, kernels: Integers, stride: int) -> Integers:
    """3x3 of each channel: (n, time, bands, channels) to (n, time / stride, bands / stride, channels)."""
    padded = np.pad(given, ((0, 0), (1, 1), (1, 1), (0, 0)))
    time, bands = given.shape[1:3]
    total = np.zeros((len(given), time // stride, bands // stride, given.shape[3]), np.int64)
    for i in range(3):
        for j in range(3):
            total += padded[:, i : i + time : stride, j : j + bands : stride] * kernels[:, i, j]
    return total
