"""Spoiling words, and keeping what is made of them: by lot with seeds, and whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tapwatch.errors import UserError
from tapwatch.voice.training import files
from tapwatch.voice.training.augment import Augment
from tapwatch.voice.training.clips import ClipStore, trim
from tapwatch.voice.training.features import log_mel
from tapwatch.voice.training.no_word import NoWord
from tapwatch.voice.training.plan import plan
from tapwatch.voice.training.teacher import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.voice.speech.engine import Style

JOB = plan("smoke", "en")[0]


def _tone(seconds: float = 0.5) -> np.ndarray:
    at = np.arange(int(16000 * seconds))
    return (12000 * np.sin(at * 0.3) * np.hanning(len(at))).astype(np.int16)


def _augment(seed: int) -> Augment:
    return Augment(np.random.default_rng(seed), [_tone(0.3), _tone(0.7)])


def test_the_same_seed_spoils_the_same_way() -> None:
    """And another one in another way."""
    one, same, other = (_augment(seed).spoil(_tone()).samples for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
    assert len(one) == SAMPLES


def test_a_word_is_where_it_is_said_to_be() -> None:
    """The frames of a clean word are those that are loud, and a spoilt one lies within the stretch."""
    heard = _augment(0).clean(_tone())
    loud = np.flatnonzero(log_mel(heard.samples).max(1) > 150)
    assert abs(heard.start - loud[0]) <= 2
    assert abs(heard.end - 1 - loud[-1]) <= 2
    augment = _augment(3)
    for _ in range(60):
        spoilt = augment.spoil(_tone())
        assert 0 <= spoilt.start < spoilt.end <= 63
        assert np.abs(spoilt.samples.astype(int)).max() > 300


def test_what_is_no_word_is_sound_of_many_kinds() -> None:
    """Of 300, each a clip that a scene can hold; about half are the other word itself; the same seed makes the same."""

    def made() -> list[np.ndarray]:
        rng = np.random.default_rng(5)
        no_word = NoWord(rng, lambda: _tone(rng.uniform(0.2, 1)), lambda: _tone(rng.uniform(0.2, 1)))
        return [no_word.of(other) for _ in range(300)]

    other = _tone(0.6)
    sounds = made()
    assert all(sound.dtype == np.int16 and 800 < len(sound) < 48000 for sound in sounds)
    assert 120 < sum(sound is other for sound in sounds) < 200
    assert sum(int(np.abs(sound).max()) < 100 for sound in sounds) > 5
    assert len({len(sound) for sound in sounds}) > 60
    assert all((one == same).all() for one, same in zip(sounds, made(), strict=True))


def test_trim_takes_words_only() -> None:
    """Silence around a word goes; too little or too much is no word."""
    padded = np.pad(_tone(), 8000)
    trimmed = trim(padded)
    assert trimmed is not None
    assert 7000 < len(trimmed) <= 8000
    assert trim(_tone(0.05)) is None
    assert trim(_tone(4)) is None


class _Voice:
    def __init__(self, *, dies_at: int = 1000) -> None:
        self.said = 0
        self._dies_at = dies_at

    def say(self, text: str, style: Style) -> np.ndarray | None:
        self.said += 1
        if self.said == self._dies_at:
            raise KeyboardInterrupt
        return None if text == "water" else _tone()


def test_a_killed_job_leaves_nothing_and_is_done_again(tmp_path: Path) -> None:
    """A file is there once all its clips are; jobs that are done are not done again."""
    store = ClipStore(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        store.make(JOB, _Voice(dies_at=5), "en")
    assert store.missing([JOB]) == [JOB]
    assert store.make(JOB, _Voice(), "en") == len([clip for clip in JOB.clips if clip.word != "water"])
    assert store.missing([JOB]) == []
    assert {clip.word for clip in store.spoken([JOB])} == {"payment", "seven", "stop"}


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """With its name and what to do."""
    store = ClipStore(tmp_path)
    store.path(JOB).write_bytes(b"PK")
    with pytest.raises(UserError, match=JOB.name) as told:
        store.spoken([JOB])
    assert "delete" in told.value.hint


def test_files_are_whole_or_not_there(tmp_path: Path) -> None:
    """A process that dies while it writes leaves the old file; what it left beside is cleared."""
    path = tmp_path / "kept"
    files.write_text(path, "old")
    with pytest.raises(KeyboardInterrupt), files.whole_file(path) as file:
        file.write(b"new")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    (tmp_path / "kept.123.unfinished").write_bytes(b"half")
    files.clear_unfinished(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]
