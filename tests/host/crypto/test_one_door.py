"""Randomness has one door: firmware/watch/crypto/random.py. Nothing else in firmware or on a board asks the system."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOOR = ROOT / "firmware/watch/crypto/random.py"
FORBIDDEN_MODULES = {"random", "urandom", "secrets"}
FORBIDDEN_NAMES = {"urandom", "getrandbits", "randbytes"}


def breaches(source: str) -> list[int]:
    """Lines that reach for randomness: an import of a random module, or the name `urandom` in any use."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            bad = any(name.name.split(".")[0] in FORBIDDEN_MODULES for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            bad = node.module in FORBIDDEN_MODULES or any(name.name in FORBIDDEN_NAMES for name in node.names)
        elif isinstance(node, ast.Attribute):
            bad = node.attr in FORBIDDEN_NAMES
        elif isinstance(node, ast.Constant):
            bad = node.value in FORBIDDEN_MODULES | FORBIDDEN_NAMES  # __import__ and getattr
        else:
            bad = isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES
        if bad:
            found.append(node.lineno)
    return found


def test_firmware_uses_the_one_door() -> None:
    files = sorted((ROOT / "firmware").rglob("*.py"))
    guilty = {str(file.relative_to(ROOT)): breaches(file.read_text()) for file in files if file != DOOR}
    assert {name: lines for name, lines in guilty.items() if lines} == {}
    print(f"NOTE firmware files without a door to randomness: {len(files) - 1}")


def test_the_door_has_one_call() -> None:
    assert len(breaches(DOOR.read_text())) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import random as r",
        "import os, random",
        "from random import getrandbits",
        "from os import urandom",
        "from os import urandom as u",
        "import os\nos.urandom(4)",
        "import os\nread = os.urandom",
        "getattr(os, 'urandom')(4)",
        "__import__('random').random()",
    ],
)
def test_each_way_around_is_found(source: str) -> None:
    assert breaches(source)


def test_our_own_random_is_not_a_breach() -> None:
    assert not breaches("from watch.crypto.random import Random\nrandom = Random(source)\nrandom.bytes(4)")
