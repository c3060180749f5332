"""How much a training does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Amounts of one kind of training."""

    plan: str
    """Which clips: `full`, or `smoke` for three words of one engine."""
    train_examples: int
    held_examples: int
    """Of the voices that are kept for judging."""
    shard_examples: int
    """Examples of one file: what is lost at most when a process is killed."""
    head_epochs: int
    heads: int
    """Members of the ensemble that teaches."""
    students: int
    """Of different seeds; the best on the voices kept for judging is taken."""
    student_epochs: int
    batch: int
    """Examples from which a student learns at a time."""
    exact_epochs: int
    """The last of them, with the arithmetic of the watch, to the bit."""
    first: int
    """Channels of the first convolution."""
    blocks: tuple[tuple[int, int], ...]
    """Channels and stride of each block."""


SIZES = {
    "full": Size(
        plan="full",
        train_examples=96_000,
        held_examples=4_000,
        shard_examples=1000,
        head_epochs=25,
        heads=3,
        students=2,
        student_epochs=60,
        batch=32,
        exact_epochs=6,
        first=32,
        blocks=((56, 2), (64, 1), (64, 1), (96, 2), (88, 1)),
    ),
    "smoke": Size(
        plan="smoke",
        train_examples=320,
        held_examples=60,
        shard_examples=60,
        head_epochs=14,
        heads=1,
        students=1,
        student_epochs=110,
        batch=32,
        exact_epochs=10,
        first=8,
        blocks=((16, 2), (24, 2)),
    ),
}
