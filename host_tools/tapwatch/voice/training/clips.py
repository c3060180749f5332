"""The store of spoken clips: a file `NAME.npz` for each job of the plan, in it the samples of each clip by its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tapwatch.errors import UserError
from tapwatch.voice import words
from tapwatch.voice.training.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tapwatch.voice.speech.engine import Engine
    from tapwatch.voice.training.plan import Job

_BLOCK = 160
"""10 ms, over which loudness is taken."""
_QUIET_DB = 38
"""What is this much quieter than the loudest block is not speech."""
_SHORTEST, _LONGEST = 10, 160
"""Blocks of a word: a voice that stumbles makes shorter or longer ones."""


@dataclass(frozen=True)
class Spoken:
    """A clip without the silence around it."""

    word: str
    label: int
    """The output of a network it belongs to."""
    samples: NDArray[np.int16]
    job: str
    """The name of its job, which tells the voice."""


class ClipStore:
    """The folder of clips."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, job: Job) -> Path:
        """The file of a job."""
        return self._folder / f"{job.name}.npz"

    def missing(self, jobs: Iterable[Job]) -> list[Job]:
        """Those jobs that have not been done, in their order."""
        return [job for job in jobs if not self.path(job).exists()]

    def present(self, jobs: Iterable[Job]) -> list[Job]:
        """Those that have."""
        return [job for job in jobs if self.path(job).exists()]

    def make(self, job: Job, engine: Engine, language: str) -> int:
        """Speak all clips of a job and keep them; returns how many came out."""
        said = {clip.key: engine.say(words.spoken(clip.word, language), clip.style) for clip in job.clips}
        heard = {key: samples for key, samples in said.items() if samples is not None}
        with whole_file(self.path(job)) as file:
            np.savez(file, **heard)  # pyright: ignore[reportArgumentType] # keys of any kind are meant
        return len(heard)

    def spoken(self, jobs: Sequence[Job]) -> list[Spoken]:
        """All clips of jobs that can be used, in the order of jobs and keys.

        Raises:
            UserError: a file is damaged.
        """
        return [clip for job in jobs for clip in self._of(job)]

    def _of(self, job: Job) -> list[Spoken]:
        try:
            with np.load(self.path(job)) as file:
                sounds = {key: file[key] for key in file.files}
        except (OSError, ValueError, EOFError) as error:
            raise UserError(
                f"{self.path(job)} cannot be read", "delete it; the stage `speech` makes it again"
            ) from error
        labelled = [(clip.word, words.label(clip.word), sounds.get(clip.key)) for clip in job.clips]
        made = [
            (word, label, trim(sound)) for word, label, sound in labelled if label is not None and sound is not None
        ]
        return [Spoken(word, label, sound, job.name) for word, label, sound in made if sound is not None]


def trim(samples: NDArray[np.int16]) -> NDArray[np.int16] | None:
    """Without the quiet before and after; None if what is left cannot be a word."""
    blocks = len(samples) // _BLOCK
    if blocks < _SHORTEST:
        return None
    power = (samples[: blocks * _BLOCK].astype(np.float32).reshape(blocks, _BLOCK) ** 2).mean(1) + 1
    loud = np.flatnonzero(power > power.max() * 10 ** (-_QUIET_DB / 10))
    first, end = int(loud[0]), int(loud[-1]) + 1
    return samples[first * _BLOCK : end * _BLOCK] if _SHORTEST <= end - first <= _LONGEST else None
