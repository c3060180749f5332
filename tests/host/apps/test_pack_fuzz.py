"""Whatever is in a project, the packer says what is wrong with it in its own words, or makes a bundle."""

from __future__ import annotations

import contextlib
import io
import os
import random
import time
import zlib

import pytest
from PIL import Image

from tapwatch.apps import archive, bundle, pack, project
from tapwatch.apps.faults import PackProblem
from tapwatch.apps.system_key import system_key
from tests.host.apps.hostile_sources import HOSTILE
from tests.host.apps.projects import APP, APP_TOML, WORDS_TOML, files

LONG = bool(os.environ.get("TAPWATCH_LONG"))
_TOKENS = (
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        ".",
        "=",
        "*",
        "**",
        "@",
        ":=",
        "->",
        "\\",
        "\n",
        "\n    ",
        " ",
        "#",
        '"',
    ),
    *(
        "'",
        '"""',
        "f'",
        "b'",
        "0x",
        "1e9",
        "-",
        "~",
        "if ",
        "else",
        "for ",
        "in ",
        "while ",
        "def ",
        "class ",
        "lambda: ",
    ),
    *("return ", "yield ", "yield from ", "try:\n", "except ", "finally:\n", "del ", "global ", "nonlocal ", "import "),
    *(
        "from . import ",
        "const(",
        "spend",
        "__x__",
        "self",
        "App",
        "n0",
        "n1",
        "\t",
        "\0",
        "\ufeff",
        "\u202e",
        "é",
        "计",
    ),
    *("TYPE_CHECKING", "async ", "await ", "with ", "match x:\n", "case _:\n", "...", "1j", "{x!r:>{y}}", "'{0.a}'"),
)
_SLOWEST_S = 5.0
"""For one project, with the compiler as a process of its own on a busy computer."""


def mutated(text: str, dice: random.Random) -> str:
    """A text with up to six changes."""
    for _ in range(dice.choice((1, 1, 2, 6))):
        at = dice.randrange(len(text) + 1)
        end = min(len(text), at + dice.choice((0, 0, 1, 3, 12)))
        part = dice.choice((dice.choice(_TOKENS), chr(dice.randrange(0x110000 - 2048 if dice.random() < 0.1 else 128))))
        text = text[:at] + part + text[end:]
    return text


def _take(made: dict[str, bytes]) -> bool:
    """True if the project can be packed; anything but the packer's own error goes on."""
    begun = time.monotonic()
    try:
        pack.build(project.parse(made, "fuzz"))
        return True
    except PackProblem as problem:
        assert problem.faults
        return False
    finally:
        assert time.monotonic() - begun < _SLOWEST_S


@pytest.mark.parametrize("seed", range(8 if LONG else 2))
def test_mutated_sources(seed: int) -> None:
    dice = random.Random(seed)
    sources = [*[APP] * len(HOSTILE), *(APP + code for _, code in HOSTILE)]
    count = 4000 if LONG else 200
    packed = sum(
        _take(files(app__py=mutated(dice.choice(sources), dice).encode("utf-8", "replace"))) for _ in range(count)
    )
    print(f"NOTE apps.fuzz {count} mutated sources, {packed} packed, the others refused by a rule or the compiler")


def test_mutated_tables() -> None:
    dice = random.Random(3)
    for _ in range(4000 if LONG else 200):
        _take(
            {
                **files(app__py=None),
                "app.toml": mutated(APP_TOML, dice).encode("utf-8", "replace"),
                "words.toml": mutated(WORDS_TOML, dice).encode("utf-8", "replace"),
            }
        )


def test_mutated_pictures() -> None:
    dice = random.Random(5)
    images = [Image.new(mode, (9, 9)) for mode in ("RGBA", "RGB", "L", "P", "1", "I;16")]
    whole = [_png(image) for image in images]
    taken = sum(_take({**files(), "logo.png": changed(dice.choice(whole), dice)}) for _ in range(3000 if LONG else 150))
    print(f"NOTE apps.fuzz.pictures {taken} of the changed PNG files were taken as pictures")
    assert taken and all(_take({**files(), "logo.png": data}) for data in whole)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def changed(data: bytes, dice: random.Random) -> bytes:
    """A file with a few bytes changed, a piece repeated or left out; half of them with right check sums."""
    new = bytearray(data)
    for _ in range(dice.choice((1, 1, 3))):
        at = dice.randrange(len(new))
        new[at : at + dice.choice((0, 1, 1, 4))] = dice.randbytes(dice.choice((0, 1, 1, 4)))
    return _mended(bytes(new)) if dice.getrandbits(1) else bytes(new)


def _mended(data: bytes) -> bytes:
    """With the CRC-32 of each chunk as it should be (PNG specification, 5.3), as far as there are chunks."""
    made, at = data[:8], 8
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        made += data[at:end] + zlib.crc32(data[at + 4 : end]).to_bytes(4, "big")
        at = end + 4
    return made + data[at:]


def test_mutated_bundles() -> None:
    whole = pack.pack_files(files(), system_key()).bundle
    accepted = 0
    for at in range(len(whole)):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :]):
            with contextlib.suppress(bundle.BundleProblem):
                accepted += bundle.read(data).manifest[1] == "tally"
    signed = bundle.read(whole).envelope
    print(f"NOTE apps.bundle.read {2 * len(whole)} changed bundles, {accepted} of which have their form and hashes")
    assert accepted <= 2 * len(signed), "only what the signature alone covers may change without being seen here"


def test_mutated_archives() -> None:
    whole = project.parse(files(), "").archive
    assert archive.read(whole) == files()
    dice = random.Random(4)
    for at in [*range(0, 1024, 3), *(dice.randrange(len(whole)) for _ in range(300))]:
        data = whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :]
        try:
            assert all(archive.NAME.fullmatch(name) for name in archive.read(data))
        except PackProblem as problem:
            assert problem.faults
