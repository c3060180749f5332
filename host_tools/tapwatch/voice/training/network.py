"""The network of the watch while it learns: the integers of docs/voice.md, with gradients.

Activations are levels 0 to 63 from the first layer to the last, weights are in units of their own channel's step.
A layer is trained in three modes, one after the other: FLOAT rounds nothing; ROUNDED rounds weights and activations;
EXACT freezes the normalisation and rounds what becomes of it (bias, mult, shift) as well, as the watch does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from tapwatch.voice.training.features import BANDS, WINDOW_FRAMES

FLOAT, ROUNDED, EXACT = range(3)
TOP = 63
"""The largest level."""
_LARGEST_WEIGHT = 31
_MOST_SUM = 520
"""Of the weights of one sign of one output channel (`model.MOST_SUM`)."""
_LEVELS_PER_UNIT = TOP / 4
"""Normalised outputs up to 4 deviations are told apart; gain and offset are learned, so no other scale is needed."""
_EPSILON = 1.0
_MOMENTUM = 0.03
_LEAST_GAIN = 0.01
_MOST_BIAS = 1 << 19
_MOST_MULT, _MOST_SHIFT = 2047, 30
_DENSE_TOP = 127
SCALE_PER_UNIT = 65536
_DROPPED = 0.1


@dataclass(frozen=True)
class Shape:
    """Channels of the first convolution; channels and stride of each block."""

    first: int
    blocks: tuple[tuple[int, int], ...]


class _Rounded(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, exact: Tensor) -> Tensor:
        return (exact + 0.5).floor_()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return gradients[0]


class _Instead(torch.autograd.Function):
    """The second, with the gradient of the first."""

    @staticmethod
    def forward(ctx: Any, _soft: Tensor, hard: Tensor) -> Tensor:
        return hard

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return gradients[0], None


def rounded(exact: Tensor) -> Tensor:
    """Rounded half up, with the gradient of what came in."""
    return _Rounded.apply(exact)  # pyright: ignore[reportReturnType]


class Layer(nn.Module):
    """A convolution, normalised, as levels.

    Args:
        given: channels in.
        made: channels out.
        size: of its square kernel.
        stride: in both directions.
        depthwise: whether each channel is on its own.
    """

    def __init__(self, given: int, made: int, size: int, stride: int = 1, *, depthwise: bool = False) -> None:
        super().__init__()
        self.mode = FLOAT
        self._groups = given if depthwise else 1
        self._stride, self._padding = stride, size // 2
        self.weight = nn.Parameter(torch.empty(made, given // self._groups, size, size))
        nn.init.kaiming_normal_(self.weight)
        self.gain = nn.Parameter(torch.ones(made))
        self.offset = nn.Parameter(torch.zeros(made))
        self.mean: Tensor
        self.variance: Tensor
        self.register_buffer("mean", torch.zeros(made))
        self.register_buffer("variance", torch.ones(made))

    def forward(self, levels: Tensor) -> Tensor:
        """Levels (n, channels, time, bands) to levels."""
        weights = self.steps()
        if self.mode != FLOAT:
            weights = rounded(weights)
        sums = functional.conv2d(levels, weights, None, self._stride, self._padding, 1, self._groups)
        if self.mode == EXACT:
            return self._requantised(sums)
        made = self._normalised(sums, self.training)
        return made if self.mode == FLOAT else rounded(made)

    def _normalised(self, sums: Tensor, learning: bool) -> Tensor:
        gain, offset = self._gain() * _LEVELS_PER_UNIT, self.offset * _LEVELS_PER_UNIT
        made = functional.batch_norm(sums, self.mean, self.variance, gain, offset, learning, _MOMENTUM, _EPSILON)
        return functional.hardtanh(made, 0, TOP)

    def steps(self) -> Tensor:
        """The weights in units of their channel's step, such that none and no sum of them gets too large."""
        weight = self.weight
        with torch.no_grad():
            flat = weight.flatten(1)
            largest = flat.abs().amax(1) / _LARGEST_WEIGHT
            sums = [(sign * flat).clamp(min=0).sum(1) / (_MOST_SUM - (sign * flat > 0).sum(1) / 2) for sign in (1, -1)]
            step = torch.stack([largest, *sums]).amax(0) + 1e-9
        return weight / step[:, None, None, None]

    def integers(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Whole numbers as float64: weights (out, in, time, bands), bias, mult, shift of every output channel."""
        bias, mult, shift = self._whole()
        return rounded(self.steps()).detach().double(), bias, mult, shift

    def _gain(self) -> Tensor:
        """Above 0: a channel is never turned upside down, which would ask for a weight that there is not."""
        return self.gain.abs() + _LEAST_GAIN

    def _ratio(self) -> tuple[Tensor, Tensor]:
        """What is added to the sums, and by what they are multiplied to get levels."""
        deviation = (self.variance + _EPSILON).sqrt()
        gain = self._gain()
        return self.offset * deviation / gain - self.mean, gain / deviation * _LEVELS_PER_UNIT

    @torch.no_grad()
    def _whole(self) -> tuple[Tensor, Tensor, Tensor]:
        bias, ratio = (part.double() for part in self._ratio())
        shift = torch.floor(torch.log2(_MOST_MULT / ratio)).clamp(1, _MOST_SHIFT)
        mult = torch.floor(ratio * 2**shift + 0.5).clamp(1, _MOST_MULT)
        return torch.floor(bias + 0.5).clamp(-_MOST_BIAS, _MOST_BIAS), mult, shift

    def _requantised(self, sums: Tensor) -> Tensor:
        """As the watch does it; to the bit where nothing is learned, within float32 where something is."""
        bias, mult, shift = (part[:, None, None] for part in self._whole())
        if not self.training:
            scaled = torch.floor((sums.double() + bias) * mult / 2**shift + 0.5)
            return scaled.clamp(0, TOP).float()
        with torch.no_grad():
            hard = (sums + bias.float()).mul_((mult / 2**shift).float()).add_(0.5).floor_().clamp_(0, TOP)
        return _Instead.apply(self._normalised(sums, False), hard)  # pyright: ignore[reportReturnType]


class Student(nn.Module):
    """The network of the watch, and what it learns beside the words.

    Args:
        shape: of its layers.
        outputs: words and one for none.
        axes: of the teacher's embedding.
    """

    def __init__(self, shape: Shape, outputs: int, axes: int) -> None:
        super().__init__()
        layers = [Layer(1, shape.first, 5, 2)]
        channels, places = shape.first, WINDOW_FRAMES * BANDS // 4
        for made, stride in shape.blocks:
            layers += [Layer(channels, channels, 3, stride, depthwise=True), Layer(channels, made, 1)]
            channels, places = made, places // stride**2
        self.layers = nn.Sequential(*layers)
        self.shape = shape
        self.full = TOP * places / 2
        """The largest sum that pooling can give."""
        self.dense = nn.Linear(2 * channels, outputs)
        self.aside = nn.Linear(2 * channels, axes)
        self.mode = FLOAT

    def set_mode(self, mode: int) -> None:
        """FLOAT, ROUNDED or EXACT, for all layers."""
        self.mode = mode
        for layer in self.layers:
            cast("Layer", layer).mode = mode

    def pooled(self, levels: Tensor) -> Tensor:
        """Levels (n, 48, 32) of windows to the sums over both halves of the time, (n, 2 x channels)."""
        made = self.layers(levels[:, None].to(memory_format=torch.channels_last))
        half = made.shape[2] // 2
        return torch.cat([made[:, :, :half].sum((2, 3)), made[:, :, half:].sum((2, 3))], 1)

    def forward(self, levels: Tensor) -> tuple[Tensor, Tensor]:
        """Logits in natural units, and positions on the teacher's axes."""
        pooled = self.pooled(levels) / self.full
        kept = functional.dropout(pooled, _DROPPED, self.training)
        if self.mode == FLOAT:
            return self.dense(kept), self.aside(pooled)
        step = self.dense_step()
        weight = rounded((self.dense.weight / step).clamp(-_DENSE_TOP, _DENSE_TOP)) * step
        bias = rounded(self.dense.bias / (step / self.full)) * (step / self.full)
        return functional.linear(kept, weight, bias), self.aside(pooled)

    def dense_step(self) -> Tensor:
        """What 1 of the dense weights is worth; the same for all outputs, and a whole number in the unit of a file."""
        return self.scale() * self.full / SCALE_PER_UNIT

    def scale(self) -> Tensor:
        """What 1 of an integer logit is worth, in natural units, in 1/65536 (docs/voice.md, "File"): a whole number."""
        largest = self.dense.weight.detach().abs().max() / _DENSE_TOP / self.full
        return torch.ceil(largest * SCALE_PER_UNIT).clamp(min=1)

    @torch.no_grad()
    def cool(self, temperature: float) -> Student:
        """Divide all logits by `temperature`, within the rounding of the dense layer; returns itself."""
        self.dense.weight.div_(temperature)
        self.dense.bias.div_(temperature)
        return self
