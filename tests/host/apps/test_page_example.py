"""The example of docs/apps.md is a project that packs as it stands there."""

from __future__ import annotations

from tapwatch.apps import pack
from tapwatch.apps.system_key import system_key
from tests.tools.trees import ROOT

_PAGE = ROOT / "docs/apps.md"


def _blocks(kind: str) -> list[str]:
    return [part.split("```\n")[0] for part in _PAGE.read_text(encoding="utf-8").split(f"```{kind}\n")[1:]]


def test_the_example_packs() -> None:
    """Two blocks of TOML and one of Python are the three files."""
    description, words = _blocks("toml")
    (code,) = _blocks("python")
    files = {"app.toml": description, "words.toml": words, "app.py": code}
    packed = pack.pack_files({name: text.encode() for name, text in files.items()}, system_key())
    print(f"NOTE docs: the example of the page is a bundle of {len(packed.bundle)} bytes")
    assert packed.bundle.startswith(b"TWB1")
