"""A real training, tiny: every stage is killed once while it works, goes on, and ends in a file of weights that hears.

It speaks with what `make setup` installs and takes a few core-seconds; its numbers say nothing about a real training.
"""

from __future__ import annotations

import json
import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from tapwatch.voice.integer_network import IntegerNetwork
from tapwatch.voice.training import (
    calibrate_stage,
    clips,
    examples,
    examples_stage,
    files,
    head_stage,
    plots,
    records,
    report_stage,
    speech_stage,
    student_stage,
)
from tapwatch.voice.training.features import WINDOW_FRAMES
from tapwatch.voice.training.sizes import SIZES
from tapwatch.voice.training.stages import STAGES, Settings
from tapwatch.voice.weights_file import unpack
from tapwatch.voice.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNS = {
    "speech": speech_stage.run,
    "examples": examples_stage.run,
    "head": head_stage.run,
    "student": student_stage.run,
    "calibrate": calibrate_stage.run,
    "report": report_stage.run,
}
DIES_AT = {"speech": 2, "examples": 3, "head": 1, "student": 30, "calibrate": 2, "report": 3}
"""The file with which each stage is killed the first time it runs."""
WRITTEN = {"speech": 2, "examples": 9, "head": 3, "student": 110}
"""Files that each stage writes in all; the one it died with is begun twice."""
CHANCE = 1 / 4
WRITERS = (files, clips, examples_stage, head_stage, student_stage, calibrate_stage, plots)


class _Disk:
    """Counts files that were finished; kills who begins the one that is said."""

    def __init__(self) -> None:
        self.finished = 0
        self.dies_at = 0
        self._begun = 0

    def arm(self, dies_at: int) -> None:
        self._begun, self.dies_at = 0, dies_at

    @contextmanager
    def whole_file(self, path: Path) -> Iterator[Any]:
        self._begun += 1
        with self._real(path) as file:
            yield file
            if self._begun == self.dies_at:
                raise KeyboardInterrupt
        self.finished += 1

    _real = staticmethod(files.whole_file)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, int]]:
    """A training of which every stage was killed once, and how many files each stage finished."""
    torch.set_num_threads(1)
    settings = Settings(tmp_path_factory.mktemp("work"), "en", SIZES["smoke"], 0, 1, math.inf, math.inf)
    disk, finished = _Disk(), {}
    with pytest.MonkeyPatch.context() as patch:
        for module in WRITERS:
            patch.setattr(module, "whole_file", disk.whole_file)
        for stage in STAGES:
            disk.arm(DIES_AT[stage])
            before = disk.finished
            with pytest.raises(KeyboardInterrupt):
                RUNS[stage](settings)
            disk.arm(0)
            RUNS[stage](settings)
            finished[stage] = disk.finished - before
    return settings, finished


def test_nothing_is_done_twice(trained: tuple[Settings, dict[str, int]]) -> None:
    """A stage that was killed makes what was missing, once, and has all in the end."""
    _, finished = trained
    assert {stage: finished[stage] for stage in WRITTEN} == WRITTEN


def test_a_second_run_does_nothing(trained: tuple[Settings, dict[str, int]]) -> None:
    """Files keep their times."""
    settings, _ = trained
    kept = [path for name in ("clips", "examples", "students") for path in (settings.work / name).rglob("*.*")]
    times = [path.stat().st_mtime_ns for path in kept]
    for stage in ("speech", "examples", "student"):
        RUNS[stage](settings)
    assert [path.stat().st_mtime_ns for path in kept] == times


def test_examples_come_from_their_seeds(trained: tuple[Settings, dict[str, int]]) -> None:
    """A shard made anew is the same to the last bit, in whatever order, by whatever process."""
    settings, _ = trained
    spoken = examples_stage.chosen_clips(settings)[examples.TRAIN]
    sampler = examples.Sampler(spoken, examples_stage._samplers[examples.TRAIN]._teacher)
    made = sampler.spoilt(8, examples.shard_seed(0, examples.TRAIN, 2))
    kept = np.load(examples_stage.examples_folder(settings) / "train_0002.npy")[:8]
    assert made.tobytes() == kept.tobytes()


def test_the_file_hears_better_than_chance(trained: tuple[Settings, dict[str, int]]) -> None:
    """The reference reader takes it, and it knows words that were spoken for judging alone."""
    settings, _ = trained
    model = unpack(calibrate_stage.weights_path(settings).read_bytes())
    assert model.words == list(WORDS)
    held = examples.load(examples_stage.examples_folder(settings), examples.HELD)
    first = (examples.FRAMES - WINDOW_FRAMES) // 2
    logits, _ = IntegerNetwork(model).run(held["frames"][:, first : first + WINDOW_FRAMES])
    right = float((logits.argmax(1) == held["label"]).mean())
    words = held["label"] < len(WORDS)
    heard = float((logits.argmax(1) == held["label"])[words].mean())
    print(f"NOTE voice.smoke_training {100 * right:.0f} % right of 4 kinds, {100 * heard:.0f} % of 3 words")
    assert right > CHANCE + 0.15
    assert heard > CHANCE


def test_the_report_says_how_it_was_made(trained: tuple[Settings, dict[str, int]]) -> None:
    """Counts, versions, the worst voice, and pictures."""
    settings, _ = trained
    folder = settings.work / "report.en"
    page = (folder / "report.md").read_text()
    for text in ("piper_99_joe_1", "torch", "examples to train on | 320", "multiplications of a decision"):
        assert text in page
    pictures = {line.split("](")[1].rstrip(")") for line in page.splitlines() if line.startswith("![")}
    assert len(pictures) == 5
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in pictures)
    noted = json.loads(records.Records(settings)._path.read_text())
    assert noted["calibrated"]["bytes"] == calibrate_stage.weights_path(settings).stat().st_size
