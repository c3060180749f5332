"""Files of weights on the desk: what is written is read again, what the watch could not run is refused."""

from __future__ import annotations

import binascii
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from tapwatch.voice import weights_file
from tapwatch.voice.model import BANDS, FRAMES, Block, Convolution, Model, ModelProblem, layers, macs
from tests.host.voice.networks import TYPICAL, small, typical


def _lists(value: Any) -> Any:
    """All sequences as lists."""
    if isinstance(value, list | tuple):
        return [_lists(part) for part in value]
    return {key: _lists(part) for key, part in value.items()} if isinstance(value, dict) else value


def test_what_is_written_is_read_again() -> None:
    for model in (small(), typical()):
        data = weights_file.pack(model)
        assert _lists(dataclasses.asdict(weights_file.unpack(data))) == _lists(dataclasses.asdict(model))
        assert weights_file.pack(weights_file.unpack(data)) == data
    print(f"NOTE voice: a network of {macs(model):,} multiplications has a file of {len(data)} bytes")


def test_the_first_bytes_by_hand() -> None:
    """As docs/voice.md lists them: the head, the words, the blocks, and the first four weights in three bytes."""
    model = small()
    data = weights_file.pack(model)
    words = "yes\nno\n付款".encode()
    assert data[:6] == b"TWV2" + len(data).to_bytes(2, "little")
    assert data[6:10] == bytes((3, 8, 2, 0))
    assert data[12:18] == b"\x00\x80\x33\xb3\xcc\xcc"
    assert data[22:24] == len(words).to_bytes(2, "little")
    assert data[24 : 24 + len(words) + 4] == words + bytes((8, 2, 16, 1))
    at = 24 + len(words) + 4
    first = [weight + 32 for weight in model.first.weights[0][:4]]
    assert int.from_bytes(data[at : at + 3], "little") == sum(value << 6 * n for n, value in enumerate(first))
    biases = b"".join(bias.to_bytes(4, "little", signed=True) for bias in model.dense_bias)
    assert data[-4 - 32 - 16 : -4] == biases + bytes(model.centre)


def test_sizes() -> None:
    plan = layers(*TYPICAL)
    assert (plan[0].frames, plan[0].bands) == (FRAMES // 2, BANDS // 2)
    assert plan[-1].macs == 6 * 4 * 96 * 96
    assert plan[1].macs == 12 * 8 * 24 * 9


def test_damage_is_noticed() -> None:
    data = bytearray(weights_file.pack(small()))
    for at in range(len(data)):
        data[at] ^= 0x55
        with pytest.raises(ModelProblem):
            weights_file.unpack(bytes(data))
        data[at] ^= 0x55
        with pytest.raises(ModelProblem):
            weights_file.unpack(bytes(data[:at]))
        forged = bytearray(data)
        forged[at] ^= 0x81
        forged[-4:] = binascii.crc32(forged[:-4]).to_bytes(4, "little")
        try:
            weights_file.unpack(bytes(forged))
        except ModelProblem:
            continue


def _first(**fields: Any) -> Callable[[Model], Model]:
    return lambda model: dataclasses.replace(model, first=dataclasses.replace(model.first, **fields))


ROWS = [[0] * 25] * 7
BAD: dict[str, Callable[[Model], Model]] = {
    "a weight of 7 bits": _first(weights=[*ROWS, [32] + [0] * 24]),
    "a weight too low": _first(weights=[*ROWS, [-33] + [0] * 24]),
    "positive weights of 521": _first(weights=[*ROWS, [31] * 16 + [25] + [0] * 8]),
    "negative weights of 521": _first(weights=[*ROWS, [-32] * 16 + [-9] + [0] * 8]),
    "a bias too high": _first(bias=[1 << 20] * 8),
    "a bias too low": _first(bias=[-(1 << 20)] * 8),
    "mult of 0": _first(mult=[0] * 8),
    "mult of 12 bits": _first(mult=[2048] * 8),
    "shift of 0": _first(shift=[0] * 8),
    "shift of 32": _first(shift=[32] * 8),
    "a product that does not fit": _first(bias=[1 << 19] * 8, mult=[2047] * 8, shift=[31] * 8),
    "a weight less": _first(weights=[*ROWS, [0] * 24]),
    "a bias of another layer": _first(bias=[0] * 16),
    "twelve channels": _first(weights=[[0] * 25] * 12, bias=[0] * 12, mult=[1] * 12, shift=[1] * 12),
    "a stride of 3": lambda model: dataclasses.replace(model, blocks=[dataclasses.replace(model.blocks[0], stride=3)]),
    "no block": lambda model: dataclasses.replace(model, blocks=[]),
    "three strides": lambda model: dataclasses.replace(model, blocks=[model.blocks[0]] * 3),
    "a word twice": lambda model: dataclasses.replace(model, words=["yes", "yes", "no"]),
    "a word of two lines": lambda model: dataclasses.replace(model, words=["yes", "n\no", "no"]),
    "an empty word": lambda model: dataclasses.replace(model, words=["yes", "", "no"]),
    "words of a kilobyte": lambda model: dataclasses.replace(model, words=["yes", "no", "n" * 1018]),
    "words without rows": lambda model: dataclasses.replace(model, words=["yes"]),
    "a dense weight of 9 bits": lambda model: dataclasses.replace(model, dense=[[128] * 32] * 4),
    "a dense bias of 32 bits": lambda model: dataclasses.replace(model, dense_bias=[1 << 30] * 4),
    "a centre of zeros": lambda model: dataclasses.replace(model, centre=[0] * 32),
    "a centre that is too short": lambda model: dataclasses.replace(model, centre=[255] * 31),
    "a centre that is not scaled": lambda model: dataclasses.replace(model, centre=[254] * 32),
    "a centre of 9 bits": lambda model: dataclasses.replace(model, centre=[255] * 31 + [256]),
    "a centre below 0": lambda model: dataclasses.replace(model, centre=[255] * 31 + [-1]),
    "no centre": lambda model: dataclasses.replace(model, centre=()),
    "two thresholds": lambda model: dataclasses.replace(model, thresholds=(1, 2)),
    "a threshold of 1": lambda model: dataclasses.replace(model, thresholds=(1, 2, 65536)),
    "a scale below 0": lambda model: dataclasses.replace(model, scale=-1),
}


@pytest.mark.parametrize("name", BAD)
def test_what_the_watch_could_not_run_is_refused(name: str) -> None:
    with pytest.raises(ModelProblem):
        weights_file.pack(BAD[name](small()))


def test_too_large_networks_are_refused() -> None:
    def wide(channels: int, count: int) -> Model:
        rules = {"bias": [0] * channels, "mult": [1] * channels, "shift": [1] * channels}
        depthwise = Convolution(weights=[[0] * 9] * channels, **rules)
        block = Block(1, depthwise, Convolution(weights=[[0] * channels] * channels, **rules))
        first = Convolution(weights=[[0] * 25] * channels, **rules)
        return Model(
            ["yes"], first, [block] * count, [[0] * 2 * channels] * 2, [0, 0], [255] * 2 * channels, 1, (1, 2, 3)
        )

    assert weights_file.pack(wide(32, 2))
    for channels, count, reason in ((40, 1, "cells"), (136, 1, "channels"), (32, 9, "blocks"), (32, 7, "multiplic")):
        with pytest.raises(ModelProblem, match=reason):
            weights_file.pack(wide(channels, count))
