"""Sources that are made to keep the packer of a store busy: each is refused, or packed, in a moment."""

from __future__ import annotations

import os
import time

import pytest

from tapwatch.apps import compile as compiler
from tapwatch.apps import project
from tests.host.apps.projects import faults, files

pytestmark = pytest.mark.share("mutants")
LONGEST_S = 10.0
"""Ten times what the dearest takes on a slow computer."""
PART = 1 if os.environ.get("TAPWATCH_LONG") else 3
"""So manieth part of the longest chain that fits into a file, in as small a part of the time."""
_CODE = "from watch.apps.api import App\n\n\nclass Tally(App):\n    def open(self, watch):\n        self._n = {}\n"


_POWERS = """from micropython import const
from watch.apps.api import App

_NINE = const(9)


class Tally(App):
    def open(self, watch):
        self._n = _NINE ** _NINE ** _NINE ** _NINE
"""
"""The compiler puts constants in the place of their names, and then works the number out."""


def _constants(count: int) -> str:
    lines = [f"A{number + 1} = const(A{number} + 1)" for number in range(1, count)]
    return "\n".join(["from micropython import const", "A1 = const(1)", *lines, _CODE.format("A1")])


def test_a_file_that_is_too_long_is_not_read() -> None:
    for name in ("app.py", "app.toml", "words.toml"):
        assert [(one.file, one.rule) for one in faults(files() | {name: b"[" * (project.MOST_TEXT_BYTES + 1)})] == [
            (name, "project-size")
        ]


def test_what_takes_the_compiler_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "_TIMEOUT_S", 0.5)
    (fault,) = faults(files() | {"app.py": _POWERS.encode()})
    assert (fault.file, fault.rule) == ("app.py", "compile")
    assert "longer than" in fault.message


@pytest.mark.parametrize(
    "code", [_constants(2_600 // PART), _CODE.format("1" + " < 1" * (8_000 // PART))], ids=["constants", "compare"]
)
def test_long_chains(code: str) -> None:
    begun = time.process_time()
    faults(files() | {"app.py": code.encode()})
    assert time.process_time() - begun < LONGEST_S / PART
