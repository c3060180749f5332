"""Asks watch.crypto, running inside MicroPython, for many results at once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
MICROPYTHON = Path(sys.executable).with_name("micropython")
ANSWERS = Path(__file__).with_name("upy_answers.py")

Question = tuple[Any, ...]


class Refused(str):
    """The class name of the error that a question met."""


def ask(questions: list[Question]) -> list[Any]:
    """One answer per question, from one MicroPython process."""
    lines = "".join(json.dumps([_give(part) for part in question]) + "\n" for question in questions)
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=8M", ANSWERS],
        input=lines,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=ROOT,
        env={**os.environ, "MICROPYPATH": f"{ROOT / 'firmware'}:.frozen"},
    )
    answers = [_take(json.loads(line)) for line in done.stdout.splitlines()]
    assert len(answers) == len(questions), done.stderr
    return answers


def _give(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, list):
        return [_give(item) for item in value]
    return value


def _take(value: Any) -> Any:
    if isinstance(value, dict):
        return Refused(value["error"]) if "error" in value else bytes.fromhex(value["hex"])
    if isinstance(value, list):
        return [_take(item) for item in value]
    return value
