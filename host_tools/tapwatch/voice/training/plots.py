"""The pictures of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tapwatch.voice.training.calibrate import MASKS, decide
from tapwatch.voice.training.files import whole_file
from tapwatch.voice.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.figure import Figure

    from tapwatch.voice.training.calibrate_stage import Judged

_DPI = 110
_THRESHOLDS = np.linspace(0.2, 0.99, 80)


def confusion(judged: Judged, path: Path) -> None:
    """What each word was taken for, as shares of its row; without a mask."""
    names = (*WORDS, "no word")
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (judged.truth, judged.units.argmax(1)), 1)
    figure = _figure(11, 10)
    axes = figure.add_subplot()
    axes.imshow(counts / np.maximum(1, counts.sum(1, keepdims=True)), cmap="magma", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="taken for", ylabel="said")
    _save(figure, path)


def rejection(judged: Judged, limits: Mapping[str, float], path: Path) -> None:
    """For every mask: what is heard, heard wrongly and taken though it is no word of the mask, by threshold."""
    figure = _figure(4 * len(MASKS), 4)
    for place, (name, mask) in enumerate(MASKS.items(), 1):
        decisions = decide(judged.natural, judged.truth, mask)
        known = np.isin(judged.truth, [WORDS.index(word) for word in mask])
        axes = figure.add_subplot(1, len(MASKS), place)
        for label, happens, among in (
            ("heard", decisions.right(), known),
            ("wrong word", decisions.wrong(), known),
            ("other word taken", decisions.wrong(), ~known),
        ):
            total = max(1, int(among.sum()))
            axes.plot(
                _THRESHOLDS,
                [(happens & among & (decisions.share >= t)).sum() / total for t in _THRESHOLDS],
                label=label,
            )
        for risk, limit in limits.items():
            axes.axvline(limit, color="grey", linewidth=0.7)
            axes.text(limit, 0.5, risk, rotation=90)
        axes.set(title=name, xlabel="threshold", ylim=(0, 1))
        axes.legend()
    _save(figure, path)


def learning(curves: Mapping[str, list[dict[str, Any]]], path: Path) -> None:
    """How the students learned, epoch by epoch."""
    figure = _figure(9, 4)
    axes = figure.add_subplot()
    for number, curve in curves.items():
        for name in ("right", "held"):
            axes.plot([point.get(name, 0) for point in curve], label=f"student {number}, {name}")
    axes.set(xlabel="epoch", ylabel="share that is right", ylim=(0, 1))
    axes.legend()
    _save(figure, path)


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: Figure, path: Path) -> None:
    with whole_file(path) as file:
        figure.savefig(file, format="png", dpi=_DPI)
