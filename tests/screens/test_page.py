"""The page of the gallery: what it shows beside what, and what it forgets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.screens import make_gallery, page

WIDTH, HEIGHT = 240, 240


def drawn(**scenes: dict[str, str]) -> dict[str, dict[str, Any]]:
    """A gallery of one panel and language: hash by theme, by scene."""
    told = {name: {"app": "", "pictures": themes, "faults": []} for name, themes in scenes.items()}
    return {"small.en": {"scenes": told, "texts": []}}


def put(folder: Path, digest: str, colour: bytes) -> None:
    """What `gallery.py` leaves of a picture."""
    place = folder / "small"
    place.mkdir(exist_ok=True)
    (place / f"{digest}.rgb565").write_bytes(colour * WIDTH * HEIGHT)


def data(written: Path) -> dict[str, Any]:
    """What the page was given."""
    found = re.search(r"^const DATA = (.*);$", written.read_text(encoding="utf-8"), re.M)
    assert found
    return json.loads(found[1].replace("<\\/", "</"))


def test_a_change_is_shown_beside_what_was_there(tmp_path: Path) -> None:
    put(tmp_path, "old", b"\xf8\x00")
    put(tmp_path, "stale", b"\x00\x00")
    page.write(tmp_path, drawn(face={"normal": "old"}), {"face/small.en": "old"})
    put(tmp_path, "new", b"\x07\xe0")
    written = page.write(
        tmp_path, drawn(face={"normal": "new"}, cards={"normal": "new"}), {"face/small.en": "old"}, "</script>"
    )
    told = data(written)
    assert told["base"] == "</script>" and "</script>" not in json.dumps(told["scenes"])
    pictures = {scene["name"]: scene["pictures"]["small.en"]["normal"] for scene in told["scenes"]}
    assert pictures == {"face": ["new", "old"], "cards": ["new", None]}
    assert {path.name for path in (tmp_path / "small").iterdir()} == {"old.png", "new.png", "new-old.png"}
    with Image.open(tmp_path / "small/new-old.png") as difference:
        assert difference.getpixel((0, 0)) == (255, 0, 200)


def test_a_picture_that_was_never_drawn_here_is_not_made_up(tmp_path: Path) -> None:
    put(tmp_path, "new", b"\x07\xe0")
    told = data(page.write(tmp_path, drawn(face={"normal": "new"}), {"face/small.en": "old"}))
    assert told["scenes"][0]["pictures"]["small.en"]["normal"] == ["new", ""]


def test_every_scene_has_a_heading() -> None:
    headings = {"face-rings": "Faces", "sent": "Pay", "note-2": "Messages", "about": "Settings", "odd": "System"}
    assert {name: page.group(name, "") for name in headings} == headings
    assert page.group("music", "music") == page.group("launcher", "") == "Apps"


def test_a_base_that_git_does_not_know(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["make_gallery", "--base", "no-such-commit"])
    assert make_gallery.main() == 2
    assert "git knows no no-such-commit" in capsys.readouterr().err


def test_what_scenes_import_is_drawn_from_the_commit_too() -> None:
    folders = [f"{name}/" for name in make_gallery.NEEDED]
    scenes = [path for path in Path(make_gallery.__file__).parent.glob("*.py") if not path.name.startswith("test_")]
    imported = {name for path in scenes for name in re.findall(r"^from (tests[\w.]*) import", path.read_text(), re.M)}
    assert imported
    assert [name for name in imported if not f"{name.replace('.', '/')}/".startswith(tuple(folders))] == []
