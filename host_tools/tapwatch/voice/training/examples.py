"""Examples: what the watch sees of a spoilt word, what the teacher says to it, and what it was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tapwatch.voice.training import teacher
from tapwatch.voice.training.augment import Augment
from tapwatch.voice.training.features import BANDS, FRAME, HOP, log_mel
from tapwatch.voice.training.no_word import NoWord
from tapwatch.voice.words import NOTHING, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tapwatch.voice.training.augment import Heard
    from tapwatch.voice.training.clips import Spoken

FRAMES = (teacher.SAMPLES - FRAME) // HOP + 1
"""More than a window has: training chooses 48 of them."""
EXAMPLE = np.dtype(
    [
        ("frames", np.uint8, (FRAMES, BANDS)),
        ("embedding", np.float16, (teacher.SIZE,)),
        ("label", np.uint8),
        ("start", np.uint8),
        ("end", np.uint8),
        ("clip", np.uint32),
    ]
)
"""`start` and `end` are the frames of the word, `clip` its place among the clips."""
TRAIN, HELD, CLEAN = "train", "held", "clean"
"""Spoilt words of voices to train on; of voices kept for judging; and the latter once each, as they were spoken."""
_SPLITS = (TRAIN, HELD, CLEAN)
_NOTHING_SHARE = 0.26
"""Of the examples; the words share the rest equally."""
_UNKNOWN_SHARE = 0.15
"""Of the examples, if there are recordings of people; see `head` and `distil` for what becomes of them."""
_NATURAL, _NATURAL_WEIGHT = ("kokoro", "accent", "nonsense"), 3.0
"""The engine that sounds like people is drawn more often."""


class Sampler:
    """Draws examples from clips.

    Args:
        clips: of one split.
        hearing: the teacher.
    """

    def __init__(self, clips: Sequence[Spoken], hearing: teacher.Teacher) -> None:
        self._clips = clips
        self._teacher = hearing
        self._babble = [clip.samples for clip in clips]
        labels = np.array([clip.label for clip in clips])
        weights = np.array([_NATURAL_WEIGHT if clip.job.startswith(_NATURAL) else 1.0 for clip in clips])
        self._labels = [int(label) for label in np.unique(labels)]
        self._members = {label: np.flatnonzero(labels == label) for label in self._labels}
        self._chances = {label: _shares(weights[members]) for label, members in self._members.items()}
        chances = {NOTHING: _NOTHING_SHARE, UNKNOWN: _UNKNOWN_SHARE}
        chances = {label: share for label, share in chances.items() if label in self._members}
        each = (1 - sum(chances.values())) / max(1, len(self._labels) - len(chances))
        self._label_chances = _shares(np.array([chances.get(label, each) for label in self._labels]))

    def spoilt(self, count: int, seed: Sequence[int]) -> NDArray[np.void]:
        """`count` examples by lot; the same for the same seed."""
        rng = np.random.default_rng(list(seed))
        augment = Augment(rng, self._babble)
        no_word = NoWord(rng, partial(self._any, rng), partial(self._word, rng))
        made = np.zeros(count, EXAMPLE)
        for example in made:
            label = self._labels[rng.choice(len(self._labels), p=self._label_chances)]
            index = int(rng.choice(self._members[label], p=self._chances[label]))
            samples = self._clips[index].samples
            if label == NOTHING:
                samples = no_word.of(samples)
            self._fill(example, augment.spoil(samples), label, index)
        return made

    def clean(self, first: int, count: int) -> NDArray[np.void]:
        """The clips from `first` on, as they were spoken."""
        augment = Augment(np.random.default_rng(0), self._babble)
        chosen = self._clips[first : first + count]
        made = np.zeros(len(chosen), EXAMPLE)
        for place, clip in enumerate(chosen):
            self._fill(made[place], augment.clean(clip.samples), clip.label, first + place)
        return made

    def _any(self, rng: np.random.Generator) -> NDArray[np.int16]:
        return self._babble[rng.integers(len(self._babble))]

    def _word(self, rng: np.random.Generator) -> NDArray[np.int16]:
        words = [label for label in self._labels if label < NOTHING]
        return self._babble[rng.choice(self._members[words[rng.integers(len(words))]])]

    def _fill(self, example: np.void, heard: Heard, label: int, clip: int) -> None:
        example["frames"] = log_mel(heard.samples)
        example["embedding"] = self._teacher.embed(heard.samples)
        example["label"], example["start"], example["end"], example["clip"] = label, heard.start, heard.end, clip


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return weights / weights.sum()


def shard_seed(seed: int, split: str, number: int) -> list[int]:
    """What the lot of a shard starts from."""
    return [seed, _SPLITS.index(split), number]


def load(folder: Path, split: str) -> NDArray[np.void]:
    """All examples of a split, in the order of their shards; empty if there are none."""
    paths = sorted(folder.glob(f"{split}_*.npy"))
    return np.concatenate([np.load(path, mmap_mode="r") for path in paths]) if paths else np.zeros(0, EXAMPLE)
