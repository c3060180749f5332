"""Where real speech for tests is, if it is here: `TAPWATCH_SPEECH`, or shared data beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tools.trees import ROOT

VARIABLE = "TAPWATCH_SPEECH"
"""Environment variable: the folder with `digits`, `continuous` and `isolated_other`."""


def folder() -> Path:
    """The folder; skips the test where it is absent."""
    path = Path(os.environ.get(VARIABLE) or ROOT.parent / "shared/data/speech")
    if not (path / "digits").is_dir():
        pytest.skip(f"no real speech in {path}: the accuracy of voice was NOT tested on people; see {VARIABLE}")
    return path
