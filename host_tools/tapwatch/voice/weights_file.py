"""Files of weights, `TWV2`: a network as the watch carries it. `docs/voice.md`, section File."""

from __future__ import annotations

import binascii
import struct
from collections.abc import Iterable

from tapwatch.voice.model import Block, Convolution, Model, ModelProblem, check, check_shape, layers

MAGIC = b"TWV2"
MOST_BYTES = 49_152
_HEAD = struct.Struct("<4sHBBBBH3HHHH")
_CRC_BYTES = 4
_WEIGHT_BITS, _WEIGHT_OFFSET = 6, 32
_SHIFT_BIT = 11
_BIAS_BYTES, _CHANNEL_BYTES = 3, 5


def pack(model: Model) -> bytes:
    """The file of a network.

    Raises:
        ModelProblem: a number is out of its range, or the file gets too long.
    """
    check(model)
    words = "\n".join(model.words).encode()
    body = bytearray()
    for block in model.blocks:
        body += bytes((block.pointwise.channels, block.stride))
    for convolution in model.convolutions():
        body += _packed(int(weight) for row in convolution.weights for weight in row)
        for channel in range(convolution.channels):
            bias = int(convolution.bias[channel]).to_bytes(_BIAS_BYTES, "little", signed=True)
            mult, shift = int(convolution.mult[channel]), int(convolution.shift[channel])
            body += bias + (mult | shift << _SHIFT_BIT).to_bytes(2, "little")
    for row in model.dense:
        body += bytes(int(weight) & 0xFF for weight in row)
    body += struct.pack(f"<{len(model.dense_bias)}i", *(int(bias) for bias in model.dense_bias))
    body += bytes(int(value) for value in model.centre)
    length = _HEAD.size + len(words) + len(body) + _CRC_BYTES
    if length > MOST_BYTES:
        raise ModelProblem(f"the file has {length} bytes, over {MOST_BYTES}")
    thresholds = [int(value) for value in model.thresholds]
    counts = len(model.words), model.first.channels, len(model.blocks), 0
    head = _HEAD.pack(MAGIC, length, *counts, model.scale, *thresholds, model.pull, model.near, len(words))
    data = head + words + bytes(body)
    return data + binascii.crc32(data).to_bytes(_CRC_BYTES, "little")


def _packed(weights: Iterable[int]) -> bytes:
    bits = count = 0
    for weight in weights:
        bits |= weight + _WEIGHT_OFFSET << count
        count += _WEIGHT_BITS
    return bits.to_bytes(-(-count // 8), "little")


def unpack(data: bytes) -> Model:
    """What a file says.

    Raises:
        ModelProblem: it is no file of weights, is damaged, or holds a network that the watch would not take.
    """
    if not _HEAD.size + _CRC_BYTES <= len(data) <= MOST_BYTES or data[:4] != MAGIC:
        raise ModelProblem("this is no file of weights")
    if binascii.crc32(data[:-_CRC_BYTES]) != int.from_bytes(data[-_CRC_BYTES:], "little"):
        raise ModelProblem("the file is damaged")
    model = _Reader(data).model()
    check(model)
    return model


class _Reader:
    """Takes a file apart from its beginning to its end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data[:-_CRC_BYTES], 0

    def _take(self, count: int) -> bytes:
        self._at += count
        if self._at > len(self._data):
            raise ModelProblem("the file ends too early")
        return self._data[self._at - count : self._at]

    def model(self) -> Model:
        """The network; its numbers are not checked yet."""
        head = _HEAD.unpack(self._take(_HEAD.size))
        words, first, blocks, zero = head[2:6]
        scale, low, middle, high, pull, near, size = head[6:]
        if head[1] != len(self._data) + _CRC_BYTES or zero:
            raise ModelProblem("the file is not as long as it says")
        try:
            names = self._take(size).decode().split("\n")
        except UnicodeDecodeError as error:
            raise ModelProblem("the words are no UTF-8") from error
        if len(names) != words:
            raise ModelProblem(f"there are {len(names)} words and not {words}")
        flat = self._take(2 * blocks)
        plan = list(zip(flat[::2], flat[1::2], strict=True))
        check_shape(first, plan, words)
        parts = [self._convolution(layer.channels, layer.taps) for layer in layers(first, plan)]
        pairs = zip(plan, parts[1::2], parts[2::2], strict=True)
        columns = 2 * parts[-1].channels
        dense = [struct.unpack(f"{columns}b", self._take(columns)) for _ in range(words + 1)]
        bias = struct.unpack(f"<{words + 1}i", self._take(4 * (words + 1)))
        centre = list(self._take(columns))
        if self._at != len(self._data):
            raise ModelProblem("the file is longer than its network")
        made = [Block(stride, depthwise, pointwise) for (_, stride), depthwise, pointwise in pairs]
        return Model(names, parts[0], made, dense, bias, centre, scale, (low, middle, high), pull, near)

    def _convolution(self, channels: int, taps: int) -> Convolution:
        count = channels * taps
        bits = int.from_bytes(self._take(-(-count * _WEIGHT_BITS // 8)), "little")
        mask = (1 << _WEIGHT_BITS) - 1
        flat = [(bits >> _WEIGHT_BITS * n & mask) - _WEIGHT_OFFSET for n in range(count)]
        rows = [flat[n : n + taps] for n in range(0, count, taps)]
        fields = [self._take(_CHANNEL_BYTES) for _ in range(channels)]
        bias = [int.from_bytes(field[:_BIAS_BYTES], "little", signed=True) for field in fields]
        scaled = [int.from_bytes(field[_BIAS_BYTES:], "little") for field in fields]
        low = (1 << _SHIFT_BIT) - 1
        return Convolution(rows, bias, [value & low for value in scaled], [value >> _SHIFT_BIT for value in scaled])
