"""`python -m tapwatch.assets.build`: write every font of the watch into `firmware/assets`.

Needs the Debian packages fonts-inter and fonts-noto-cjk; the result is committed, so only someone who changes a text or
the look runs it. With `--pages` it also writes the paged fonts, which hold the same characters whatever the texts are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tapwatch.assets.charset import display_characters, paged_characters, text_characters
from tapwatch.assets.fontfile import FontFile
from tapwatch.assets.icons import ALONE, ICONS, icon_glyph
from tapwatch.assets.pagefile import PageFile
from tapwatch.assets.raster import draw_cells, measure_cell, open_face, rasterise

INTER = Path("/usr/share/fonts/opentype/inter")
NOTO = Path("/usr/share/fonts/opentype/noto")
_SIMPLIFIED = 2
"""Index of the Simplified Chinese face in the Noto Sans CJK collections."""

SIZES_PX = {
    "large": {"display": 120, "figures": 78, "title": 50, "body": 34, "caption": 26},
    "small": {"display": 72, "figures": 50, "title": 34, "body": 24, "caption": 18},
}
"""The type scale: em sizes for 410x502 at 315 ppi and 240x240 at 220 ppi. Captions are 2.1 mm on both.

Text has four sizes. `figures` holds digits only: the display size for amounts too long for it.
"""
ICON_SIZES_PX = {"large": (28, 48, 112), "small": (20, 32, 72)}
"""Icons beside a caption, on a key, alone on a screen."""
_ICON_BLOCKS = (0xE000, 0xE100, 0xE200)
_WEIGHTS = {
    "display": ("InterDisplay-SemiBold.otf", None),
    "figures": ("InterDisplay-SemiBold.otf", None),
    "title": ("InterDisplay-SemiBold.otf", "NotoSansCJK-Bold.ttc"),
    "body": ("Inter-Medium.otf", "NotoSansCJK-Regular.ttc"),
    "caption": ("Inter-Medium.otf", "NotoSansCJK-Regular.ttc"),
}
PAGED = ("body", "caption")
"""Sizes in which all of GB 2312 can be drawn."""


def fonts_present() -> bool:
    """True when the outline fonts are installed."""
    return all((INTER / main).exists() for main, _ in _WEIGHTS.values()) and (NOTO / "NotoSansCJK-Bold.ttc").exists()


def build(languages: Path) -> dict[str, bytes]:
    """Every font that is read whole, by name of its file in `firmware/assets`."""
    files = {}
    for panel, sizes in SIZES_PX.items():
        for role, size_px in sizes.items():
            files[f"{role}.{panel}.twf"] = _font(role, size_px, languages).pack()
        files[f"icons.{panel}.twf"] = _icons(ICON_SIZES_PX[panel]).pack()
    return files


def build_pages() -> dict[str, bytes]:
    """Every font that is paged, by name. Takes a minute."""
    codes = paged_characters()
    wanted = [(role, panel) for panel in SIZES_PX for role in PAGED]
    return {f"{role}.{panel}.twp": cells(role, panel, codes).pack() for role, panel in wanted}


def cells(role: str, panel: str, drawn: list[int]) -> PageFile:
    """A page file with the pictures of the characters in `drawn`, not packed yet."""
    size_px = SIZES_PX[panel][role]
    main, chinese = _WEIGHTS[role]
    lines = rasterise([], [open_face(INTER / main, size_px)], size_px * 5 // 4, kerned=False)
    face = open_face(NOTO / str(chinese), size_px, _SIMPLIFIED)
    page = measure_cell(paged_characters(), face, lines)
    draw_cells(page, drawn, face, lines.baseline)
    return page


def _font(role: str, size_px: int, languages: Path) -> FontFile:
    main, chinese = _WEIGHTS[role]
    faces = [open_face(INTER / main, size_px)]
    if chinese is None:
        return rasterise(display_characters(), faces, size_px, kerned=False)
    faces.append(open_face(NOTO / chinese, size_px, _SIMPLIFIED))
    codes = text_characters(languages, titles_only=role == "title")
    return rasterise(codes, faces, size_px * 5 // 4, kerned=role != "caption")


def _icons(sizes_px: tuple[int, ...]) -> FontFile:
    file = FontFile(sizes_px[0], sizes_px[0], sizes_px[0])
    for block, size_px in zip(_ICON_BLOCKS, sizes_px, strict=True):
        alone = block == _ICON_BLOCKS[-1]
        drawn = [(order, name) for order, name in enumerate(ICONS) if name in ALONE or not alone]
        file.glyphs += [icon_glyph(name, block + order, size_px) for order, name in drawn]
    return file


def main(arguments: list[str] | None = None) -> int:
    """Write the files; returns the exit code."""
    root = Path(__file__).resolve().parents[3]
    parser = argparse.ArgumentParser(description="Make the watch's fonts from the installed outline fonts.")
    parser.add_argument("--output", type=Path, default=root / "firmware/assets", help="where the files go")
    parser.add_argument("--pages", action="store_true", help="the paged fonts too: a minute; texts do not change them")
    options = parser.parse_args(arguments)
    if not fonts_present():
        print("Outline fonts are missing: apt-get install fonts-inter fonts-noto-cjk", file=sys.stderr)
        return 3
    files = build(root / "firmware/watch/ui/languages")
    if options.pages:
        files |= build_pages()
    for name, data in files.items():
        (options.output / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
