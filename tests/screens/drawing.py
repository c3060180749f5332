"""Every scene on both panels, in both languages and in every theme: what was drawn, and what is approved.

A picture is known by its hash: the first 16 hex digits of SHA-256 over the pixels as the panel holds them (RGB565,
big-endian, row by row), so two pictures with the same hash look the same to the last pixel.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.screens import examples
from tests.screens.micropython import ROOT, run

SIZES = {"large": (410, 502, 115), "small": (240, 240, 0)}
"""Width, height and radius of the corners of each panel, in px."""
VARIANTS = tuple(f"{size}.{language}" for size in SIZES for language in ("en", "zh"))
NORMAL = "normal"
"""The theme of a new watch."""
APPROVED = Path(__file__).with_name("approved.json")
_AT_ONCE = 2

Drawn = dict[str, dict[str, Any]]
"""What `gallery.py` prints, by variant: scenes by name, pictures by theme, both in the order of the scenes."""
Hashes = dict[str, str]
"""By `SCENE/SIZE.LANGUAGE` in the normal theme, by `SCENE/SIZE.LANGUAGE/THEME` in one that looks different."""


def draw(root: Path = ROOT, folder: Path | None = None, scenes: Iterable[str] = ()) -> Drawn:
    """Draw all scenes, or those named, of the watch in `root`. With a folder, pixels go to `SIZE/HASH.rgb565` there."""
    if root == ROOT:
        examples.refresh()

    def one(variant: str) -> dict[str, Any]:
        size, language = variant.split(".")
        place = folder / size if folder else None
        if place:
            place.mkdir(parents=True, exist_ok=True)
        result = run("gallery.py", size, language, str(place or ""), *scenes, root=root)
        index = json.loads(result.stdout.splitlines()[-1])
        index["scenes"] = {name: scene | {"pictures": dict(scene["pictures"])} for name, scene in index["scenes"]}
        return index

    with ThreadPoolExecutor(_AT_ONCE) as workers:
        return dict(zip(VARIANTS, workers.map(one, VARIANTS), strict=True))


def hashes(drawn: Drawn) -> Hashes:
    """All hashes. A theme is left out where it looks like the normal one."""
    found = {}
    for variant, index in drawn.items():
        for name, scene in index["scenes"].items():
            normal = scene["pictures"].get(NORMAL)
            if normal is None:
                continue  # it could not be built, which is among its faults
            found[f"{name}/{variant}"] = normal
            for theme, digest in scene["pictures"].items():
                if digest != normal:
                    found[f"{name}/{variant}/{theme}"] = digest
    return found


def of(found: Hashes, name: str, variant: str, theme: str) -> str | None:
    """The hash of one picture, or None if there was no such scene."""
    return found.get(f"{name}/{variant}/{theme}", found.get(f"{name}/{variant}"))


def approved() -> Hashes:
    """The hashes somebody approved."""
    return json.loads(APPROVED.read_text(encoding="utf-8"))


def approve(found: Hashes) -> None:
    """Approve these."""
    APPROVED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def changed(now: Hashes, before: Hashes) -> list[str]:
    """What is new, gone or different."""
    return sorted(key for key in now.keys() | before.keys() if now.get(key) != before.get(key))


def faults(drawn: Drawn) -> list[str]:
    """What is wrong with pictures, each with the name of its scene."""
    return [
        f"{name}/{variant}: {fault}"
        for variant, index in drawn.items()
        for name, scene in index["scenes"].items()
        for fault in scene["faults"]
    ]
