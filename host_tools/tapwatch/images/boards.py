"""Reads `board/NAME/board.toml`: what a computer has to know of a board to build for it, find it and write to it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tapwatch.errors import EXIT_USAGE, UserError

ROOT = Path(__file__).resolve().parents[3]
"""Where `firmware/` and `board/` are."""
NAME = re.compile(r"[a-z][a-z0-9_]{1,31}")
"""Of a board, and of its folder."""
FILE = "board.toml"
CHIPS = ("esp32s3",)
PSRAM = ("quad", "octal")
GLASSES = {"410x502": "large", "240x240": "small"}
"""Width and height of the panels there are fonts for, and which ones (`watch.ui.context`)."""
LEAST_FLASH_BYTES = 4 << 20
VFS_OFFSET = 0x242000
"""docs/updates.md, "Where things are on the flash"."""
MOST_FLASH_BYTES = 16 << 20
"""What the stock image reaches; `vfs` ends there on larger flash."""


@dataclass(frozen=True)
class Stock:
    """The MicroPython image that the board runs."""

    image: str
    """What its file name begins with, such as `ESP32_GENERIC_S3-SPIRAM_OCT`."""
    page: str
    """Where it is offered, https."""
    text: str
    """Which of the files there it is, for people."""


@dataclass(frozen=True)
class Board:
    """What `board.toml` says."""

    name: str
    title: str
    chip: str
    flash_bytes: int
    psram: str
    """`quad` or `octal`."""
    least_psram_bytes: int
    glass: str
    """Width x height, px."""
    nfc: str
    """The chip of its NFC radio; `none`."""
    left_out: tuple[str, ...]
    """What it has and the firmware does not use."""
    notes: tuple[str, ...]
    """What somebody who flashes it should know, a sentence each."""
    stock: Stock
    usb_vid: int
    usb_pid: int

    @property
    def fonts(self) -> str:
        """Which fonts its panel needs: `large` or `small`."""
        return GLASSES[self.glass]

    @property
    def vfs_bytes(self) -> int:
        """Size of the partition `vfs`."""
        return min(self.flash_bytes, MOST_FLASH_BYTES) - VFS_OFFSET


def names(root: Path = ROOT) -> list[str]:
    """Boards that there are, sorted."""
    return sorted(path.parent.name for path in (root / "board").glob("*/" + FILE))


def read(name: str, root: Path = ROOT) -> Board:
    """The facts of a board. Raises UserError if there is no such board or its file is wrong."""
    path = root / "board" / name / FILE
    if not NAME.fullmatch(name) or not path.is_file():
        raise UserError(f"there is no board {name!r}", f"boards: {', '.join(names(root)) or 'none'}", EXIT_USAGE)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        return _board(said, name)
    except (OSError, ValueError) as problem:  # TOML and UTF-8 errors are ValueErrors
        raise UserError(f"board/{name}/{FILE} is wrong", "docs/building.md lists its fields") from problem


def _board(said: dict[str, Any], folder: str) -> Board:
    fields = {name: _text(said, name) for name in ("name", "title", "chip", "psram", "glass", "nfc")}
    if fields["name"] != folder:
        raise ValueError(f"it is called {fields['name']!r}, its folder {folder!r}")
    for name, allowed in (("chip", CHIPS), ("psram", PSRAM), ("glass", tuple(GLASSES))):
        if fields[name] not in allowed:
            raise ValueError(f"{name} is {fields[name]!r}; it may be {', '.join(allowed)}")
    stock, usb = _table(said, "stock", {"image", "page", "text"}), _table(said, "usb", {"vid", "pid"})
    _no_others(said, {*fields, "flash_bytes", "least_psram_bytes", "left_out", "notes", "stock", "usb"}, "it")
    return Board(
        **fields,
        flash_bytes=_number(said, "flash_bytes", LEAST_FLASH_BYTES, 1 << 30),
        least_psram_bytes=_number(said, "least_psram_bytes", 0, 1 << 30),
        left_out=_lines(said, "left_out"),
        notes=_lines(said, "notes"),
        stock=_stock(stock),
        usb_vid=_number(usb, "vid", 1, 0xFFFF),
        usb_pid=_number(usb, "pid", 1, 0xFFFF),
    )


def _stock(said: dict[str, Any]) -> Stock:
    stock = Stock(_text(said, "image"), _text(said, "page"), _text(said, "text"))
    if not stock.page.startswith("https://"):
        raise ValueError(f"page is {stock.page!r}; it must begin with https://")
    return stock


def _table(said: dict[str, Any], name: str, fields: set[str]) -> dict[str, Any]:
    table = said.get(name)
    if not isinstance(table, dict):
        raise ValueError(f"it has no table [{name}]")
    _no_others(table, fields, f"[{name}]")
    return table


def _no_others(said: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(said) - known)
    if unknown:
        raise ValueError(f"{where} says {unknown[0]!r}, which is no field")


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError(f"{name} must be a line of text, not {value!r}")
    return value


def _number(said: dict[str, Any], name: str, least: int, most: int) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least} to {most}, not {value!r}")
    return value


def _lines(said: dict[str, Any], name: str) -> tuple[str, ...]:
    value = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(line, str) and line for line in value):
        raise ValueError(f"{name} must be a list of texts")
    return tuple(value)
