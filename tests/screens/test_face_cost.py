"""What a face costs, counted in instructions: the slope between two numbers of repetitions."""

import re
import shutil

import pytest

from tests.screens.micropython import run

_REPETITIONS = {"full": (2, 5), "minute": (5, 20), "second": (10, 60)}
_BUDGETS = {
    # panel, kind: (instructions, bytes)
    ("small", "full"): (2_000_000, 116_000),
    ("small", "minute"): (800_000, 6_144),
    ("small", "second"): (30_000, 0),
    ("large", "full"): (6_000_000, 413_000),
    ("large", "minute"): (1_500_000, 16_384),
    ("large", "second"): (30_000, 0),
}
_CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")


def _count(panel: str, kind: str, repetitions: int) -> tuple[int, int]:
    """Instructions of a whole run, and bytes of its last frame."""
    result = run("face_cost.py", panel, kind, str(repetitions), before=_CALLGRIND)
    found = re.search(r"Collected : (\d+)", result.stderr)
    assert found, result.stderr
    return int(found[1]), int(result.stdout)


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed (apt-get install valgrind)")
@pytest.mark.parametrize(("panel", "kind"), list(_BUDGETS))
def test_face_stays_within_its_budget(panel: str, kind: str) -> None:
    few, many = _REPETITIONS[kind]
    first, _ = _count(panel, kind, few)
    second, sent = _count(panel, kind, many)
    instructions = (second - first) // (many - few)
    print(f"NOTE face.{kind} {panel}: {instructions} instructions, {sent} bytes")
    most, most_bytes = _BUDGETS[panel, kind]
    assert instructions <= most
    assert sent <= most_bytes
