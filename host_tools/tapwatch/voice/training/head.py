"""What the teacher's embeddings mean: some small networks that name the word, whose mean opinion the student learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tapwatch.voice.training.teacher import SIZE
from tapwatch.voice.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

OUTPUTS = NOTHING + 1
AXES = 128
"""Of the embeddings, the ones along which they differ most: what the student learns beside the words."""
_HIDDEN = 384
_BATCH = 256
_AXES_FROM = 8000
"""Examples from which the axes are found."""


@dataclass(frozen=True)
class Scaling:
    """Embeddings with a mean of 0 and a deviation of 1, and their main axes."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    axes: NDArray[np.float32]
    """(672, 128)"""

    @staticmethod
    def of(embeddings: NDArray[np.float16]) -> Scaling:
        """That of the examples to train on."""
        numbers = embeddings.astype(np.float32)
        mean, deviation = numbers.mean(0), numbers.std(0) + 1e-3
        _, _, axes = np.linalg.svd((numbers[:_AXES_FROM] - mean) / deviation, full_matrices=False)
        return Scaling(mean, deviation, np.ascontiguousarray(axes[:AXES].T))

    def scaled(self, embeddings: NDArray[np.float16]) -> torch.Tensor:
        """Embeddings as a head takes them."""
        return torch.from_numpy((embeddings.astype(np.float32) - self.mean) / self.deviation)


def network() -> nn.Module:
    """An untrained head."""
    return nn.Sequential(
        nn.Dropout(0.2), nn.Linear(SIZE, _HIDDEN), nn.ReLU(), nn.Dropout(0.4), nn.Linear(_HIDDEN, OUTPUTS)
    )


def train(
    scaled: torch.Tensor, labels: torch.Tensor, epochs: int, seed: int, told: Callable[[], object] = lambda: None
) -> nn.Module:
    """A head of its own.

    Args:
        scaled: (n, 672), see `Scaling.scaled`.
        labels: (n,) outputs.
        epochs: how often every example is seen.
        seed: of its weights and the order of examples.
        told: called after every epoch.
    """
    torch.manual_seed(seed)
    head = network()
    batch = min(_BATCH, len(scaled))
    steps = epochs * (len(scaled) // batch)
    optimiser = torch.optim.AdamW(head.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(epochs):
        for chosen in torch.randperm(len(scaled))[: len(scaled) // batch * batch].split(batch):
            loss = functional.cross_entropy(head(scaled[chosen]), labels[chosen], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        told()
    return head.eval()


@torch.no_grad()
def opinion(heads: list[nn.Module], scaled: torch.Tensor) -> torch.Tensor:
    """(n, outputs) mean probabilities of some heads."""
    parts = [torch.stack([functional.softmax(head(part), 1) for head in heads]).mean(0) for part in scaled.split(4096)]
    return torch.cat(parts)
