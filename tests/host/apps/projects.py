"""Projects for the tests of the packer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.apps import pack, project
from tapwatch.apps.faults import Fault, PackProblem

if TYPE_CHECKING:
    from pathlib import Path

APP_TOML = """id = "tally"
version = "1.2.3"
kind = "app"
api = 1
entry = "app.Tally"
name.en = "Tally"
name.zh = "计数"
icon = "tiles"
colour = 0x4A9EFF
permissions = ["haptics"]
"""
APP = '''"""A number, and a key that raises it."""

from micropython import const

from watch.apps.api import TICK, WHITE, App, Label

_STEP = const(1)


class Tally(App):
    """Counts."""

    def open(self, watch: "Watch") -> None:
        """Build it."""
        self._count: int = watch.settings.get("count", 0)
        self._figures = self.add(Label(self.ui, self.ui.figures_font, 0, 0, 100, "", WHITE))
        self.button("more", 0, 100, 80, 80, self._more, watch.text.get("more"))

    def _more(self) -> None:
        self._count += _STEP
        self._figures.set(str(self._count))
        self.watch.haptics.play(TICK)
'''
WORDS_TOML = '[en]\nmore = "One more"\n\n[zh]\nmore = "加一"\n'
FILES = {"app.toml": APP_TOML, "words.toml": WORDS_TOML, "app.py": APP}


def files(**changed: str | bytes | None) -> dict[str, bytes]:
    """The files of a small project; names of changed ones with `__` for the dot, None for those that are gone."""
    made = {name: text.encode() for name, text in FILES.items()}
    for name, content in changed.items():
        key = name.replace("__", ".")
        made.pop(key, None)
        if content is not None:
            made[key] = content.encode() if isinstance(content, str) else content
    return made


def written(folder: Path, made: dict[str, bytes]) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder


def faults(made: dict[str, bytes]) -> tuple[Fault, ...]:
    """What is wrong with a project; nothing if it can be packed."""
    try:
        pack.build(project.parse(made, "test"))
    except PackProblem as problem:
        return problem.faults
    return ()


def faults_of(code: str) -> tuple[Fault, ...]:
    """What is wrong with a project whose app.py goes on with this code."""
    return faults(files(app__py=APP + code))
