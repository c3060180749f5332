"""The apps of `examples/` and the two templates as bundles in build/examples, for scenes that show them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tapwatch.apps import builtin, scaffold
from tests.screens.micropython import ROOT

UNDER = ROOT / "build/examples"
TEMPLATES = {"my_app": "app", "my_face": "face"}
"""Id and kind of each template, filled in."""
_PROJECTS = "projects"


def refresh() -> Path:
    """Pack what has changed. Takes some seconds at first; returns the folder. Raises PackProblem."""
    with tempfile.TemporaryDirectory() as folder:
        projects = Path(folder) / _PROJECTS
        projects.mkdir()
        for described in (ROOT / "examples").glob("*/app.toml"):
            shutil.copytree(described.parent, projects / described.parent.name)
        for app, kind in TEMPLATES.items():
            scaffold.write(projects, app, kind)
        return builtin.refresh(Path(folder), _PROJECTS, str(UNDER), str(UNDER))
