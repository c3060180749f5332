"""How much a wearer's own recordings shall count, tried on voices kept for judging: three shots of each word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tapwatch.voice.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

SHOTS = 3
_PULLS = (5.0, 10.0, 20.0, 40.0, 80.0)
_NEARS = (0.3, 0.4, 0.5, 0.6, 0.7)
_LEAST_PULL, _NEAR = 40.0, 0.5
"""Chosen on people of the tests. Of synthetic voices, whose shots are too much alike, nothing else is believed: they
would have less pull, and 0.7 for `near`, where one in seven words that people have taught is not done any more."""
_RECORDED = (slice(None), slice(0, None, 2), slice(1, None, 2))
"""Words of which there are recordings: all, and every other one, so that those without may not suffer."""
_ENOUGH = 0.003
"""Of the settings this close to the best, the mildest is taken."""
_TOP_BYTE = 255
_TINY = 1e-9


def centre_of(embeddings: NDArray[np.int64]) -> list[int]:
    """The centre of (n, 2 x channels) embeddings: their mean direction, the largest value 255 (`Model.centre`)."""
    mean = _unit(embeddings).mean(0)
    return np.floor(mean * _TOP_BYTE / mean.max() + 0.5).astype(int).tolist()


def best_pull(
    logits: Floats,
    embeddings: NDArray[np.int64],
    truth: NDArray[np.int64],
    voice: NDArray[np.int64],
    centre: Sequence[int],
) -> tuple[float, float, dict[str, float]]:
    """`pull` and `near` (docs/voice.md, "File"), and what came of all settings.

    Args:
        logits: (n, outputs) in natural units.
        embeddings: (n, 2 x channels).
        truth: (n,) outputs.
        voice: (n,) who speaks.
        centre: of the embeddings (`centre_of`).
    """
    likenesses, tried = _likenesses(embeddings, truth, voice, centre)
    if not tried.any():
        return _LEAST_PULL, _NEAR, {}
    logits, likenesses, truth = logits[tried], likenesses[tried], truth[tried]
    found = {}
    for pull in (0.0, *_PULLS):
        for near in _NEARS:
            gains = np.nan_to_num(pull * (likenesses - near))
            found[pull, near] = float(np.mean([_right(logits, gains, words, truth) for words in _RECORDED]))
    believed = {pull: found[pull, _NEAR] for pull in _PULLS if pull >= _LEAST_PULL}
    best = max(believed.values())
    pull = next(pull for pull, right in believed.items() if right >= best - _ENOUGH)
    return pull, _NEAR, {f"{pull} {near}": right for (pull, near), right in found.items()}


def _right(logits: Floats, gains: Floats, words: slice, truth: NDArray[np.int64]) -> float:
    """Share of right answers with recordings of some words."""
    added = logits.copy()
    added[:, :NOTHING][:, words] += gains[:, words]
    return float((added.argmax(1) == truth).mean())


def _likenesses(
    embeddings: NDArray[np.int64], truth: NDArray[np.int64], voice: NDArray[np.int64], centre: Sequence[int]
) -> tuple[Floats, NDArray[np.bool_]]:
    """(n, words) likeness to the same voice's prototype of each word, NaN without one; which examples are no shots."""
    unit, axis = _unit(embeddings), _unit(np.array(centre))
    off = _unit(_beside(unit, axis))
    found = np.full((len(truth), NOTHING), np.nan)
    tried = np.zeros(len(truth), bool)
    for speaker in np.unique(voice):
        own = np.flatnonzero(voice == speaker)
        shots = {word: own[truth[own] == word][:SHOTS] for word in range(NOTHING)}
        used = np.concatenate(list(shots.values()))
        rest = np.setdiff1d(own, used)
        for word, members in shots.items():
            if len(members):
                found[rest, word] = off[rest] @ _unit(_beside(_unit(unit[members].sum(0)), axis))
        tried[rest] = len(used) > 0
    return found, tried


def _beside(unit: Floats, axis: Floats) -> Floats:
    """What unit vectors have beside an axis, itself a unit vector."""
    return unit - (unit @ axis)[..., None] * axis


def _unit(vectors: NDArray[Any]) -> Floats:
    """The same directions, of length 1; zeros stay."""
    return vectors / np.maximum(_TINY, np.linalg.norm(vectors, axis=-1, keepdims=True))
