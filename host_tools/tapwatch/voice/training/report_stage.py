"""Stage `report`: what came of a training, in `report.LANGUAGE/report.md` with pictures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.voice.model import macs
from tapwatch.voice.training import examples, plots, report
from tapwatch.voice.training.calibrate_stage import Judged, judge, weights_path
from tapwatch.voice.training.examples_stage import chosen_clips, examples_folder
from tapwatch.voice.training.files import write_text
from tapwatch.voice.training.records import Records
from tapwatch.voice.training.student_stage import trained
from tapwatch.voice.weights_file import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tapwatch.voice.training.stages import Settings

_ABOUT = """Voices here are synthetic and none of them was trained on. They are easier than people: recordings of people
are judged by `tapwatch voice test`.
"""


def run(settings: Settings) -> None:
    """Judge the file of weights on the voices kept for that, and write the page."""
    records = Records(settings).all()
    if "calibrated" not in records:
        raise UserError("there is no file of weights to report on", "run the stage `calibrate`")
    calibrated = records["calibrated"]
    student, _ = trained(settings, calibrated["student"])
    student.cool(calibrated["temperature"])
    splits = {split: judge(settings, student, split) for split in (examples.HELD, examples.CLEAN)}
    folder = settings.work / f"report.{settings.language}"
    limits = calibrated["thresholds"]
    for split, judged in splits.items():
        plots.confusion(judged, folder / f"confusion_{split}.png")
        plots.rejection(judged, limits, folder / f"rejection_{split}.png")
    plots.learning(records["curves"], folder / "learning.png")
    write_text(folder / "report.md", _page(settings, records, splits))
    print(folder / "report.md")


def _page(settings: Settings, records: Mapping[str, Any], splits: Mapping[str, Judged]) -> str:
    limits = records["calibrated"]["thresholds"]
    parts = [f"# Training `{settings.language}`, seed {settings.seed}\n", _ABOUT]
    for split, judged in splits.items():
        known = judged.units.argmax(1) == judged.truth
        parts += [
            f"## Voices kept for judging: {split}\n",
            f"{len(judged.truth)} examples, {report.percent(float(known.mean()))} right among all outputs, no mask.\n",
            report.masks_table(judged, limits),
            report.voices_table(judged),
            report.confusions(judged),
            f"![confusions](confusion_{split}.png)\n\n![thresholds](rejection_{split}.png)\n",
        ]
    parts += ["## How it was made\n", _counts(settings), report.found_table(records), report.versions()]
    return "\n".join([*parts, "![learning](learning.png)\n"])


def _counts(settings: Settings) -> str:
    clips = chosen_clips(settings)
    made = len(examples.load(examples_folder(settings), examples.TRAIN))
    model = unpack(weights_path(settings).read_bytes())
    rows = [
        ("clips to train on", len(clips[examples.TRAIN])),
        ("clips kept for judging", len(clips[examples.HELD])),
        ("jobs to train on", len({clip.job for clip in clips[examples.TRAIN]})),
        ("voices kept for judging", len({clip.job for clip in clips[examples.HELD]})),
        ("examples to train on", made),
        ("multiplications of a decision", macs(model)),
        ("bytes of the file", weights_path(settings).stat().st_size),
        ("size", settings.size),
    ]
    return report.table(["what", "value"], rows)
