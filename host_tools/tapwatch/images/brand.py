"""`branding.toml`: what a manufacturer calls the watch, and how it greets. All of it is data, drawn as text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_USAGE, UserError

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "zh")
MOST_PRODUCT, MOST_MAKER = 12, 32
"""Characters: the first one stands on the start screen, the second one in the settings under `About`."""
_FIELDS = ("maker", "product", "accent", "language", "root")
_COLOUR = re.compile(r"#([0-9A-Fa-f]{6})")
_ROOT = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True)
class Brand:
    """What the file says."""

    maker: str
    product: str
    accent: int
    """0xRRGGBB: colour of a watch without a card."""
    language: str
    """That of a watch whose wearer has not chosen one yet."""
    root: bytes
    """Public key of the manufacturer's root, 64 bytes: `tapwatch factory` gives these watches no other."""

    def facts(self) -> tuple[str, ...]:
        """Lines for the module `facts` of an image. Without the root, which a watch gets when it is provisioned."""
        return (
            f"MAKER = {self.maker!a}",
            f"PRODUCT = {self.product!a}",
            f"ACCENT = 0x{self.accent:06X}",
            f"LANGUAGE = {self.language!a}",
        )


def read(path: Path) -> Brand:
    """Read a file. Raises UserError."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        return _brand(said)
    except OSError as problem:
        raise UserError(f"{path} cannot be read", "docs/factory.md has an example", EXIT_USAGE) from problem
    except ValueError as problem:
        raise UserError(f"{path} is wrong", "docs/factory.md lists its fields", EXIT_USAGE) from problem


def _brand(said: dict[str, Any]) -> Brand:
    if set(said) != set(_FIELDS):
        odd = sorted(set(said) ^ set(_FIELDS))
        raise ValueError(f"it must have the fields {', '.join(_FIELDS)}, and no others: look at {odd[0]!r}")
    accent, root = _COLOUR.fullmatch(str(said["accent"])), _ROOT.fullmatch(str(said["root"]))
    if not accent:
        raise ValueError("accent is a colour such as #3DD6C3")
    if not root:
        raise ValueError("root is a public key: 128 hexadecimal digits, as `tapwatch keys show NAME` prints it")
    if said["language"] not in LANGUAGES:
        raise ValueError(f"language is one of {', '.join(LANGUAGES)}")
    maker, product = _line(said["maker"], MOST_MAKER), _line(said["product"], MOST_PRODUCT)
    return Brand(maker, product, int(accent.group(1), 16), said["language"], bytes.fromhex(root.group()))


def _line(value: Any, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most or not value.isprintable():
        raise ValueError(f"maker and product are lines of text, at most {most} characters: not {value!r}")
    if max(value) > "\uffff":
        raise ValueError(f"the fonts have none of the characters beyond FFFFh, as in {value!r}")
    return value.strip()
