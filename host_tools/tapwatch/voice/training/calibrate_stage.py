"""Stage `calibrate`: the best student, how sure it must be, and the file of weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from tapwatch.errors import UserError
from tapwatch.voice.integer_network import IntegerNetwork
from tapwatch.voice.training import calibrate, distil, examples, windows
from tapwatch.voice.training.enrolment import best_pull, centre_of
from tapwatch.voice.training.examples_stage import chosen_clips, examples_folder
from tapwatch.voice.training.export import PER_UNIT, export
from tapwatch.voice.training.files import whole_file
from tapwatch.voice.training.records import Records
from tapwatch.voice.training.student_stage import path, trained
from tapwatch.voice.weights_file import pack, unpack
from tapwatch.voice.words import RISKS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tapwatch.voice.training.network import Student
    from tapwatch.voice.training.stages import Settings

_COMPARED = 64
"""Windows on which the file is run and compared with the student, to the bit."""


@dataclass(frozen=True)
class Judged:
    """Examples of voices kept for judging, as a student hears them."""

    units: NDArray[np.int64]
    """Integer logits."""
    natural: NDArray[np.float64]
    """The same in natural units."""
    embeddings: NDArray[np.int64]
    truth: NDArray[np.int64]
    voice: NDArray[np.int64]
    """The number of the voice in `voices`."""
    voices: list[str]
    windows: NDArray[np.uint8]


def run(settings: Settings) -> None:
    """Write `voice.LANGUAGE.twv` and what was found."""
    number, student = _best(settings)
    warm = judge(settings, student, examples.HELD)
    temperature = calibrate.best_temperature(warm.natural, warm.truth)
    judged = judge(settings, student.cool(temperature), examples.HELD)
    natural = judged.natural
    limits = calibrate.thresholds(natural, judged.truth)
    centre = centre_of(judged.embeddings)
    pull, near, tried = best_pull(natural, judged.embeddings, judged.truth, judged.voice, centre)
    whole = [round(limits[name] * PER_UNIT) for name in RISKS]
    data = pack(export(student, whole, round(pull * 256), round(near * PER_UNIT), centre))
    _compare(data, judged)
    with whole_file(weights_path(settings)) as file:
        file.write(data)
    records = Records(settings)
    found = {
        "student": number,
        "temperature": temperature,
        "thresholds": limits,
        "pull": pull,
        "near": near,
        "bytes": len(data),
    }
    records.put("calibrated", found)
    records.put("pulls", tried)
    print(f"{weights_path(settings)}: {len(data)} bytes, {found}")


def weights_path(settings: Settings) -> Path:
    """The file of weights that a training makes."""
    return settings.work / f"voice.{settings.language}.twv"


def judge(settings: Settings, student: Student, split: str) -> Judged:
    """What a student makes of all examples of a split of voices kept for judging."""
    held = examples.load(examples_folder(settings), split)
    seen = windows.middle(torch.from_numpy(held["frames"].copy()))
    pooled = torch.cat([_pooled(student, part) for part in seen.split(512)])
    dense = export(student)
    units = pooled.numpy() @ np.array(dense.dense).T + np.array(dense.dense_bias)
    jobs = [clip.job for clip in chosen_clips(settings)[examples.HELD]]
    voices = sorted(set(jobs))
    voice = np.array([voices.index(jobs[clip]) for clip in held["clip"]])
    natural = units * (dense.scale / PER_UNIT)
    return Judged(units, natural, pooled.numpy(), held["label"].astype(np.int64), voice, voices, seen.numpy())


@torch.no_grad()
def _pooled(student: Student, part: torch.Tensor) -> torch.Tensor:
    return student.pooled(windows.levels(part)).long()


def _best(settings: Settings) -> tuple[int, Student]:
    """The student that is right most often."""
    begun = [number for number in range(settings.size.students) if path(settings, number).exists()]
    if not begun:
        raise UserError("there is no student", "run the stage `student`")
    held = examples.load(examples_folder(settings), examples.HELD)
    frames, label = torch.from_numpy(held["frames"].copy()), torch.from_numpy(held["label"].astype(np.int64))
    students = {number: trained(settings, number) for number in begun}
    right = {
        number: float((distil.logits(student, frames).argmax(1) == label).float().mean())
        for number, (student, _) in students.items()
    }
    records = Records(settings)
    records.put("student.held", {str(number): share for number, share in right.items()})
    records.put("curves", {str(number): course.curve for number, (_, course) in students.items()})
    records.put("spent_s", {str(number): course.spent_s for number, (_, course) in students.items()})
    number = max(right, key=lambda each: right[each])
    return number, students[number][0]


def _compare(data: bytes, judged: Judged) -> None:
    """The file, run in plain integers by other code, gives what the student gave."""
    units, embeddings = IntegerNetwork(unpack(data)).run(judged.windows[:_COMPARED])
    if not (units == judged.units[:_COMPARED]).all() or not (embeddings == judged.embeddings[:_COMPARED]).all():
        raise UserError(
            "the file of weights does not compute what the student does", "this is a mistake in the program"
        )
