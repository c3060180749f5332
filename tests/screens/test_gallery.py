"""Every screen in every language on both panels: nothing clipped, nothing missing, and pixels that somebody approved.

To approve new pictures: look at build/gallery/index.html, then run with TAPWATCH_APPROVE=1.
"""

import hashlib
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from tests.screens.micropython import ROOT, run
from tests.screens.pictures import decode, load, write_page

GALLERY = ROOT / "build/gallery"
APPROVED = Path(__file__).with_name("approved.json")
_VARIANTS = [(size, language) for size in ("large", "small") for language in ("en", "zh")]
_APPROVE = os.environ.get("TAPWATCH_APPROVE") == "1"


@pytest.fixture(scope="module")
def gallery() -> dict[str, dict]:
    """Every variant, drawn."""
    drawn = {}
    folders = []
    for size, language in _VARIANTS:
        folder = GALLERY / f"{size}.{language}"
        folder.mkdir(parents=True, exist_ok=True)
        run("gallery.py", size, language, str(folder))
        drawn[folder.name] = load(folder)
        folders.append(folder)
    write_page(folders, GALLERY / "index.html")
    return drawn


def _hashes(gallery: dict[str, dict]) -> dict[str, str]:
    return {
        f"{variant}/{name}": hashlib.sha256(screen["picture"].tobytes()).hexdigest()[:16]
        for variant, index in gallery.items()
        for name, screen in index["screens"].items()
    }


def test_no_text_is_clipped_and_no_character_missing(gallery: dict[str, dict]) -> None:
    for variant, index in gallery.items():
        for name, screen in index["screens"].items():
            assert screen["clipped"] == 0, (variant, name, screen["texts"])
            assert screen["missing"] == 0, (variant, name, screen["texts"])


def test_every_line_lies_on_the_glass(gallery: dict[str, dict]) -> None:
    """The corners of each line's box are inside the rounded outline of the panel."""
    for variant, index in gallery.items():
        radius, width, height = index["corner"], index["width"], index["height"]
        for name, screen in index["screens"].items():
            for text, x, y, line_width, line_height in screen["drawn"]:
                quarter = line_height // 4  # a line is a quarter taller than its letters, above and below
                for px in (x, x + line_width):
                    for py in (y + quarter, y + line_height - quarter):
                        assert _on_glass(px, py, width, height, radius), (variant, name, text)


def _on_glass(x: int, y: int, width: int, height: int, radius: int) -> bool:
    if not (0 <= x <= width and 0 <= y <= height):
        return False
    dx = max(radius - x, x - (width - radius), 0)
    dy = max(radius - y, y - (height - radius), 0)
    return dx * dx + dy * dy <= radius * radius


def test_pixels_are_the_approved_ones(gallery: dict[str, dict]) -> None:
    hashes = _hashes(gallery)
    if _APPROVE:
        APPROVED.write_text(json.dumps(hashes, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    approved = json.loads(APPROVED.read_text(encoding="utf-8"))
    changed = sorted(name for name in hashes.keys() | approved.keys() if hashes.get(name) != approved.get(name))
    assert not changed, f"look at build/gallery/index.html, then approve: {changed}"


def test_a_changed_pixel_changes_the_hash(gallery: dict[str, dict]) -> None:
    before = _hashes(gallery)
    picture: Image.Image = gallery["small.en"]["screens"]["face"]["picture"].copy()
    picture.putpixel((120, 120), (1, 2, 3))
    changed = {"small.en": {"screens": {"face": {"picture": picture}}}}
    assert _hashes(changed)["small.en/face"] != before["small.en/face"]


def test_colours_decode_to_what_was_meant() -> None:
    assert decode(bytes((0xF8, 0x00, 0x07, 0xE0)), 2, 1).tobytes() == bytes((255, 0, 0, 0, 255, 0))
