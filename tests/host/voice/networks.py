"""Networks out of random numbers, as files of weights hold them: for tests, and for the bench without a trained one.

`python -m tests.host.voice.networks` writes the small one that the tests inside MicroPython read.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from tapwatch.voice import weights_file
from tapwatch.voice.model import MOST_SUM, Block, Convolution, Model, layers
from tests.tools.trees import ROOT

SMALL_FILE = ROOT / "tests/vectors/voice/small.twv"
TYPICAL = (24, ((48, 2), (64, 1), (64, 1), (96, 2), (96, 1)))
"""Channels of the first convolution; channels and stride of each block."""
WORDS = 34
_USUAL_LEVEL = 25
_USUAL_SUM = 30

Draw = Callable[[random.Random], int]


def usual(rng: random.Random) -> int:
    """A weight of a trained network."""
    return max(-32, min(31, round(rng.gauss(0, 9))))


def extreme(rng: random.Random) -> int:
    """A weight at the end of its range."""
    return rng.choice((-32, 31))


def row(rng: random.Random, taps: int, draw: Draw) -> list[int]:
    """Weights of one output channel whose sums are allowed, close to the limit if they would be over it."""
    weights = [draw(rng) for _ in range(taps)]
    for sign in (1, -1):
        places = [place for place, weight in enumerate(weights) if weight * sign > 0]
        rng.shuffle(places)
        room = MOST_SUM
        for place in places:
            weights[place] = sign * min(room, abs(weights[place]))
            room -= abs(weights[place])
    return weights


def convolution(rng: random.Random, channels: int, taps: int, draw: Draw) -> Convolution:
    """One whose outputs use the whole range of activations."""
    rows = [row(rng, taps, draw) for _ in range(channels)]
    bias, mult, shift = [], [], []
    for weights in rows:
        spread = max(1.0, math.sqrt(sum(weight * weight for weight in weights)) * _USUAL_LEVEL)
        bias.append(round(rng.gauss(0.3, 0.5) * spread) - _USUAL_LEVEL * sum(weights))
        factor = _USUAL_SUM / spread * rng.uniform(0.5, 2)
        exponent = math.floor(math.log2(2047 / factor))
        shift.append(min(20, exponent))
        mult.append(max(1, min(2047, round(factor * 2 ** shift[-1]))))
    return Convolution(rows, bias, mult, shift)


def network(
    seed: int, first: int, blocks: tuple[tuple[int, int], ...], words: int = WORDS, draw: Draw = usual
) -> Model:
    """A network of this shape; the same one for the same seed."""
    rng = random.Random(seed)
    made = [convolution(rng, layer.channels, layer.taps, draw) for layer in layers(first, blocks)]
    pairs = zip(blocks, made[1::2], made[2::2], strict=True)
    size = 2 * made[-1].channels
    return Model(
        words=[f"word{number}" for number in range(words)],
        first=made[0],
        blocks=[Block(stride, depthwise, pointwise) for (_, stride), depthwise, pointwise in pairs],
        dense=[[rng.randint(-128, 127) for _ in range(size)] for _ in range(words + 1)],
        dense_bias=[rng.randint(-(1 << 30), (1 << 30) - 1) for _ in range(words + 1)],
        scale=rng.randrange(1 << 16),
        centre=[255, *(rng.randrange(256) for _ in range(size - 1))],
        thresholds=(32768, 45875, 52428),
        pull=1024,
        near=45875,
    )


def typical() -> Model:
    """A network as it is trained, with the numbers of chance."""
    return network(8, *TYPICAL)


def small() -> Model:
    """The smallest network that has everything: both strides, a word that is not ASCII."""
    made = network(7, 8, ((8, 2), (16, 1)), words=3)
    return replace(made, words=["yes", "no", "付款"])


if __name__ == "__main__":
    SMALL_FILE.parent.mkdir(exist_ok=True)
    SMALL_FILE.write_bytes(weights_file.pack(small()))
