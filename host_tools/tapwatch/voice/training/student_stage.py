"""Stage `student`: some students of different seeds, each in a process of its own; a checkpoint after every epoch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import torch
from tqdm import tqdm

from tapwatch.voice.training import distil, examples, head
from tapwatch.voice.training.distil import Course, Lessons
from tapwatch.voice.training.examples_stage import examples_folder
from tapwatch.voice.training.files import whole_file
from tapwatch.voice.training.head_stage import heads
from tapwatch.voice.training.network import EXACT, Shape, Student
from tapwatch.voice.training.parallel import each

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tapwatch.voice.training.stages import Settings


def run(settings: Settings) -> None:
    """Train every student to its end, or as far as the time goes."""
    each(_train, [(settings, number) for number in range(settings.size.students)], settings, "students")


def path(settings: Settings, number: int) -> Path:
    """The last state of a student."""
    return settings.work / "students" / settings.language / f"student_{number}.pt"


def fresh(settings: Settings) -> Student:
    """An untrained student of the size that was asked for."""
    return Student(Shape(settings.size.first, settings.size.blocks), head.OUTPUTS, head.AXES)


def trained(settings: Settings, number: int) -> tuple[Student, Course]:
    """A student and its course as they are now, in the arithmetic of the watch.

    Raises:
        FileNotFoundError: it has not begun.
    """
    student, course = fresh(settings), course_of(settings, number)
    distil.restore(torch.load(path(settings, number), weights_only=True), student, course, distil.optimiser(student))
    student.set_mode(EXACT)
    return student.eval(), course


def course_of(settings: Settings, number: int) -> Course:
    """What a student has before it."""
    size = settings.size
    exact_from = 1 - size.exact_epochs / size.student_epochs
    return Course(size.student_epochs, exact_from, settings.seed + number, size.batch, settings.minutes)


def _train(piece: tuple[Settings, int]) -> None:
    settings, number = piece
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(settings.seed + number)
    student, course = fresh(settings), course_of(settings, number)
    steps = distil.optimiser(student)
    kept = path(settings, number)
    if kept.exists():
        distil.restore(torch.load(kept, weights_only=True), student, course, steps)
    if course.over:
        return
    lessons, held = _lessons(settings), examples.load(examples_folder(settings), examples.HELD)
    with tqdm(total=100, desc=f"student {number}, %", position=number + 1, mininterval=5) as bar:
        while not course.over:
            began = time.monotonic()
            distil.epoch(student, lessons, course, steps, lambda progress: bar.update(int(100 * progress) - bar.n))
            course.curve[-1]["held"] = _right(student, held)
            course.spent_s += time.monotonic() - began
            bar.set_postfix({name: f"{value:.3f}" for name, value in course.curve[-1].items()})
            with whole_file(kept) as file:
                torch.save(distil.state(student, course, steps), file)


def _lessons(settings: Settings) -> Lessons:
    made = examples.load(examples_folder(settings), examples.TRAIN)
    scaling, found = heads(settings)
    opinions, aside = [], []
    for part in np.array_split(made["embedding"], max(1, len(made) // 10_000)):
        scaled = scaling.scaled(part)
        opinions.append(head.opinion(found, scaled))
        aside.append(scaled @ torch.from_numpy(scaling.axes))
    position = torch.cat(aside)
    return Lessons(
        frames=torch.from_numpy(made["frames"].copy()),
        start=_whole(made["start"]),
        end=_whole(made["end"]),
        label=_whole(made["label"]),
        opinion=torch.cat(opinions),
        aside=position / (position.std() + 1e-6),
    )


def _whole(numbers: NDArray[np.uint8]) -> torch.Tensor:
    return torch.from_numpy(numbers.astype(np.int64))


def _right(student: Student, held: NDArray[np.void]) -> float:
    guess = distil.logits(student, torch.from_numpy(held["frames"].copy())).argmax(1).numpy()
    return float((guess == held["label"]).mean())
