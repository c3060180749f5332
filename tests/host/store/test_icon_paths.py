"""An app's own icon on the pages of a store: drawn as the watch has it; what is no icon is not drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapwatch.apps import pictures
from tapwatch.store import icon_paths, page_icons

ICON = Path(__file__).parents[3] / "examples/beacon/icon.png"


@pytest.fixture(scope="module")
def made() -> bytes:
    """The icon of an example, as it lies in its bundle."""
    files, faults = pictures.convert({"icon": ICON.read_bytes()})
    assert not faults
    return files["icon.img"]


def test_every_point_is_drawn_once(made: bytes) -> None:
    drawn = icon_paths.picture(made)
    assert drawn is not None and drawn["side"] == pictures.ICON_PX["small"]
    taken: dict[tuple[int, int], str] = {}
    for ink, path in drawn["paths"]:
        for run in path[1:].split("M"):
            x, rest = run.split(" ")
            y, wide = rest.split("h")
            for point in range(int(x), int(x) + int(wide)):
                assert (point, int(y)) not in taken
                taken[(point, int(y))] = ink
    assert (0, 0) not in taken, "the corners let through what is behind them"
    assert len(taken) > drawn["side"] ** 2 // 2 and max(x for x, _ in taken) < drawn["side"]
    tile = page_icons.tile("", 0x1B2A49, "Beacon", drawn)
    assert tile.count("<") == 2 * tile.count("</") + tile.count("/>") and tile.endswith("</svg>")
    assert tile.count("<path") == len(drawn["paths"]) and "<text" not in tile


def test_what_is_no_icon_is_a_letter(made: bytes) -> None:
    drawn = [icon_paths.picture(made[:cut]) for cut in range(0, len(made) // 3, 7)]
    assert drawn == [None] * len(drawn)
    for wrong in (b"", b"PNG", b"TWI1" + bytes(40), made[:12] + b"\xff\xff" + made[14:]):
        assert icon_paths.picture(wrong) is None
    assert ">B</text>" in page_icons.tile("", 0x1B2A49, "Beacon", None)
