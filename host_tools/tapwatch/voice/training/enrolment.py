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
_NEARS = (0.0, 0.5, 0.7, 0.8, 0.9)
_ENOUGH = 0.003
"""Shots of a synthetic voice are too much alike: of the settings this close to the best, the mildest is taken."""
_FALLBACK = 10.0, 0.5


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
            added = logits.copy()
            added[:, :NOTHING] += pull * np.maximum(0, cosines - near)
            found[pull, near] = float((added.argmax(1) == truth).mean())
    best = max(found.values())
    pull, near = next(setting for setting, right in found.items() if right >= best - _ENOUGH)
    return pull, near, {f"{pull} {near}": right for (pull, near), right in found.items()}


def _cosines(
    embeddings: NDArray[np.int64], truth: NDArray[np.int64], voice: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.bool_]]:
    """(n, words) cosines to the nearest shot of each word of the same voice, and which examples are no shots."""
    unit = embeddings / np.maximum(1e-9, np.linalg.norm(embeddings, axis=1, keepdims=True))
    cosines = np.zeros((len(truth), NOTHING))
    tried = np.zeros(len(truth), bool)
    for speaker in np.unique(voice):
        own = np.flatnonzero(voice == speaker)
        shots = {word: own[truth[own] == word][:SHOTS] for word in range(NOTHING)}
        used = np.concatenate(list(shots.values()))
        rest = np.setdiff1d(own, used)
        for word, members in shots.items():
            if len(members):
                cosines[rest, word] = (unit[rest] @ unit[members].T).max(1)
        tried[rest] = len(used) > 0
    return cosines, tried
