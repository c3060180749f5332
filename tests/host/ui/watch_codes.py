"""Asks the encoders of the watch, running inside MicroPython, for many symbols at once; and draws them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[3]
_MICROPYTHON = Path(sys.executable).with_name("micropython")
_SCRIPT = Path(__file__).with_name("encode_codes.py")


def ask(questions: list[list[Any]]) -> list[Any]:
    """One answer per question, from one MicroPython process."""
    done = subprocess.run(
        [_MICROPYTHON, "-X", "heapsize=8M", _SCRIPT],
        input="".join(json.dumps(question) + "\n" for question in questions),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        cwd=ROOT,
        env={**os.environ, "MICROPYPATH": f"{ROOT / 'firmware'}:.frozen"},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(questions), done.stderr
    return answers


def draw(rows: list[str], across_px: int, down_px: int, quiet: int) -> Image.Image:
    """Black on white, with `quiet` modules of white around."""
    picture = Image.frombytes("L", (len(rows[0]), len(rows)), bytes(0 if bit == "1" else 255 for bit in "".join(rows)))
    picture = picture.resize((len(rows[0]) * across_px, len(rows) * down_px), Image.Resampling.NEAREST)
    framed = Image.new("L", (picture.width + 2 * quiet * across_px, picture.height + 2 * quiet * down_px), 255)
    framed.paste(picture, (quiet * across_px, quiet * down_px))
    return framed
