"""Makes of the firmware what an interpreter without native code can load, and says what was replaced.

Every file is taken as it is, but for the decorators of native and viper code, which go: such a function runs as plain
Python then. Where a viper function does arithmetic on pointers that is not possible; the one file of the hot path that
does, `watch/crypto/des.py`, is replaced by `plain_des.py`. The viper code itself is checked with 32-bit words in
tests/host/crypto/test_word_size.py. `asyncio` of that port has no ThreadSafeFlag; nothing waits here; an Event stands
for it.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPLACED = {"watch/crypto/des.py": "tests/wasm/plain_des.py"}
KITS = (
    "tests/firmware/nfc/fake_port.py",
    "tests/firmware/payment/card_kit.py",
    "tests/firmware/payment/merchant_kit.py",
)
CARDS = (("visa", 0x12), ("visa", 0x43), ("mastercard", 0x14), ("mastercard", 0x15), ("closed-loop", 0x12))
_PREPARE = """
import asyncio, sys
asyncio.ThreadSafeFlag = asyncio.Event
sys.path.append("/")
"""
_ROOMS = ("access", "crypto", "kernel", "nfc", "payment", "storage")
_DECORATOR = re.compile(r"^ *@micropython\.(viper|native)\n", re.MULTILINE)
_POINTER_ARITHMETIC = re.compile(r"\bptr(8|16|32)\(|\buint\(")


def firmware() -> dict[str, str]:
    """Source by path below `firmware/`, of the rooms that a tap goes through."""
    folder = ROOT / "firmware"
    paths = [folder / "watch/__init__.py"]
    for room in _ROOMS:
        paths += sorted((folder / "watch" / room).rglob("*.py"))
    found = {path.relative_to(folder).as_posix(): path.read_text() for path in paths}
    for path, stand_in in REPLACED.items():
        found[path] = (ROOT / stand_in).read_text()
    return {path: _DECORATOR.sub("", source) for path, source in found.items()}


def untranslated(files: dict[str, str]) -> list[str]:
    """Files that still do arithmetic on pointers: nothing that is loaded may be one of them."""
    return [path for path, source in files.items() if _POINTER_ARITHMETIC.search(source)]


def steps(runs: int) -> list[str]:
    """Statements that print everything: one call from outside each.

    The collector of the WebAssembly port runs between such calls only, so the heap is looked at between them.
    """
    called = ["from tests.wasm import hot_path", "hot_path.main()"]
    for profile, cvn in CARDS:
        called.append(f"growth = hot_path.Growth({profile!r}, {cvn}); growth.taps(12)")
        called += ["growth.mark()", *["growth.taps(10)"] * (runs // 10), f"growth.tell({runs})"]
    return [*called, "print('= done')"]


def tree(runs: int) -> dict[str, object]:
    """What `run.mjs` runs."""
    files = firmware()
    for path in (*KITS, "tests/wasm/hot_path.py", "tests/wasm/corpus.py"):
        files[path] = (ROOT / path).read_text()
    return {"files": files, "steps": [_PREPARE, *steps(runs)]}
