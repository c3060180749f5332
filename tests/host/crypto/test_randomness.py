"""Where the watch has its randomness from: four rules, each with something that breaks it (R16)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tapwatch.compiled import ROOT, search_path
from tapwatch.errors import UserError
from tapwatch.flashing import stock_image
from tapwatch.images import boards, compiling, contents
from tapwatch.images.statement import X64
from tests.host.crypto.test_one_door import breaches
from tests.host.flashing import kit

if TYPE_CHECKING:
    from collections.abc import Iterable

BOARD = "lilygo_twatch_ultra"
DOOR = "watch/crypto/random.mpy"
WITH_SOURCE = ("board/",)
"""Boards hand the generator of the port over, wrapped in what says whether a source feeds it."""

pytestmark = pytest.mark.share("system")


def doors(sources: Iterable[Path]) -> set[str]:
    """Modules that ask the system for randomness."""
    return {str(path.relative_to(ROOT)) for path in sources if breaches(path.read_text())}


def one_door(tmp_path: Path) -> str:
    """Of everything that goes into an image, sources and bytecode: the door, and what a board hands to it."""
    taken = contents.sources(ROOT, boards.read(BOARD))
    code = {name: path for name, path in taken.items() if path.suffix == ".py"}
    asking = doors(code.values())
    assert {name for name in asking if name.startswith("firmware/")} == {"firmware/watch/crypto/random.py"}
    assert all(name.startswith(("firmware/", *WITH_SOURCE)) for name in asking)
    compiled = compiling.compile_all({DOOR: code[DOOR]}, X64, None)
    assert b"urandom" in compiled[DOOR]
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import os\ndef key():\n    return os.urandom(16)\n")
    assert breaches(wrong.read_text())
    assert b"urandom" in compiling.compile_all({"wrong.mpy": wrong}, X64, None)["wrong.mpy"]
    return "one call site"


def run(code: str) -> str:
    """What MicroPython prints, with the modules of the watch."""
    micropython = Path(sys.executable).with_name("micropython")
    environment = os.environ | {"MICROPYPATH": search_path("tests/firmware")}
    command = [micropython, "-X", "heapsize=4M", "-c", _HEAD + code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout.strip()


_HEAD = """
from os import urandom
from board.parts.entropy import RadioEntropy
from watch.crypto.random import Random
from watch.kernel.errors import EntropyError

class Receiver:
    def __init__(self, starts): self.on, self.starts = False, starts
    def active(self, on=None):
        if on is not None: self.on = on and self.starts
        return self.on
    def config(self, **values): pass

class Timer:
    def init(self, **values): pass

def tried(generator, starts=True):
    one = Random(RadioEntropy(Receiver(starts), Timer(), generator))
    try:
        one.bytes(1)
        return "bytes without a seed"
    except EntropyError:
        pass
    try:
        one.seed()
    except EntropyError as error:
        try:
            one.bytes(16)
            return "bytes after a refusal"
        except EntropyError:
            return str(error)
    return len(one.bytes(16))

"""


_TRIED = """
fixed = urandom(512)
print(tried(urandom))
print(tried(bytes))
print(tried(lambda count: bytes([n & 3 for n in range(count)])))
print(tried(lambda count: fixed))
"""
_UNSEEDED = """
from board.counting.board import build
from watch.system import main
print(tried(urandom, False))
for starts in (False, True):
    board = build("240x240")
    board.entropy = RadioEntropy(Receiver(starts), Timer(), urandom)
    one = main.build(board)
    print(type(one).__name__, one.describe()["log"])
"""


def self_test_at_the_start() -> str:
    """A generator that is stuck seeds nothing; one that works does."""
    told = ["16", "source repeats itself", "source favours one value", "source gives the same bytes twice"]
    assert run(_TRIED).splitlines() == told
    return "self-test"


def nothing_before_a_source_is_on() -> str:
    """The radio does not start: no seed, no bytes, and a whole watch that says so and makes no key."""
    told = ["no entropy source is on", "BrokenWatch ['error system: no-entropy']", "Watch []"]
    assert run(_UNSEEDED).splitlines() == told
    return "refusal until a source is on"


def only_a_known_stock_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What `os.urandom` is, the stock image decides: one that nobody vouched for is not flashed."""
    path, board, data = tmp_path / "stock.bin", boards.read(BOARD), kit.stock()
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    with pytest.raises(UserError, match="not on the list"):
        stock_image.read(path, board)
    entry = {"name": "ESP32_GENERIC_S3", "version": "v0", "sha256": digest}
    monkeypatch.setattr(stock_image, "known", lambda: [entry])
    assert stock_image.read(path, board).release == "ESP32_GENERIC_S3 v0"
    changed = bytearray(data)
    changed[-40] ^= 1
    path.write_bytes(changed)
    with pytest.raises(UserError):
        stock_image.read(path, board)
    return "stock image by its hash"


def test_four_of_four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [one_door(tmp_path), self_test_at_the_start(), nothing_before_a_source_is_on()]
    listed = len(stock_image.known())
    kept.append(only_a_known_stock_image(tmp_path, monkeypatch))
    print(f"NOTE R16 {len(kept)} of 4: {', '.join(kept)}. Stock images on the list: {listed}")
    assert len(kept) == 4
