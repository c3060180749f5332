"""Nothing in the tree tells of the machine it was made on."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.tools.trees import ROOT

FORBIDDEN = {
    "a package registry": r"pypi\.org|pythonhosted\.org|registry\.npmjs|proxy\.golang\.org|index-url|find-links",
    "a folder of one machine": r"(?<![\w.$}])/(?:work|root|home/\w+|Users/\w+|opt/pypi)/",
    "a key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
}
EXEMPT = {"tests/rules/test_traces.py", "tools/lock.sh"}
"""This file names what it looks for; the lock script tells pip-compile to leave registries out."""


def traces(text: str) -> list[str]:
    """What a text gives away, by kind."""
    return [kind for kind, pattern in FORBIDDEN.items() if re.search(pattern, text)]


def tracked() -> list[Path]:
    """Every file under version control that is there."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and name not in EXEMPT and (ROOT / name).is_file()]


def test_no_file_tells_of_a_machine_or_registry() -> None:
    """Every tracked text file."""
    found = [
        f"{path.relative_to(ROOT)}: {kind}" for path in tracked() for kind in traces(path.read_text(errors="replace"))
    ]
    assert not found, "\n".join(found)


TELLING = ("--index-url x", "see /home/anna/notes", "cd /work/tree", "https://files.pythonhosted.org/x", "/root/.cache")


@pytest.mark.parametrize("text", TELLING)
def test_a_trace_is_noticed(text: str) -> None:
    """Each example would be reported."""
    assert traces(text)


@pytest.mark.parametrize("text", ["tests/work/x", "$HOME/x", "artwork/home/", "/dev/ttyACM0", "root/branch"])
def test_ordinary_paths_are_not_traces(text: str) -> None:
    """Relative paths and devices are fine."""
    assert not traces(text)
