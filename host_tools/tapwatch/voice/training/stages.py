"""The stages of a training, in order, each in a module of its own with a `run(settings)`."""

from __future__ import annotations

import importlib
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK, EXIT_USAGE, UserError
from tapwatch.voice.training.sizes import SIZES

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from tapwatch.voice.training.sizes import Size

STAGES = ("speech", "examples", "head", "student", "calibrate", "report")
"""Synthetic clips; spoilt windows with the teacher's embeddings; what the teacher's embeddings mean; the network of the
watch; how sure it must be; what came of it."""


@dataclass(frozen=True)
class Settings:
    """What a stage needs to know."""

    work: Path
    """Where everything is kept; a second run with the same settings goes on from there."""
    language: str
    """`en` or `zh`."""
    size: Size
    seed: int
    processes: int
    """Each of one thread: more threads in a process were slower."""
    minutes: float
    """How long each stage may take; infinite unless it was said."""
    ends_at: float
    """In seconds of `time.monotonic`: a stage leaves its loop then, with all that it made kept."""

    def time_is_up(self) -> bool:
        """Whether a stage shall stop where it is."""
        return time.monotonic() >= self.ends_at


def run(arguments: argparse.Namespace) -> int:
    """Run the stages of a command line one after the other. Raises UserError."""
    one_thread()
    minutes = float("inf") if arguments.minutes is None else arguments.minutes
    if not minutes > 0:
        raise UserError("a stage takes more than no time", "give --minutes more", EXIT_USAGE)
    for name in arguments.stage or STAGES:
        settings = Settings(
            work=arguments.work,
            language=arguments.language,
            size=SIZES[arguments.size],
            seed=arguments.seed,
            processes=arguments.processes,
            minutes=minutes,
            ends_at=time.monotonic() + 60 * minutes,
        )
        settings.work.mkdir(parents=True, exist_ok=True)
        try:
            importlib.import_module(f"tapwatch.voice.training.{name}_stage").run(settings)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("tapwatch"):
                raise
            raise UserError(f"the package {error.name} is missing", "run `tools/setup.sh voice`") from error
    return EXIT_OK


def one_thread() -> None:
    """Keep the libraries of linear algebra, of which every process has its own, to one thread each."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
