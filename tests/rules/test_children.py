"""Programs of tests: silent, ended, or unwilling to end; and time that was waited for a processor."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.tools import children
from tests.tools.children import Deadline
from tests.tools.processor import Stopwatch

_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def _program(code: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], text=True, stdin=pipe, stdout=pipe, stderr=pipe)


def test_a_silent_program_is_killed_and_named() -> None:
    process = _program("import time; time.sleep(600)")
    with pytest.raises(AssertionError, match=r"was killed: no first word within 0.2 s"):
        children.line(process, "first word", 0.2)
    assert process.wait(children.GRACE_S) < 0


def test_a_program_that_ends_is_named_with_its_last_words() -> None:
    process = _program("raise SystemExit('no such card')")
    with pytest.raises(AssertionError, match=r"ended with status 1 before first word: no such card"):
        children.line(process, "first word")


def test_a_program_that_does_not_want_to_end_is_killed() -> None:
    process = _program(_DEAF)
    assert children.line(process, "word that it is up") == "up\n"
    assert children.end(process, 0.2) == -9
    process = _program("import sys; sys.stdin.read(); raise SystemExit(7)")
    assert children.leave(process) == 7


def test_questions_in_time_cost_nothing() -> None:
    process = _program("import sys\nfor line in sys.stdin: print(line, end='', flush=True)")
    deadline = Deadline(process)
    assert process.stdin is not None and process.stdout is not None
    for number in range(300):
        process.stdin.write(f"{number}\n")
        process.stdin.flush()
        with deadline.waiting("echo"):
            assert process.stdout.readline() == f"{number}\n"
    assert children.leave(process) == 0


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the system does not count it")
def test_time_in_the_queue_is_taken_off_and_sleep_is_not() -> None:
    counting = Stopwatch()
    time.sleep(0.3)
    assert counting.seconds > 0.2 and counting.waited_s < 0.3
    hogs = [_program("while True: pass") for _ in range(8)]
    counting, began = Stopwatch(), time.monotonic()
    try:
        while time.monotonic() - began < 1.0:
            pass
    finally:
        for hog in hogs:
            children.end(hog)
    assert counting.waited_s > 0 and counting.seconds < time.monotonic() - began
