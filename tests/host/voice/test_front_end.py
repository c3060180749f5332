"""The front end of the watch on 64 and on 32 bits against numpy's whole numbers, and these against floats."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from array import array
from pathlib import Path

import numpy as np
import pytest

from tapwatch.compiled import search_path
from tapwatch.voice import front_end
from tapwatch.voice.cost import FRAME_CYCLES
from tests.bench import budgets
from tests.bench.front_end import FrontEndOnChip
from tests.host.voice import real_speech
from tests.tools.trees import ROOT

MICROPYTHON = Path(sys.executable).with_name("micropython")
SCRIPT = Path(__file__).with_name("upy_run_front_end.py")
RATE = front_end.RATE_HZ
LOUDEST_UNITS = 130
"""49 dB: what is held against floats lies within that of the loudest band."""
MOST_ERROR, MOST_STD = 1.6, 0.32
"""Units of 0.376 dB. Rounding to whole ones alone gives 0.5 and 0.289."""
HELD_CYCLES = 165_000
"""What is reached, and a little more."""
ON_A_CONSTANT = "noise on a constant"
MOST_ON_A_CONSTANT = 4.0
"""A constant 60 times as large as the sound takes 6 bits away from it."""


def sounds() -> dict[str, np.ndarray]:
    """Sounds of many kinds, a second each."""
    rng = np.random.default_rng(20261123)
    time = np.arange(RATE) / RATE
    sweep = np.sin(2 * np.pi * (60 * time + 3900 * time**2))
    pitch = 2 * np.pi * np.cumsum(120 + 60 * time) / RATE
    speech = sum(np.sin(n * pitch + n * n) / (1 + (n / 6) ** 2) for n in range(1, 40)) * (1 + np.sin(18 * time)) / 8
    clicks = np.zeros(RATE)
    clicks[rng.integers(0, RATE, 60)] = rng.integers(-32768, 32768, 60)
    square = np.sign(np.sin(2 * np.pi * 440 * time) + 1e-9)
    made = {f"sweep at {top}": top * sweep for top in (32767, 3000, 30, 3)}
    made |= {f"noise at {top}": rng.normal(0, top / 4, RATE) for top in (60000, 8000, 400, 20)}
    made |= {f"speech at {top}": top * speech + rng.normal(0, 1, RATE) for top in (60000, 9000, 500)}
    made |= {
        "clicks": clicks,
        "full square": 32767 * square,
        "lowest square": np.where(np.arange(RATE) // 2 % 2, -32768, 32767),
        "constant": np.full(RATE, 32767),
        "lowest constant": np.full(RATE, -32768),
        ON_A_CONSTANT: rng.normal(0, 50, RATE) + 3000,
        "silence": np.zeros(RATE),
    }
    return {name: np.rint(sound).clip(-32768, 32767).astype(np.int16) for name, sound in made.items()}


def on_the_watch(given: list[np.ndarray], folder: Path) -> np.ndarray:
    """Rows of 33 bytes, by unix MicroPython."""
    source, target = folder / "sounds", folder / "answers"
    source.write_bytes(b"".join(len(sound).to_bytes(4, "little") + sound.tobytes() for sound in given))
    environment = dict(os.environ, MICROPYPATH=search_path())
    command = [MICROPYTHON, "-X", "heapsize=4M", SCRIPT, source, target]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    return np.fromfile(target, np.uint8).reshape(-1, front_end.BANDS + 1)


def frames_of(sound: np.ndarray) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(sound, front_end.FRAME_SAMPLES)[:: front_end.HOP_SAMPLES]


def by_numpy(given: list[np.ndarray]) -> np.ndarray:
    bands, level = front_end.log_mel(np.concatenate([frames_of(sound) for sound in given]))
    return np.concatenate([bands, level[:, None]], axis=1)


def by_definition(frames: np.ndarray) -> np.ndarray:
    """As docs/voice.md says it, in floats, unrounded; the last column is all bands together."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512)
    power = np.abs(np.fft.rfft(frames * window) / 256) ** 2
    hertz = np.arange(257) * RATE / 512
    lowest, highest = (1127 * np.log(1 + edge / 700) for edge in (80, 7600))
    edges = 700 * (np.exp(np.linspace(lowest, highest, 34) / 1127) - 1)
    bands = np.zeros((len(frames), 33))
    for band in range(32):
        low, middle, high = edges[band : band + 3]
        weights = np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)).clip(0)
        bands[:, band] = power @ weights
    bands[:, 32] = bands.sum(axis=1)
    return 8 * np.log2(np.maximum(bands, 1e-30)) + front_end.OFFSET


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, np.ndarray], np.ndarray]:
    made = sounds()
    return made, on_the_watch(list(made.values()), tmp_path_factory.mktemp("sounds"))


def test_the_watch_hears_what_numpy_hears(heard: tuple[dict[str, np.ndarray], np.ndarray]) -> None:
    made, rows = heard
    wanted = by_numpy(list(made.values()))
    assert np.array_equal(rows, wanted)
    assert len({bytes(row) for row in rows}) > len(rows) // 2, "frames differ"
    assert not rows[-len(frames_of(made["silence"])) :].any()
    print(f"NOTE voice.front_end: {len(rows)} frames of {len(made)} sounds as by numpy, bit for bit")


def _errors(rows: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """What the bands within 49 dB of the loudest are off, in units."""
    bands = by_definition(frames)[:, :32]
    held = (bands > bands.max(axis=1, keepdims=True) - LOUDEST_UNITS) & (bands > 0) & (bands < 255)
    return (rows[:, :32] - bands)[held]


def _told(errors: np.ndarray) -> str:
    return f"std {errors.std():.3f}, most {abs(errors).max():.2f} units of 0.376 dB in {errors.size} bands within 49 dB"


def test_numpy_hears_what_is_defined(heard: tuple[dict[str, np.ndarray], np.ndarray]) -> None:
    """The limits are close to those of rounding; a bias of a quarter of a unit, 0.1 dB, would be noticed."""
    made = dict(heard[0])
    constant = made.pop(ON_A_CONSTANT)
    frames = np.concatenate([frames_of(sound) for sound in made.values()])
    rows = by_numpy(list(made.values()))
    errors, others = _errors(rows, frames), _errors(by_numpy([constant]), frames_of(constant))
    exact = by_definition(frames)[:, 32]
    level = (rows[:, 32] - exact)[(exact > 0) & (exact < 255)]
    print(f"NOTE voice.front_end: {_told(errors)}; on a constant {_told(others)}; level {abs(level).max():.2f}")
    assert errors.size > 10_000
    assert abs(errors.mean()) < 0.05 < abs(errors + 0.25).mean()
    assert errors.std() < MOST_STD
    assert max(abs(errors).max(), abs(level).max()) < MOST_ERROR
    assert abs(others).max() < MOST_ON_A_CONSTANT
    assert _errors(rows[:, ::-1][:, 1:], frames).std() > 10 * MOST_STD, "bands in the wrong order"


def test_the_chip_hears_the_same(heard: tuple[dict[str, np.ndarray], np.ndarray]) -> None:
    """Machine code for the ESP32-S3, run with its words of 32 bits, on the extremes and on some of everything."""
    made, rows = heard
    chip, cycles = FrontEndOnChip(), []
    firsts = np.cumsum([0] + [len(frames_of(sound)) for sound in made.values()])
    for (name, sound), first in zip(made.items(), firsts, strict=False):
        frame = array("h", frames_of(sound)[7].tobytes())
        assert chip.frame(frame) == bytes(rows[first + 7]), name
        cycles.append(chip.cycles)
    print(f"NOTE voice.front_end: {len(cycles)} frames on 32 bits; {max(cycles):,} cycles at most, estimated")
    assert max(cycles) <= HELD_CYCLES
    assert abs(max(cycles) / FRAME_CYCLES - 1) < 0.03, "`tapwatch voice test` tells another number"
    assert not budgets.exceeded({"voice.front_end.cycles_est": max(cycles)})
    assert budgets.exceeded({"voice.front_end.cycles_est": 2 * max(cycles)})


def test_a_wrong_bit_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [sounds()["speech at 9000"]]
    right = by_numpy(made)
    monkeypatch.setattr(front_end, "TURN_BITS", 9)
    assert not np.array_equal(right, by_numpy(made))


def test_real_speech(tmp_path: Path) -> None:
    """Every clip of the digits, two samples for one: they come with 8 kHz."""
    given = []
    for path in sorted((real_speech.folder() / "digits").glob("*.wav"))[::2]:
        with wave.open(str(path)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        given.append(np.repeat(sound, 2))
    given = [sound for sound in given if len(sound) >= front_end.FRAME_SAMPLES]
    rows = on_the_watch(given, tmp_path)
    assert np.array_equal(rows, by_numpy(given))
    few = given[::10]
    errors = _errors(by_numpy(few), np.concatenate([frames_of(sound) for sound in few]))
    print(f"NOTE voice.front_end: {len(given)} real clips, {len(rows)} frames, bit for bit; {_told(errors)}")
    assert errors.std() < MOST_STD
