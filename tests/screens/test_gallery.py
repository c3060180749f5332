"""Every screen on both panels, in both languages and every theme: nothing wrong, nothing left out, approved pixels.

To approve new pictures: look at them with `make gallery`, then run this with TAPWATCH_APPROVE=1.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from docs.pictures import compose
from tests.screens import drawing, listing, page
from tests.screens.drawing import Drawn
from tests.screens.pictures import decode, difference
from tests.screens.words import all_keys, families

_APPROVE = os.environ.get("TAPWATCH_APPROVE") == "1"
_SCENES = Path(__file__).parent


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """Everything, drawn once."""
    return drawing.draw()


def test_nothing_is_clipped_missing_off_the_glass_or_too_small_to_touch(drawn: Drawn) -> None:
    scenes = [scene for index in drawn.values() for scene in index["scenes"].values()]
    pictures, different = sum(len(scene["pictures"]) for scene in scenes), len(set(drawing.hashes(drawn).values()))
    lines, targets = sum(scene["lines"] for scene in scenes), sum(scene["targets"] for scene in scenes)
    print(f"NOTE gallery: {len(scenes) // len(drawn)} scenes, {pictures} pictures, {different} of them different")
    print(f"NOTE gallery: {lines} lines of text and {targets} touch targets looked over")
    faults = drawing.faults(drawn)
    assert not faults, "\n".join(faults)


def test_every_screen_app_and_text_is_in_a_picture(drawn: Drawn) -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(_SCENES.glob("*scenes.py")))
    keys = all_keys()
    unseen, relatives = listing.unseen_texts(drawn, keys, families())
    unlisted = listing.unlisted(drawn, sources)
    print(f"NOTE gallery: unlisted {len(unlisted)} screens and apps, {len(unseen)} of {len(keys)} texts")
    print(f"NOTE gallery: {len(relatives)} texts more are in no picture, but others of their kind are")
    assert unlisted == []
    assert unseen == []


def test_pixels_are_the_approved_ones(drawn: Drawn) -> None:
    now = drawing.hashes(drawn)
    if _APPROVE:
        drawing.approve(now)
        compose.write()
    changed = drawing.changed(now, drawing.approved())
    scenes = sorted({key.split("/")[0] for key in changed})
    if changed:
        page.write(page.GALLERY, drawing.draw(folder=page.GALLERY, scenes=scenes))
    assert not changed, f"{len(changed)} pictures: look at build/gallery/index.html, then approve {scenes}"


def test_what_looks_different_is_told() -> None:
    before = {"face/small.en": "a", "face/small.en/contrast": "b", "gone/small.en": "c"}
    now = {"face/small.en": "a", "face/small.en/contrast": "d", "new/small.en": "e"}
    assert drawing.changed(now, before) == ["face/small.en/contrast", "gone/small.en", "new/small.en"]
    assert drawing.of(now, "face", "small.en", "contrast") == "d"
    assert drawing.of(now, "new", "small.en", "contrast") == "e", "looks as in the normal theme"
    assert drawing.of(now, "gone", "small.en", "contrast") is None


def test_a_scene_that_does_not_build_is_a_fault() -> None:
    drawn = {"small.en": {"scenes": {"x": {"pictures": {}, "faults": ["ValueError"]}}}}
    assert drawing.hashes(drawn) == {} and drawing.faults(drawn) == ["x/small.en: ValueError"]


def test_colours_decode_to_what_was_meant() -> None:
    assert decode(bytes((0xF8, 0x00, 0x07, 0xE0)), 2, 1).tobytes() == bytes((255, 0, 0, 0, 255, 0))
    assert decode(bytes((0x84, 0x10)), 1, 1).tobytes() == bytes((16 * 255 // 31, 32 * 255 // 63, 16 * 255 // 31))


def test_a_difference_is_loud() -> None:
    white, red = decode(b"\xff\xff" * 2, 2, 1), decode(b"\xff\xff\xf8\x00", 2, 1)
    assert difference(white, red).tobytes() == bytes((89, 89, 89, 255, 0, 200))


def test_screens_without_a_scene_are_noticed() -> None:
    tree = ast.parse(
        "class Screen: ...\nclass Base(Screen): ...\nclass One(Base): ...\nclass Other(Screen): ...\n"
        "class Used(Screen): ...\nclass More(Used): ...\nUsed()\ndef two() -> Other: ...\ndef say() -> OneScreen: ...\n"
    )
    assert listing.screen_classes([tree]) == {"One", "Other", "Used", "More"}, "all but those only derived from"
    assert listing.builders({"m": tree}) == {"m.say"}
    empty = {"small.en": {"scenes": {}, "texts": ["a"]}}
    assert {"screen ArmedScreen", "screen message.lost", "app torch"} <= set(listing.unlisted(empty, "message.wiped("))
    assert listing.unseen_texts(empty, ["a", "a.x", "b.x"], {"a", "b."}) == (["b.x"], ["a.x"])
