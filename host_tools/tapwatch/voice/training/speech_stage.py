"""Stage `speech`: every job of the plan that has not been done."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tapwatch.voice.speech import engines
from tapwatch.voice.training.clips import ClipStore
from tapwatch.voice.training.files import clear_unfinished
from tapwatch.voice.training.parallel import each
from tapwatch.voice.training.plan import plan

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.voice.speech.engine import Engine
    from tapwatch.voice.training.plan import Job
    from tapwatch.voice.training.stages import Settings


def run(settings: Settings) -> None:
    """Speak what is missing. The time may be up before all is spoken: the next stage takes what there is."""
    folder = clips_folder(settings)
    clear_unfinished(folder)
    missing = ClipStore(folder).missing(plan(settings.size.plan, settings.language))
    each(_speak, [(folder, job, settings.language) for job in missing], settings, "speech, jobs")


def clips_folder(settings: Settings) -> Path:
    """Where the clips of a language are kept."""
    return settings.work / "clips" / settings.language


def _speak(piece: tuple[Path, Job, str]) -> None:
    folder, job, language = piece
    ClipStore(folder).make(job, _engine(job.engine, language), language)


@cache
def _engine(name: str, language: str) -> Engine:
    return engines.engine(name, language)
