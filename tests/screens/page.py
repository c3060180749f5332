"""Writes build/gallery: every picture as a PNG file named by its hash, and one page that shows and compares them.

Pictures of earlier runs stay as long as they are the approved ones, so that a change is seen beside what it changed.
"""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from PIL import Image

from tests.screens import drawing
from tests.screens.drawing import SIZES, Drawn, Hashes
from tests.screens.micropython import ROOT
from tests.screens.pictures import difference, save

GALLERY = ROOT / "build/gallery"
_TEMPLATE = Path(__file__).with_name("page.html")
_DATA = "/*DATA*/null"
_GROUPS = (
    ("Faces", ("face*", "analogue*")),
    (
        "Pay",
        ("armed*", "torn", "confirm", "sent*", "approved*", "declined*", "cards*", "card-*", "no-card", "history*"),
    ),
    ("Pay", ("payment*", "presented*", "merchant*", "receipt*", "reason*")),
    (
        "Messages",
        ("note*", "news*", "replies*", "alarm", "alarm-long", "alarm-hostile", "timer", "ringing*", "lost", "call*"),
    ),
    ("Settings", ("settings*", "choices*", "about*", "quick*", "security*", "faces*", "wipe")),
    ("Bluetooth", ("bluetooth*", "device*", "roles*", "pair*")),
    (
        "System",
        ("boot", "setup", "passcode*", "unlock*", "charging*", "battery*", "error*", "wiped*", "water*", "app-*"),
    ),
)
"""Headings of the page and the scenes under them; scenes of an app that no row names are under Apps."""
_ORDER = ("Faces", "Pay", "Apps", "Messages", "Settings", "Bluetooth", "System")


def group(name: str, app: str) -> str:
    """The heading of a scene."""
    for title, patterns in _GROUPS:
        if any(fnmatch(name, pattern) for pattern in patterns):
            return title
    return "Apps" if app or name == "launcher" else "System"


def write(folder: Path, drawn: Drawn, before: Hashes | None = None, base: str = "") -> Path:
    """Write the page about what was drawn into `folder`, and return its path.

    `before`: what it is compared with, the approved hashes if None; `base`: how the page calls that.
    """
    before = drawing.approved() if before is None else before
    kept = set(before.values()) | set(drawing.approved().values()) | set(drawing.hashes(drawn).values())
    for size, (width, height, _) in SIZES.items():
        _save(folder / size, width, height, kept)
    scenes = _scenes(drawn, before)
    _differences(folder, scenes)
    data = {"sizes": SIZES, "groups": _ORDER, "scenes": scenes, "base": base or "the approved pictures"}
    page = folder / "index.html"
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    page.write_text(_TEMPLATE.read_text(encoding="utf-8").replace(_DATA, text), encoding="utf-8")
    return page


def _save(folder: Path, width: int, height: int, kept: set[str]) -> None:
    """Turn pixels into PNG files, and drop pictures that nobody asks for any more."""
    folder.mkdir(parents=True, exist_ok=True)
    for pixels in sorted(folder.glob("*.rgb565")):
        picture = pixels.with_suffix(".png")
        if not picture.exists():
            save(pixels, picture, width, height)
        pixels.unlink()
    for picture in sorted(folder.glob("*.png")):
        if picture.stem not in kept:
            picture.unlink()


def _scenes(drawn: Drawn, before: Hashes) -> list[dict[str, Any]]:
    """For the page: name, heading, and for each variant and theme the hash now and before."""
    names = {name: scene for index in drawn.values() for name, scene in index["scenes"].items()}
    return [
        {
            "name": name,
            "group": group(name, scene["app"]),
            "faults": [fault for index in drawn.values() for fault in index["scenes"][name]["faults"]],
            "pictures": {
                variant: {
                    theme: [digest, drawing.of(before, name, variant, theme)]
                    for theme, digest in index["scenes"][name]["pictures"].items()
                }
                for variant, index in drawn.items()
            },
        }
        for name, scene in names.items()
    ]


def _differences(folder: Path, scenes: list[dict[str, Any]]) -> None:
    """A picture of what changed, `NEW-OLD.png`, where both are there; an old one that is not becomes None."""
    for scene in scenes:
        for variant, themes in scene["pictures"].items():
            place = folder / variant.split(".")[0]
            for pair in themes.values():
                new, old = pair
                if old and old != new and not (place / f"{old}.png").exists():
                    pair[1] = ""
                elif old and old != new:
                    _difference(place, new, old)


def _difference(place: Path, new: str, old: str) -> None:
    target = place / f"{new}-{old}.png"
    if not target.exists():
        with Image.open(place / f"{old}.png") as before, Image.open(place / f"{new}.png") as after:
            difference(before, after).save(target, compress_level=3)
