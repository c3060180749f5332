"""Texts planted wherever a watch stores or receives something, searched from outside after a wipe (R17)."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from tapwatch.compiled import search_path
from tests.host.access.test_memory import MICROPYTHON, ROOT, memory_of

PLANTED = 32
IN_FILES = set(range(24, PLANTED))
"""Numbers of the texts in files; the modelled flash of these is in the memory of the process as well."""
STORED_PLAIN = {14, 23} | IN_FILES
"""An alarm's label and an app's setting besides: records of the vault that are not sealed."""

pytestmark = [
    pytest.mark.share("system"),
    pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="searching a process needs Linux's /proc"),
]


def search(tmp_path: Path, state: str) -> tuple[set[int], set[int]]:
    """Numbers of the texts found in the memory, and on both flashes, of a watch in this state."""
    image = tmp_path / "flash.bin"
    command = [MICROPYTHON, "-X", "heapsize=8M", "tests/host/access/hoarder.py", state, image]
    environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as child:
        assert child.stdout.readline() == "ready\n"
        try:
            memory = memory_of(child.pid)
        finally:
            child.stdin.close()
    flash = image.read_bytes()
    texts = [hashlib.sha256(b"hoard %d" % number).hexdigest()[:16].upper().encode() for number in range(PLANTED)]
    return {n for n in range(PLANTED) if texts[n] in memory}, {n for n in range(PLANTED) if texts[n] in flash}


def test_all_are_found_in_a_watch_in_use(tmp_path: Path) -> None:
    memory, flash = search(tmp_path, "in use")
    assert memory == set(range(PLANTED)), "a text that is never there proves nothing"
    assert flash == STORED_PLAIN, "the other ones are in sealed records, or only in RAM"


def test_none_is_found_after_a_wipe(tmp_path: Path) -> None:
    memory, flash = search(tmp_path, "wiped")
    print(f"NOTE R17 planted texts after a wipe: {len(memory)} in memory, {len(flash)} in vault and vfs, of {PLANTED}")
    assert memory == set()
    assert flash == set()


def test_a_wipe_that_only_deletes_files_is_noticed(tmp_path: Path) -> None:
    _, flash = search(tmp_path, "wiped without erasing")
    assert flash == IN_FILES
