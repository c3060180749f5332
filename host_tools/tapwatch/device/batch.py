"""`batch.toml`: what all watches of a batch have in common. Paths in it begin at its own folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.device.ledger import Numbers
from tapwatch.device.maker import check_serial
from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.images import boards, brand

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.images.boards import Board
    from tapwatch.images.brand import Brand

_TEXTS = ("board", "image", "stock", "first")
_OPTIONAL = ("stock_sha256", "keys", "root", "branding")
_OTHERS = ("count", "efuse", "trust")
_MOST_COUNT = 1_000_000
_MOST_SERVICES = 4
"""Token services that a watch trusts at most."""


@dataclass(frozen=True)
class Batch:
    """What the file says."""

    board: Board
    image: Path
    stock: Path
    stock_sha256: str
    numbers: Numbers
    keys: Path | None
    root: str | None
    """Name of the root key; None for the only one of the folder."""
    brand: Brand | None
    efuse: bool
    trust: tuple[Path, ...]
    """Certificates of token services."""
    ledger: Path
    receipts: Path


def read(path: Path) -> Batch:
    """Read a batch. Raises UserError."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        return _batch(said, path)
    except OSError as problem:
        raise UserError(f"{path} cannot be read", "docs/factory.md has an example", EXIT_USAGE) from problem
    except ValueError as problem:
        raise UserError(f"{path} is wrong", "docs/factory.md lists its fields", EXIT_USAGE) from problem


def _batch(said: dict[str, Any], path: Path) -> Batch:
    unknown = sorted(set(said) - {*_TEXTS, *_OPTIONAL, *_OTHERS})
    if unknown:
        raise ValueError(f"it says {unknown[0]!r}, which is no field")
    texts = {name: _text(said.get(name), name) for name in _TEXTS}
    more = {name: _text(said.get(name, ""), name, empty=True) for name in _OPTIONAL}
    numbers = Numbers(check_serial(texts["first"]), _count(said.get("count")))
    numbers.check()
    folder = path.parent
    return Batch(
        board=boards.read(texts["board"]),
        image=folder / texts["image"],
        stock=folder / texts["stock"],
        stock_sha256=more["stock_sha256"],
        numbers=numbers,
        keys=folder / more["keys"] if more["keys"] else None,
        root=more["root"] or None,
        brand=brand.read(folder / more["branding"]) if more["branding"] else None,
        efuse=_flag(said.get("efuse", False)),
        trust=tuple(folder / _text(name, "trust") for name in _list(said.get("trust", []))),
        ledger=path.with_suffix(".csv"),
        receipts=path.with_suffix(""),
    )


def _text(value: Any, name: str, empty: bool = False) -> str:
    if not isinstance(value, str) or not value.isprintable() or not (value.strip() or empty):
        raise ValueError(f"{name} must be a line of text, not {value!r}")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST_COUNT:
        raise ValueError(f"count must be a number from 1 to {_MOST_COUNT}, not {value!r}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"efuse must be true or false, not {value!r}")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MOST_SERVICES:
        raise ValueError(f"trust must be a list of at most {_MOST_SERVICES} files")
    return value
