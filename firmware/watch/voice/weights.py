"""Reads a file of weights, `TWV2`, and unpacks it for the loops. `docs/voice.md` says what it holds, and its limits.

Everything is capped before it is used; what fits the file but would let a number leave its bits is refused, too.
"""

import binascii
import struct
from array import array

import micropython
from micropython import const

from watch.kernel.errors import CorruptError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import List, Tuple

ROWS = const(24)
"""Frames of half a window."""
BANDS = const(32)
MOST_BYTES = const(49152)
_HEAD = "<4sHBBBBH3HHHH"
_HEAD_BYTES = const(24)
_CRC_BYTES = const(4)
_CHANNEL_BYTES = const(5)
_MOST_WORDS = const(64)
_MOST_TEXT = const(1024)
_MOST_BLOCKS, _MOST_HALVINGS = const(8), const(2)
_STEP, _MOST_CHANNELS = const(8), const(128)
_MOST_CELLS = const(8192)
"""Words of a layer with its margin: half of the limit of the docs, which counts activations."""
_MOST_MACS = const(2_500_000)
_FIRST_TAPS, _DEPTH_TAPS = const(25), const(9)
_TOP_LEVEL = const(63)
_TOP_BYTE = const(255)
_MOST_SUM = const(520)
_MOST_VALUE = const(1 << 20)
_MULT_BITS = const(11)
_RULE = const(4)
"""Words of a channel's rule: `kernels.requantise`."""
_SIGN_BIT = const(23)
_BIAS_SPAN = const(1 << 24)


@micropython.viper
def spread(data: ptr8, into: ptr8, at: int, count: int):  # noqa: ANN201
    """Unpack `count` weights of 6 bits from byte `at` on, with 32 added as they are in the file, one to a byte."""
    i = 0
    bit = at << 3
    while i < count:
        byte = bit >> 3
        into[i] = ((data[byte] | data[byte + 1] << 8) >> (bit & 7)) & 63
        bit += 6
        i += 1


@micropython.viper
def widen(weights: ptr8, into: ptr32, count: int):  # noqa: ANN201
    """The same weights without the 32, one to a word."""
    i = 0
    while i < count:
        into[i] = int(weights[i]) - 32
        i += 1


@micropython.viper
def add_up(weights: ptr8, sums: ptr16, channels: int, taps: int):  # noqa: ANN201
    """For each channel the sum of its positive weights and that of its negative ones, without the sign."""
    at = 0
    i = 0
    while i < channels:
        positive = 0
        negative = 0
        n = 0
        while n < taps:
            weight = int(weights[at]) - 32
            if weight > 0:
                positive += weight
            else:
                negative -= weight
            at += 1
            n += 1
        sums[2 * i] = positive
        sums[2 * i + 1] = negative
        i += 1


@micropython.viper
def turn(data: ptr8, into: ptr8, at: int, count: int):  # noqa: ANN201
    """Copy signed bytes from byte `at` on, with 128 added."""
    i = 0
    while i < count:
        into[i] = data[at + i] ^ 128
        i += 1


class Layer:
    """One convolution. `weights` are words, or bytes with 32 added if it is pointwise."""

    def __init__(self, taps: int, shape: "Tuple[int, int, int, int, int]") -> None:
        """`shape`: rows, bands, channels in, channels, stride."""
        rows, bands, _, channels, _ = shape
        self.taps, self.channels = taps, channels
        self.cells = (rows + 2) * (bands + 2) * channels
        """Words of its output, with a margin around each channel."""
        self.macs = 2 * rows * bands * channels * taps
        self.shape = array("H", shape)
        self.weights = b""  # type: bytes | bytearray | array[int]
        self.rules = array("i")

    def read(self, data: bytes, at: int) -> int:
        """Take weights and rules from byte `at` on; returns what is behind them. Raises CorruptError."""
        count = self.taps * self.channels
        weights = bytearray(count)
        spread(data, weights, at, count)
        at += count * 6 // 8
        sums = array("H", bytes(4 * self.channels))
        add_up(weights, sums, self.channels, self.taps)
        self.rules = array("i", bytes(4 * _RULE * self.channels))
        for channel in range(self.channels):
            self._rule(data, at + _CHANNEL_BYTES * channel, channel, sums[2 * channel], sums[2 * channel + 1])
        self.weights = weights
        if self.taps in (_FIRST_TAPS, _DEPTH_TAPS):
            self.weights = array("i", bytes(4 * count))
            widen(weights, self.weights, count)
        return at + _CHANNEL_BYTES * self.channels

    def _rule(self, data: bytes, at: int, channel: int, positive: int, negative: int) -> None:
        bias = data[at] | data[at + 1] << 8 | data[at + 2] << 16
        if bias >> _SIGN_BIT:
            bias -= _BIAS_SPAN
        scaled = data[at + 3] | data[at + 4] << 8
        mult, shift = scaled & (1 << _MULT_BITS) - 1, scaled >> _MULT_BITS
        most, least = _TOP_LEVEL * positive + bias, bias - _TOP_LEVEL * negative
        if positive > _MOST_SUM or negative > _MOST_SUM or not mult or not shift:
            raise CorruptError("weights out of range")
        half = 1 << shift - 1
        if most >= _MOST_VALUE or least <= -_MOST_VALUE or (max(most, 0) * mult + half) >> 31:
            raise CorruptError("weights do not fit")
        at = _RULE * channel
        rules = self.rules
        rules[at], rules[at + 1], rules[at + 2], rules[at + 3] = bias + _MOST_VALUE, mult, half, shift


class Weights:
    """What is in a file.

    Raises:
        CorruptError: the file is damaged, or holds a network that the loops must not run.
    """

    def __init__(self, data: bytes) -> None:
        _need(_HEAD_BYTES + _CRC_BYTES <= len(data) <= MOST_BYTES, "length of the weights")
        end = len(data) - _CRC_BYTES
        fields = struct.unpack_from(_HEAD, data, 0)
        magic, length, count, first, blocks, zero = fields[:6]
        self.scale, low, middle, high, self.pull, self.near, text = fields[6:]
        self.thresholds = (low, middle, high)
        _need(magic == b"TWV2" and length == len(data) and zero == 0, "no file of weights")
        _need(struct.unpack_from("<I", data, end)[0] == binascii.crc32(memoryview(data)[:end]), "weights damaged")
        _need(0 < count <= _MOST_WORDS and 0 < blocks <= _MOST_BLOCKS and text <= _MOST_TEXT, "size of the network")
        at = _HEAD_BYTES + text
        _need(at + 2 * blocks <= end, "end of the weights")
        self.words = _words(data[_HEAD_BYTES:at], count)
        self.layers = _plan(first, data[at : at + 2 * blocks])
        """The first convolution, then two of each block."""
        at += 2 * blocks
        self.size = 2 * self.layers[-1].channels
        """Numbers of an embedding."""
        rest = (count + 1) * (self.size + 4) + self.size
        for layer in self.layers:
            rest += layer.channels * _CHANNEL_BYTES + layer.channels * layer.taps * 6 // 8
        _need(at + rest == end, "length of the weights")
        for layer in self.layers:
            at = layer.read(data, at)
        self.dense = bytearray((count + 1) * self.size)
        turn(data, self.dense, at, len(self.dense))
        biases = struct.unpack_from("<%di" % (count + 1), data, at + len(self.dense))
        self.centre = bytes(data[end - self.size : end])
        _need(max(self.centre) == _TOP_BYTE, "centre of the embeddings")
        _need(min(biases) >= -(1 << 30) and max(biases) < 1 << 30, "bias out of range")
        self.dense_bias = array("i", biases)


def _need(good: bool, text: str) -> None:
    if not good:
        raise CorruptError(text)


def _words(text: bytes, count: int) -> "Tuple[str, ...]":
    try:
        words = tuple(str(text, "utf-8").split("\n"))
    except UnicodeError:
        raise CorruptError("words are no text")
    _need(len(words) == count == len(set(words)) and all(words), "words of the network")
    return words


def _plan(first: int, blocks: bytes) -> "List[Layer]":
    """The convolutions; `blocks` are pairs of channels and stride. Raises CorruptError."""
    rows, bands = ROWS // 2, BANDS // 2
    layers = [Layer(_FIRST_TAPS, (rows, bands, 1, _channels(first), 2))]
    halvings = 0
    inside = first
    for at in range(0, len(blocks), 2):
        channels, stride = _channels(blocks[at]), blocks[at + 1]
        halvings += stride - 1
        _need(stride in (1, 2) and halvings <= _MOST_HALVINGS, "stride of a block")
        rows, bands = rows // stride, bands // stride
        layers.append(Layer(_DEPTH_TAPS, (rows, bands, inside, inside, stride)))
        layers.append(Layer(inside, (rows, bands, inside, channels, 1)))
        inside = channels
    _need(max(layer.cells for layer in layers) <= _MOST_CELLS, "size of a layer")
    _need(sum(layer.macs for layer in layers) <= _MOST_MACS, "size of the network")
    return layers


def _channels(number: int) -> int:
    _need(_STEP <= number <= _MOST_CHANNELS and number % _STEP == 0, "channels of a layer")
    return number
