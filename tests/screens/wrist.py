"""Pictures that firmware draws for requests, as they look behind the glass on a wrist: for readers of codes."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from PIL import Image

from tapwatch.compiled import search_path
from tests.screens.micropython import MICROPYTHON, ROOT
from tests.screens.pictures import as_worn, decode

SIZES = {"large": (410, 502, 115), "small": (240, 240, 0)}
"""Width, height and corner radius of the panels."""
_SKIN_PX = 40
"""Wrist around the glass."""


def draw(
    program: str, folder: Path, wanted: list[list[Any]], skin: tuple[int, int, int]
) -> list[tuple[list[Any], Image.Image]]:
    """Each request with its picture. It begins with a file name, where `program` writes pixels, and a size."""
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=16M", program, str(folder)],
        input="".join(json.dumps(request) + "\n" for request in wanted),
        cwd=ROOT,
        env=dict(os.environ, MICROPYPATH=search_path()),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [(request, _picture(folder / f"{request[0]}.rgb565", request[1], skin)) for request in wanted]


def _picture(pixels: Path, size: str, skin: tuple[int, int, int]) -> Image.Image:
    width, height, corner = SIZES[size]
    worn = as_worn(decode(pixels.read_bytes(), width, height), corner)
    wrist = Image.new("RGB", (width + 2 * _SKIN_PX, height + 2 * _SKIN_PX), skin)
    wrist.paste(worn, (_SKIN_PX, _SKIN_PX), worn)
    return wrist
