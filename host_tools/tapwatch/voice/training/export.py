"""A student as the integers that the watch runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from tapwatch.voice.model import Block, Convolution, Model
from tapwatch.voice.training.network import SCALE_PER_UNIT
from tapwatch.voice.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tapwatch.voice.training.network import Layer, Student

PER_UNIT = SCALE_PER_UNIT
"""`Model.scale`, thresholds and `Model.near` are in 1/65536."""


def export(
    student: Student, thresholds: Sequence[int] = (0, 0, 0), pull: int = 0, near: int = 0, centre: Sequence[int] = ()
) -> Model:
    """The model of a student, which computes to the bit what the student does in its mode EXACT.

    Args:
        student: a trained one.
        thresholds: see `Model`.
        pull: see `Model`.
        near: see `Model`.
        centre: see `Model`; without it the model makes no file.
    """
    first, *rest = [_convolution(layer) for layer in student.layers]  # pyright: ignore[reportArgumentType]
    strides = [stride for _, stride in student.shape.blocks]
    blocks = [Block(*parts) for parts in zip(strides, rest[::2], rest[1::2], strict=True)]
    with torch.no_grad():
        dense = _whole(student.dense.weight / student.dense_step())
        bias = _whole(student.dense.bias / (student.dense_step() / student.full))
    return Model(WORDS, first, blocks, dense, bias, centre, int(student.scale()), tuple(thresholds), pull, near)


def _convolution(layer: Layer) -> Convolution:
    weights, bias, mult, shift = layer.integers()
    in_order = weights.permute(0, 2, 3, 1).flatten(1)
    return Convolution(*(part.long().tolist() for part in (in_order, bias, mult, shift)))


def _whole(numbers: torch.Tensor) -> list:
    return torch.floor(numbers + 0.5).long().tolist()
