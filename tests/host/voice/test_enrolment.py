"""How much recordings shall count, found on embeddings of which is known what they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tapwatch.voice.training import enrolment
from tapwatch.voice.words import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

VOICES, WORDS, TAKES = 4, 6, 8
SIZE = 32


class Said:
    """Words by voices. All embeddings have much in common; the network takes every second word for the one before."""

    def __init__(self, noise: float) -> None:
        rng = np.random.default_rng(3)
        self.common = rng.integers(100, 256, SIZE)
        own = rng.normal(0, 1, (VOICES, WORDS, SIZE))
        each = [(voice, word) for voice in range(VOICES) for word in range(WORDS) for _ in range(TAKES)]
        self.voice, self.truth = (np.array(numbers) for numbers in zip(*each, strict=True))
        parts = own[self.voice, self.truth] + rng.normal(0, noise, (len(each), SIZE))
        self.embeddings: NDArray[np.int64] = (10 * self.common + 150 * parts).clip(0).astype(np.int64)
        self.logits = np.zeros((len(each), NOTHING + 1))
        self.logits[np.arange(len(each)), self.truth // 2 * 2] = 3.0


def _angle(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_centre_is_what_all_have_in_common() -> None:
    said = Said(0.3)
    centre = enrolment.centre_of(said.embeddings)
    assert max(centre) == 255 and min(centre) >= 0 and len(centre) == SIZE
    assert _angle(np.array(centre, float), said.common.astype(float)) > 0.99
    louder = said.embeddings * np.arange(1, len(said.voice) + 1)[:, None]
    assert enrolment.centre_of(louder) == centre, "directions count, not how long they are"


def test_likeness_is_an_angle_beside_the_centre() -> None:
    """Of the first utterance that is no shot, by plain projections."""
    said = Said(0.3)
    centre = enrolment.centre_of(said.embeddings)
    found, tried = enrolment._likenesses(said.embeddings, said.truth, said.voice, centre)
    assert tried.sum() == VOICES * WORDS * (TAKES - enrolment.SHOTS) and np.isnan(found[:, WORDS:]).all()
    axis = np.array(centre) / np.linalg.norm(centre)
    shots = said.embeddings[: enrolment.SHOTS] / np.linalg.norm(said.embeddings[: enrolment.SHOTS], axis=1)[:, None]
    mean, heard = shots.sum(0), said.embeddings[enrolment.SHOTS].astype(float)
    wanted = _angle(mean - (mean @ axis) * axis, heard - (heard @ axis) * axis)
    assert found[enrolment.SHOTS, 0] == pytest.approx(wanted)
    own = found[np.arange(len(said.truth)), said.truth][tried]
    others = found[tried][:, :WORDS][said.truth[tried][:, None] != np.arange(WORDS)]
    raw = _angle(said.embeddings[0].astype(float), said.embeddings[TAKES].astype(float))
    print(f"NOTE voice: two words, as they are {raw:.2f}, centred {np.median(others):.2f}; a word {np.median(own):.2f}")
    assert raw > 0.9 and np.median(others) < 0.3 < 0.8 < np.median(own)


@pytest.mark.parametrize("noise", [0.05, 0.3])
def test_what_is_chosen_is_believed_and_makes_the_network_right(noise: float) -> None:
    said = Said(noise)
    centre = enrolment.centre_of(said.embeddings)
    pull, near, tried = enrolment.best_pull(said.logits, said.embeddings, said.truth, said.voice, centre)
    assert (pull, near) == (40, 0.5), "no less, even where shots are so alike that the least would do"
    assert tried["0.0 0.5"] == pytest.approx(0.5)
    assert tried["40.0 0.5"] > 0.7, "all right that were recorded"


def test_without_words_there_is_an_answer() -> None:
    said = Said(0.3)
    nothing = np.full_like(said.truth, NOTHING)
    found = enrolment.best_pull(said.logits, said.embeddings, nothing, said.voice, enrolment.centre_of(said.embeddings))
    assert found == (40, 0.5, {})
