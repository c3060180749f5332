"""How much a wearer's own recordings shall count, tried on voices kept for judging: three shots of each word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tapwatch.voice.words import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

SHOTS = 3
_PULLS = (5.0, 10.0, 20.0, 40.0, 80.0)
_NEARS = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
_RECORDED = (slice(None), slice(0, None, 2), slice(1, None, 2))
"""Words of which there are recordings: all, and every other one, so that those without may not suffer."""
_ENOUGH = 0.003
"""Shots of a synthetic voice are too much alike: of the settings this close to the best, the mildest is taken."""
_FALLBACK = 20.0, 0.8


def best_pull(
    logits: Floats, embeddings: NDArray[np.int64], truth: NDArray[np.int64], voice: NDArray[np.int64]
) -> tuple[float, float, dict[str, float]]:
    """`pull` and `near` (docs/voice.md, "File"), and what came of all settings.

    Args:
        logits: (n, outputs) in natural units.
        embeddings: (n, 2 x channels).
        truth: (n,) outputs.
        voice: (n,) who speaks.
    """
    cosines, tried = _cosines(embeddings, truth, voice)
    if not tried.any():
        return (*_FALLBACK, {})
    logits, cosines, truth = logits[tried], cosines[tried], truth[tried]
    found = {}
    for pull in (0.0, *_PULLS):
        for near in _NEARS:
            gains = np.nan_to_num(pull * (cosines - near))
            found[pull, near] = float(np.mean([_right(logits, gains, words, truth) for words in _RECORDED]))
    best = max(found.values())
    pull, near = next(setting for setting, right in found.items() if right >= best - _ENOUGH)
    return pull, near, {f"{pull} {near}": right for (pull, near), right in found.items()}


def _right(logits: Floats, gains: Floats, words: slice, truth: NDArray[np.int64]) -> float:
    """Share of right answers with recordings of some words."""
    added = logits.copy()
    added[:, :NOTHING][:, words] += gains[:, words]
    return float((added.argmax(1) == truth).mean())


def _cosines(
    embeddings: NDArray[np.int64], truth: NDArray[np.int64], voice: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.bool_]]:
    """(n, words) cosines to the same voice's prototype of each word, NaN without one; which examples are no shots."""
    unit = embeddings / np.maximum(1e-9, np.linalg.norm(embeddings, axis=1, keepdims=True))
    cosines = np.full((len(truth), NOTHING), np.nan)
    tried = np.zeros(len(truth), bool)
    for speaker in np.unique(voice):
        own = np.flatnonzero(voice == speaker)
        shots = {word: own[truth[own] == word][:SHOTS] for word in range(NOTHING)}
        used = np.concatenate(list(shots.values()))
        rest = np.setdiff1d(own, used)
        for word, members in shots.items():
            if len(members):
                mean = unit[members].sum(0)
                cosines[rest, word] = unit[rest] @ mean / max(1e-9, float(np.linalg.norm(mean)))
        tried[rest] = len(used) > 0
    return cosines, tried
