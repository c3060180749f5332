"""A student as the integers that the watch runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from tapwatch.voice.model import Block, Convolution, Model
from tapwatch.voice.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tapwatch.voice.training.network import Layer, Student

PER_UNIT = 65536
"""`Model.scale`, thresholds and `Model.near` are in 1/65536."""


def logit_unit(student: Student) -> float:
    """What 1 of an integer logit is worth to the student, in natural units."""
    return float(student.dense_step()) / student.full


def export(
    student: Student, scale: int = 0, thresholds: Sequence[int] = (0, 0, 0), pull: int = 0, near: int = 0
) -> Model:
    """The model of a student, which computes to the bit what the student does in its mode EXACT.

    Args:
        student: a trained one.
        scale: see `Model`; 0 takes the student's own, rounded, at least 1.
        thresholds: see `Model`.
        pull: see `Model`.
        near: see `Model`.
    """
    first, *rest = [_convolution(layer) for layer in student.layers]  # pyright: ignore[reportArgumentType]
    strides = [stride for _, stride in student.shape.blocks]
    blocks = [Block(*parts) for parts in zip(strides, rest[::2], rest[1::2], strict=True)]
    with torch.no_grad():
        dense = _whole(student.dense.weight / student.dense_step())
        bias = _whole(student.dense.bias / logit_unit(student))
    own = max(1, round(logit_unit(student) * PER_UNIT))
    return Model(WORDS, first, blocks, dense, bias, scale or own, tuple(thresholds), pull, near)


def _convolution(layer: Layer) -> Convolution:
    weights, bias, mult, shift = layer.integers()
    in_order = weights.permute(0, 2, 3, 1).flatten(1)
    return Convolution(*(part.long().tolist() for part in (in_order, bias, mult, shift)))


def _whole(numbers: torch.Tensor) -> list:
    return torch.floor(numbers + 0.5).long().tolist()
