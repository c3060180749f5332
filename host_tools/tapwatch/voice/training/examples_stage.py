"""Stage `examples`: shards of examples, each a file of its own with its own seed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from tapwatch.errors import UserError
from tapwatch.voice.training import examples
from tapwatch.voice.training.clips import ClipStore
from tapwatch.voice.training.files import clear_unfinished, whole_file, write_text
from tapwatch.voice.training.parallel import each
from tapwatch.voice.training.plan import plan
from tapwatch.voice.training.speech_stage import clips_folder
from tapwatch.voice.training.teacher import Teacher

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.voice.training.clips import Spoken
    from tapwatch.voice.training.stages import Settings

    Piece = tuple[Path, str, int, int, list[int]]

_CHOSEN = "jobs.json"
"""The jobs whose clips were there when the first shard was made: later shards draw from the same."""


def run(settings: Settings) -> None:
    """Make what shards are missing; those to judge on come first."""
    folder = examples_folder(settings)
    clear_unfinished(folder)
    clips = chosen_clips(settings)
    if not clips[examples.TRAIN] or not clips[examples.HELD]:
        raise UserError("there is too little speech", "run the stage `speech` for longer")
    pieces = [piece for piece in _pieces(settings, folder, len(clips[examples.HELD])) if not _path(piece).exists()]
    each(_make, pieces, settings, "examples, shards", _start, (clips,))


def examples_folder(settings: Settings) -> Path:
    """Where the examples of a language are kept."""
    return settings.work / "examples" / settings.language


def chosen_clips(settings: Settings) -> dict[str, list[Spoken]]:
    """The clips by `TRAIN` and `HELD` that examples are drawn from; `Example.clip` counts in these lists."""
    store = ClipStore(clips_folder(settings))
    jobs = plan(settings.size.plan, settings.language)
    path = examples_folder(settings) / _CHOSEN
    if not path.exists():
        write_text(path, json.dumps([job.name for job in store.present(jobs)]))
    names = set(json.loads(path.read_text()))
    chosen = [job for job in jobs if job.name in names]
    return {
        examples.TRAIN: store.spoken([job for job in chosen if not job.held]),
        examples.HELD: store.spoken([job for job in chosen if job.held]),
    }


def _pieces(settings: Settings, folder: Path, held_clips: int) -> list[Piece]:
    size = settings.size
    counts = (
        (examples.CLEAN, held_clips),
        (examples.HELD, size.held_examples),
        (examples.TRAIN, size.train_examples),
    )
    return [
        (folder, split, number, min(size.shard_examples, count - first), [settings.seed, first])
        for split, count in counts
        for number, first in enumerate(range(0, count, size.shard_examples))
    ]


def _path(piece: Piece) -> Path:
    folder, split, number, _, _ = piece
    return folder / f"{split}_{number:04}.npy"


def _start(clips: dict[str, list[Spoken]]) -> None:
    hearing = Teacher()
    _samplers.update({split: examples.Sampler(spoken, hearing) for split, spoken in clips.items()})


def _make(piece: Piece) -> None:
    _, split, number, count, (seed, first) = piece
    sampler = _samplers[examples.TRAIN if split == examples.TRAIN else examples.HELD]
    if split == examples.CLEAN:
        made = sampler.clean(first, count)
    else:
        made = sampler.spoilt(count, examples.shard_seed(seed, split, number))
    with whole_file(_path(piece)) as file:
        np.save(file, made)


_samplers: dict[str, examples.Sampler] = {}
"""Of this process, set by `_start`."""
