"""The pictures of the README show what is approved, and stay small."""

from docs.pictures import compose
from tests.screens import drawing
from tests.screens.micropython import ROOT

_MOST_BYTES = 480_000


def test_pictures_show_the_approved_screens() -> None:
    approved = drawing.approved()
    old = [row for row in compose.ROWS if compose.shown(row) != compose.hashes(approved, row)]
    assert not old, f"run python -m docs.pictures.compose: {old}"


def test_pictures_are_in_the_readme_and_small() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    files = sorted((ROOT / "docs/pictures").glob("*.png"))
    assert [path.stem for path in files] == sorted(compose.ROWS)
    assert all(f"docs/pictures/{path.name}" in text for path in files)
    size = sum(path.stat().st_size for path in files)
    print(f"NOTE pictures of the README: {len(files)}, {size} bytes")
    assert size < _MOST_BYTES
