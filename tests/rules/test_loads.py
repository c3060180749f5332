"""Every firmware module loads in MicroPython, silently, with the modules MicroPython has."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.tools.trees import ROOT, sources
from tests.tools.upy_process import MICROPYTHON

LOADER = """
import gc, sys
for name in sys.argv[1:]:
    __import__(name)
gc.collect()
print(gc.mem_alloc())
"""


def load(names: list[str], path: str) -> "subprocess.CompletedProcess[str]":
    """Import modules one after the other in one interpreter; prints the heap they occupy."""
    environment = dict(os.environ, MICROPYPATH=path)
    command = [str(MICROPYTHON), "-X", "heapsize=16M", "-c", LOADER, *names]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


def modules() -> list[str]:
    """Dotted names of all modules of the watch."""
    paths = [source.path.removeprefix("firmware/").removesuffix(".py") for source in sources("firmware/watch")]
    return [path.removesuffix("/__init__").replace("/", ".") for path in paths]


def test_every_module_loads_silently() -> None:
    """No missing module, no syntax MicroPython lacks, nothing printed."""
    names = modules()
    done = load(names, "firmware:.:.frozen")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().isdecimal(), f"something printed at import: {done.stdout}"
    print(f"NOTE rules.heap_of_all_modules {done.stdout.strip()} bytes on 64 bits for {len(names)} modules from source")


@pytest.mark.parametrize("text", ["import typing", "from dataclasses import dataclass", "print('hello')", "x = 1/0"])
def test_a_module_that_does_not_load_is_noticed(text: str, tmp_path: Path) -> None:
    """Each example fails to load or speaks."""
    (tmp_path / "example.py").write_text(text)
    done = load(["example"], f"{tmp_path}:.frozen")
    assert done.returncode != 0 or not done.stdout.strip().isdecimal()
