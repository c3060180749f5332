"""Turns what a panel was sent into PNG files and one HTML page."""

import html
import json
from pathlib import Path

from PIL import Image, ImageDraw

_PAGE = """<!doctype html><meta charset="utf-8"><title>Tapwatch screens</title>
<style>body{{background:#48484c;color:#eee;font:15px system-ui;margin:32px}}figure{{display:inline-block;margin:12px}}
img{{display:block}}figcaption{{padding:8px 0;max-width:410px}}</style><h1>Tapwatch screens</h1>{figures}"""


def decode(pixels: bytes, width: int, height: int) -> Image.Image:
    """An RGB picture of big-endian RGB565, each channel stretched to 8 bits."""
    out = bytearray()
    for high, low in zip(pixels[::2], pixels[1::2], strict=True):
        value = high << 8 | low
        out += bytes(((value >> 11) * 255 // 31, (value >> 5 & 63) * 255 // 63, (value & 31) * 255 // 31))
    return Image.frombytes("RGB", (width, height), bytes(out))


def as_worn(picture: Image.Image, corner_px: int) -> Image.Image:
    """The picture behind its glass: round corners, transparent outside."""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), corner_px or 8, fill=255)
    worn = picture.convert("RGBA")
    worn.putalpha(mask)
    return worn


def load(folder: Path) -> dict:
    """The index of a folder that `gallery.py` filled, with a decoded picture in each of its screens."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for name, screen in index["screens"].items():
        pixels = (folder / f"{name}.rgb565").read_bytes()
        screen["picture"] = decode(pixels, index["width"], index["height"])
    return index


def write_page(folders: list[Path], page: Path) -> None:
    """Save every screen as PNG beside its bytes, and one page that shows them all."""
    figures = []
    for folder in folders:
        index = load(folder)
        figures.append(f"<h2>{html.escape(folder.name)}</h2>")
        for name, screen in index["screens"].items():
            as_worn(screen["picture"], index["corner"]).save(folder / f"{name}.png")
            source = html.escape(f"{folder.name}/{name}.png")
            figures.append(f'<figure><img src="{source}"><figcaption>{html.escape(name)}</figcaption></figure>')
    page.write_text(_PAGE.format(figures="".join(figures)), encoding="utf-8")
