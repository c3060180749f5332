"""A network of the recogniser as plain integers, and what it may be. `docs/voice.md`, section Network.

Numbers may be plain sequences or arrays of numpy: only indexing, `len` and `int` are asked of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Numbers = Sequence[int]

FRAMES, BANDS = 48, 32
TOP_LEVEL = 63
"""The largest activation."""
LOWEST_WEIGHT, HIGHEST_WEIGHT = -32, 31
MOST_SUM = 520
"""Of the positive weights of one output channel, and of the negative ones: 63 times that fits in 15 bits."""
MOST_VALUE = 1 << 20
"""`v` and its opposite stay below."""
MOST_MULT, MOST_SHIFT = 2047, 31
MOST_SCALED = 1 << 31
MOST_DENSE_BIAS = 1 << 30
MOST_CENTRE = 255
"""The largest value of a centre, which has it."""
CHANNEL_STEP, MOST_CHANNELS = 8, 128
MOST_BLOCKS, MOST_HALVINGS = 8, 2
MOST_WORDS, MOST_TEXT = 64, 1024
MOST_CELLS = 16_384
"""Activations of one layer, with a margin of one all around each half of the time."""
MOST_MACS = 2_500_000
_FIRST_TAPS, _DEPTH_TAPS = 25, 9
_SHORT = 1 << 16


class ModelProblem(ValueError):
    """A network is not one that the watch takes; the text says what is wrong with it."""


@dataclass(frozen=True)
class Convolution:
    """One convolution: `weights[output channel]` are all its weights, in the order time, frequency, input channel."""

    weights: Sequence[Numbers]
    bias: Numbers
    mult: Numbers
    shift: Numbers

    @property
    def channels(self) -> int:
        """Of its output."""
        return len(self.bias)


@dataclass(frozen=True)
class Block:
    """A depthwise convolution of 3x3, with nine weights a channel, and a pointwise one."""

    stride: int
    depthwise: Convolution
    pointwise: Convolution


@dataclass(frozen=True)
class Model:
    """All that a file of weights says, in the units of the file."""

    words: Sequence[str]
    first: Convolution
    blocks: Sequence[Block]
    dense: Sequence[Numbers]
    """(words + 1) rows of (2 x channels of the last block): those of the first half of the time first; signed bytes."""
    dense_bias: Numbers
    centre: Numbers
    """Mean direction of embeddings, as large as one of them: bytes, the largest 255."""
    scale: int
    """Natural units in 1/65536 for one unit of a logit."""
    thresholds: Numbers
    """Low, middle, high risk; probabilities in 1/65536."""
    pull: int = 0
    near: int = 0

    def convolutions(self) -> list[Convolution]:
        """In the order of the file."""
        return [self.first, *(part for block in self.blocks for part in (block.depthwise, block.pointwise))]


@dataclass(frozen=True)
class Layer:
    """What one convolution takes and gives: frames, bands and channels of its output, weights of one output channel."""

    frames: int
    bands: int
    channels: int
    taps: int

    @property
    def macs(self) -> int:
        """Multiplications of one decision."""
        return self.frames * self.bands * self.channels * self.taps


def layers(first: int, blocks: Sequence[tuple[int, int]]) -> list[Layer]:
    """The convolutions of a network by its channels: of the first one, then (channels, stride) of each block."""
    frames, bands, channels = FRAMES // 2, BANDS // 2, first
    found = [Layer(frames, bands, channels, _FIRST_TAPS)]
    for out, stride in blocks:
        frames, bands = frames // stride, bands // stride
        found.append(Layer(frames, bands, channels, _DEPTH_TAPS))
        found.append(Layer(frames, bands, out, channels))
        channels = out
    return found


def macs(model: Model) -> int:
    """Multiplications of one decision, the dense layer included."""
    plan = layers(model.first.channels, [(block.pointwise.channels, block.stride) for block in model.blocks])
    return sum(layer.macs for layer in plan) + len(model.dense) * len(model.dense[0])


def check(model: Model) -> None:
    """Raise ModelProblem unless the watch can take a network: every number is in its range, whatever comes in."""
    blocks = [(block.pointwise.channels, block.stride) for block in model.blocks]
    check_shape(model.first.channels, blocks, len(model.words))
    plan = layers(model.first.channels, blocks)
    for number, (layer, convolution) in enumerate(zip(plan, model.convolutions(), strict=True)):
        _check_convolution(f"convolution {number}", layer, convolution)
    _check_dense(model, 2 * plan[-1].channels)
    _check_centre(model.centre, 2 * plan[-1].channels)
    for name, value in (("scale", model.scale), ("pull", model.pull), ("near", model.near)):
        _within(name, value, 0, _SHORT - 1)
    _need(len(model.thresholds) == 3, "there have to be three thresholds")
    for value in model.thresholds:
        _within("threshold", value, 0, _SHORT - 1)
    _need(all(word and "\n" not in word for word in model.words), "a word is empty or has two lines")
    _within("length of all words", len("\n".join(model.words).encode()), 1, MOST_TEXT)
    _need(len(set(model.words)) == len(model.words), "a word is there twice")


def check_shape(first: int, blocks: Sequence[tuple[int, int]], words: int) -> None:
    """Raise ModelProblem unless channels, strides and sizes are such as the watch has room and time for."""
    _within("number of words", words, 1, MOST_WORDS)
    _within("number of blocks", len(blocks), 1, MOST_BLOCKS)
    for channels in (first, *(out for out, _ in blocks)):
        _within("number of channels", channels, CHANNEL_STEP, MOST_CHANNELS)
        _need(channels % CHANNEL_STEP == 0, f"{channels} channels are not a multiple of {CHANNEL_STEP}")
    _need(all(stride in (1, 2) for _, stride in blocks), "a stride is neither 1 nor 2")
    _need(sum(stride - 1 for _, stride in blocks) <= MOST_HALVINGS, f"more than {MOST_HALVINGS} blocks have stride 2")
    plan = layers(first, blocks)
    for layer in plan:
        cells = (layer.frames + 4) * (layer.bands + 2) * layer.channels
        _need(cells <= MOST_CELLS, f"a layer of {layer.channels} channels takes {cells} cells, over {MOST_CELLS}")
    total = sum(layer.macs for layer in plan)
    _need(total <= MOST_MACS, f"{total} multiplications are more than {MOST_MACS}")


def _check_convolution(name: str, layer: Layer, convolution: Convolution) -> None:
    _need(
        len(convolution.weights) == len(convolution.mult) == len(convolution.shift) == layer.channels,
        f"{name}: weights, bias, mult and shift are not of {layer.channels} channels",
    )
    for channel, row in enumerate(convolution.weights):
        where = f"{name}, channel {channel}"
        _need(len(row) == layer.taps, f"{where}: {len(row)} weights and not {layer.taps}")
        weights = [int(weight) for weight in row]
        for weight in (min(weights), max(weights)):
            _within(f"{where}: weight", weight, LOWEST_WEIGHT, HIGHEST_WEIGHT)
        positive = sum(weight for weight in weights if weight > 0)
        negative = positive - sum(weights)
        _within(f"{where}: sum of the positive weights", positive, 0, MOST_SUM)
        _within(f"{where}: sum of the negative weights", negative, 0, MOST_SUM)
        bias, mult, shift = (int(list_[channel]) for list_ in (convolution.bias, convolution.mult, convolution.shift))
        _within(f"{where}: mult", mult, 1, MOST_MULT)
        _within(f"{where}: shift", shift, 1, MOST_SHIFT)
        most = TOP_LEVEL * positive + bias
        _within(f"{where}: largest value", most, -MOST_VALUE + 1, MOST_VALUE - 1)
        _within(f"{where}: smallest value", bias - TOP_LEVEL * negative, -MOST_VALUE + 1, MOST_VALUE - 1)
        _within(f"{where}: largest scaled value", max(most, 0) * mult + (1 << shift - 1), 0, MOST_SCALED - 1)


def _check_dense(model: Model, size: int) -> None:
    _need(
        len(model.dense) == len(model.dense_bias) == len(model.words) + 1,
        "the dense layer has to have a row and a bias for each word and one for no word",
    )
    for number, row in enumerate(model.dense):
        _need(len(row) == size, f"dense row {number}: {len(row)} weights and not {size}")
        for weight in row:
            _within(f"dense row {number}: weight", int(weight), -128, 127)
    for bias in model.dense_bias:
        _within("dense bias", int(bias), -MOST_DENSE_BIAS, MOST_DENSE_BIAS - 1)


def _check_centre(centre: Numbers, size: int) -> None:
    _need(len(centre) == size, f"the centre has {len(centre)} values and not {size}")
    values = [int(value) for value in centre]
    _within("smallest value of the centre", min(values), 0, MOST_CENTRE)
    _within("largest value of the centre", max(values), MOST_CENTRE, MOST_CENTRE)


def _within(name: str, value: int, least: int, most: int) -> None:
    _need(least <= value <= most, f"{name} is {value}, outside of {least} to {most}")


def _need(good: bool, text: str) -> None:
    if not good:
        raise ModelProblem(text)
