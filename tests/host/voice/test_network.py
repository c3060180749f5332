"""The network of the watch, its loops in machine code, against the plain integers of the desk: bit for bit."""

from __future__ import annotations

import binascii
import json
import os
import random
import subprocess
import sys
from array import array
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapwatch.compiled import search_path
from tapwatch.voice import cost, weights_file
from tapwatch.voice.integer_network import IntegerNetwork, levels
from tapwatch.voice.model import MOST_SUM, TOP_LEVEL, Block, Convolution, Model, ModelProblem
from tests.bench import recogniser
from tests.bench.cycles import Chip
from tests.host.crypto.viper_words import Machine
from tests.host.voice import other_words
from tests.host.voice.networks import SMALL_FILE, TYPICAL, extreme, network, small
from tests.tools.trees import ROOT

MICROPYTHON = Path(sys.executable).with_name("micropython")
SMALL_CYCLES = 1_460_000
MOST_OFF = 0.04
"""Between what is counted and what the rates say."""
SCRIPT = Path(__file__).with_name("upy_run_network.py")
SHAPES = (
    ("typical", *TYPICAL),
    ("one block", 8, ((8, 1),)),
    ("widest", 32, ((96, 2), (128, 2))),
    ("deepest", 16, ((24, 1), (40, 2), (8, 1), (16, 1), (8, 2), (48, 1), (8, 1), (128, 1))),
    ("never halved", 16, ((16, 1), (32, 1))),
)
MACHINES: dict[str, Callable[[Path], Any]] = {
    "the chip's code": Chip,
    "32-bit words": lambda path: Machine(str(path), 32),
}


def windows(seed: int) -> np.ndarray:
    """Windows of all kinds: noise, slopes as of speech, silence, full scale, steps."""
    rng = np.random.default_rng(seed)
    noise = rng.integers(0, 256, (3, 48, 32))
    time, band = np.mgrid[0:48, 0:32]
    word = 200 - 3 * abs(time - 20) - 2 * band + rng.integers(-20, 21, (3, 48, 32))
    steps = [np.zeros((48, 32)), np.full((48, 32), 255), 255 * (time == 0), 255 * (time > 23), 255 * (band == 31)]
    return np.concatenate([noise, word, np.array(steps)]).clip(0, 255).astype(np.uint8)


def on_the_watch(cases: list[tuple[Model, np.ndarray]], folder: Path) -> list[list[int]]:
    """Logits and embedding of each window, as MicroPython finds them while its heap is locked."""
    paths = []
    for number, (model, given) in enumerate(cases):
        paths += [folder / f"{number}.twv", folder / f"{number}.windows"]
        paths[-2].write_bytes(weights_file.pack(model))
        paths[-1].write_bytes(given.tobytes())
    return _asked(*paths)


def _asked(*arguments: object) -> list[Any]:
    """What the script prints, line by line."""
    environment = dict(os.environ, MICROPYPATH=search_path())
    command = [MICROPYTHON, "-X", "heapsize=4M", SCRIPT, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def expected(model: Model, given: np.ndarray) -> list[list[int]]:
    logits, embedding = IntegerNetwork(model).run(given)
    return np.concatenate([logits, embedding], axis=1).tolist()


def test_every_shape(tmp_path: Path) -> None:
    cases = [(network(seed, *shape), windows(seed)) for seed, (_, *shape) in enumerate(SHAPES)]
    wanted = [line for model, given in cases for line in expected(model, given)]
    assert on_the_watch(cases, tmp_path) == wanted
    words = [len(model.dense) for model, given in cases for _ in given]
    sums = [value for line, count in zip(wanted, words, strict=True) for value in line[count:]]
    assert np.mean(np.array(sums) == 0) < 0.4, "these networks say nothing"
    print(f"NOTE voice: {len(wanted)} windows through {len(cases)} random networks, equal to the bit")


def _all(channels: int, taps: int, weight: int, bias: int) -> Convolution:
    """Every weight the same, as many as may be; what comes out is 63 or 0."""
    count = min(taps, MOST_SUM // abs(weight))
    rows = [
        [0] * (taps - count) + [weight] * count if number % 2 else [weight] * count + [0] * (taps - count)
        for number in range(channels)
    ]
    return Convolution(rows, [bias] * channels, [2047] * channels, [1] * channels)


def _uniform(weight: int, bias: int, dense: int) -> Model:
    base = network(1, *TYPICAL)
    blocks = [
        Block(
            block.stride,
            _all(block.depthwise.channels, 9, weight, bias),
            _all(block.pointwise.channels, block.depthwise.channels, weight, bias),
        )
        for block in base.blocks
    ]
    rows = [[dense] * len(base.dense[0])] * len(base.dense)
    return replace(base, first=_all(24, 25, weight, bias), blocks=blocks, dense=rows)


def test_extremes(tmp_path: Path) -> None:
    """All weights at an end of their range, all activations at theirs; bias at its ends."""
    full = np.full((1, 48, 32), 200, np.uint8)
    assert (levels(full) == TOP_LEVEL).all()
    given = np.concatenate([full, windows(9)[:2]])
    most = (1 << 20) - 1 - TOP_LEVEL * MOST_SUM
    models = [
        _uniform(31, 0, 127),
        _uniform(-32, 32736, -128),
        _uniform(-32, 0, 127),
        _uniform(31, -most, 127),
        network(5, *TYPICAL, draw=extreme),
        network(6, 8, ((96, 2), (128, 2)), draw=extreme),
    ]
    cases = [(model, given) for model in models]
    assert on_the_watch(cases, tmp_path) == [line for case in cases for line in expected(*case)]
    saturated = expected(models[0], full)[0][35:]
    assert set(saturated) == {12 * TOP_LEVEL}


@pytest.mark.parametrize("machine", MACHINES)
def test_other_words(machine: str) -> None:
    """The same with 32-bit words: as the chip's own code, and as viper is written."""
    model, given = small(), windows(3)[1:5:3]
    calls: set[str] = set()
    made = other_words.network(weights_file.pack(model), MACHINES[machine], lambda name, machine: calls.add(name))
    for window, wanted in zip(given, expected(model, given), strict=True):
        logits, embedding = array("i", bytes(4 * len(model.dense))), array("H", bytes(2 * made.embedding_size))
        made.run(bytearray(window.tobytes()), logits, embedding)
        assert [*logits, *embedding] == wanted
    made.clear()
    assert not any(any(buffer) for buffer in made._buffers)
    assert calls == other_words.viper_functions()
    print(f"NOTE voice: {len(calls)} viper functions of the network in {machine}, equal to the bit")


def test_cost() -> None:
    """What `make bench` counts of a network as it is trained, of a small one; a tenth more fails."""
    found = recogniser.cycles(weights_file.pack(small()))
    print(f"NOTE voice: a decision of the small network takes {found.total():,} cycles, estimated")
    assert found.total() < SMALL_CYCLES
    off = cost.decision_cycles(small()) / found.total() - 1
    print(f"NOTE voice: by the rates of `tapwatch voice test` it is {off:+.1%}")
    assert abs(off) < MOST_OFF


def test_the_file_of_other_tests_is_this_network() -> None:
    assert SMALL_FILE.read_bytes() == weights_file.pack(small())


def test_desk_and_watch_refuse_the_same(tmp_path: Path) -> None:
    """Files with a byte changed and the right check sum."""
    rng = random.Random(11)
    data = SMALL_FILE.read_bytes()
    forged = []
    for at in range(len(data) - 4):
        made = bytearray(data)
        made[at] = rng.choice([made[at] ^ 0x80, made[at] ^ 1 << rng.randrange(8), 0, 255])
        made[-4:] = binascii.crc32(made[:-4]).to_bytes(4, "little")
        forged.append(bytes(made))
    file = tmp_path / "forged"
    file.write_bytes(b"".join(forged))
    verdicts = [_taken(made) for made in forged]
    assert _asked("judge", file, len(data)) == verdicts
    assert 50 < verdicts.count(False) < len(verdicts) - 50
    print(f"NOTE voice: of {len(verdicts)} forged weights desk and watch refuse the same {verdicts.count(False)}")


def _taken(data: bytes) -> bool:
    try:
        weights_file.unpack(data)
    except ModelProblem:
        return False
    return True
