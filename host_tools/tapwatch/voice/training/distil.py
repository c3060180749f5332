"""What the student learns from: opinion of the heads, what was said, the teacher's embedding, digits among digits."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional

from tapwatch.voice.training import network, windows
from tapwatch.voice.words import DIGITS, NOTHING, UNKNOWN, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.voice.training.network import Student

_RATE, _WARM_UP, _LAST_RATE = 3e-3, 0.06, 1e-5
_WEIGHT_DECAY = 2e-3
_OPINION, _TRUTH, _ASIDE, _AMONG = 0.7, 0.3, 0.1, 1.5
"""Weights of what is learned: heads' opinion, what was said, embedding, and digits among themselves."""
_ROUNDED_FROM = 0.6
"""Part of the training after which weights and activations are rounded."""


@dataclass
class Lessons:
    """What a student learns from; all of one length."""

    frames: Tensor
    """(n, frames, 32) bytes."""
    start: Tensor
    end: Tensor
    label: Tensor
    opinion: Tensor
    """(n, outputs) probabilities."""
    aside: Tensor
    """(n, axes)"""

    def __len__(self) -> int:
        return len(self.label)


@dataclass
class Course:
    """How long, and how far: what has to survive a stop beside the student itself."""

    epochs: int
    exact_from: float
    """Part of the training after which the watch's own arithmetic is used."""
    seed: int
    batch: int = 128
    minutes: float = float("inf")
    """The training bends its schedule to end within this."""
    done: int = 0
    spent_s: float = 0.0
    """Kept by who runs the epochs."""
    curve: list[dict[str, float]] = field(default_factory=list)

    def progress(self, part_of_epoch: float, running_s: float) -> float:
        """How much of the training is over, 0 to 1, by epochs or by time."""
        by_time = (self.spent_s + running_s) / (60 * self.minutes)
        return min(1.0, max((self.done + part_of_epoch) / self.epochs, by_time))

    @property
    def over(self) -> bool:
        """Whether nothing is left to learn."""
        return self.progress(0, 0) >= 1


def optimiser(student: Student) -> torch.optim.Optimizer:
    """A fresh one."""
    return torch.optim.AdamW(student.parameters(), _RATE, weight_decay=_WEIGHT_DECAY)


def epoch(
    student: Student,
    lessons: Lessons,
    course: Course,
    steps: torch.optim.Optimizer,
    told: Callable[[float], object] = lambda _: None,
) -> None:
    """See every lesson once; the order and all that is drawn depend on the course's seed and epoch alone."""
    seed = course.seed * 10_000 + course.done
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    student.train()
    began = time.monotonic()
    batch = min(course.batch, len(lessons))
    batches = torch.randperm(len(lessons), generator=draw)[: len(lessons) // batch * batch].split(batch)
    total = right = 0.0
    seen = 0
    for number, chosen in enumerate(batches):
        progress = course.progress(number / len(batches), time.monotonic() - began)
        _set(student, steps, progress, course)
        loss, hits = _learn(student, lessons, chosen, draw, steps)
        total, right, seen = total + loss, right + hits, seen + batch
        told(progress)
        if progress >= 1:
            break
    course.done += 1
    course.curve.append({"loss": total * batch / seen, "right": right / seen, "mode": student.mode})


def _set(student: Student, steps: torch.optim.Optimizer, progress: float, course: Course) -> None:
    mode = network.FLOAT if progress < _ROUNDED_FROM else network.ROUNDED
    mode = network.EXACT if progress >= course.exact_from else mode
    if student.mode != mode:
        student.set_mode(mode)
    for group in steps.param_groups:
        group["lr"] = rate(progress)


def rate(progress: float) -> float:
    """The step of learning: up quickly, then down along a cosine."""
    if progress < _WARM_UP:
        return _RATE * (0.04 + 0.96 * progress / _WARM_UP)
    bent = 0.5 + 0.5 * math.cos(math.pi * (progress - _WARM_UP) / (1 - _WARM_UP))
    return _LAST_RATE + (_RATE - _LAST_RATE) * bent


def _learn(
    student: Student, lessons: Lessons, chosen: Tensor, draw: torch.Generator, steps: torch.optim.Optimizer
) -> tuple[float, float]:
    seen = windows.varied(lessons.frames[chosen], lessons.start[chosen], lessons.end[chosen], draw)
    logits, aside = student(seen)
    likely = functional.log_softmax(logits, 1)
    label = lessons.label[chosen]
    opinion = -(lessons.opinion[chosen] * likely).sum(1).mean()
    known = label != UNKNOWN
    truth = functional.nll_loss(likely, label, ignore_index=UNKNOWN, reduction="sum") / known.sum().clamp(min=1)
    beside = functional.mse_loss(aside, lessons.aside[chosen])
    among = _among_digits(logits, label, lessons.opinion[chosen])
    loss = _OPINION * opinion + _TRUTH * truth + _ASIDE * beside + _AMONG * among
    steps.zero_grad()
    loss.backward()
    steps.step()
    hits = (logits.argmax(1) == label)[known].float().mean() * len(chosen)
    return loss.item(), float(hits)


def _among_digits(logits: Tensor, label: Tensor, opinion: Tensor) -> Tensor:
    """The loss of digits among the words of the keypad, which is all that a keypad asks."""
    first = WORDS.index(DIGITS[0])
    digits = (label >= first) & (label < first + len(DIGITS))
    if not digits.any():
        return logits.new_zeros(())
    columns = torch.tensor([*range(first, first + len(DIGITS)), WORDS.index("stop"), NOTHING])
    told = opinion[digits][:, columns] + 1e-4
    said = functional.one_hot(label[digits] - first, len(columns)).float()
    wanted = _OPINION * told / told.sum(1, keepdim=True) + _TRUTH * said
    likely = functional.log_softmax(logits[digits][:, columns], 1)
    return -(wanted * likely).sum() / len(label)


@torch.no_grad()
def logits(student: Student, frames: Tensor) -> Tensor:
    """(n, outputs) of the windows in the middle of examples."""
    student.eval()
    return torch.cat([student(windows.levels(windows.middle(part)))[0] for part in frames.split(512)])


def state(student: Student, course: Course, steps: torch.optim.Optimizer) -> dict[str, Any]:
    """All that `restore` needs."""
    kept = {"done": course.done, "spent_s": course.spent_s, "curve": course.curve}
    return {"student": student.state_dict(), "mode": student.mode, "steps": steps.state_dict(), "course": kept}


def restore(kept: dict[str, Any], student: Student, course: Course, steps: torch.optim.Optimizer) -> None:
    """Go on from `state`."""
    student.load_state_dict(kept["student"])
    student.set_mode(kept["mode"])
    steps.load_state_dict(kept["steps"])
    for name, value in kept["course"].items():
        setattr(course, name, value)
