"""A small project for tests that need one: it counts, keeps its number, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TOML = """id = "tally"
version = "{version}"
kind = "app"
api = 1
entry = "app.Tally"
name.en = "Tally"
name.zh = "计数"
icon = "tiles"
colour = 0x4A9EFF
permissions = ["haptics"]
"""
_WORDS = """[en]
more = "One more"

[zh]
more = "加一"
"""
CODE = '''"""A number, and a key that raises it."""

from watch.apps.api import TICK, WHITE, App, Label


class Tally(App):
    """A touch counts one."""

    def open(self, watch):
        """Build the widgets, with the number of last time."""
        ui = self.ui
        key_w, key_h = ui.width // 2, ui.metrics.target
        self._count = watch.settings.get("count", 0)
        self._figures = self.add(Label(ui, ui.figures_font, 0, ui.height // 4, ui.width, str(self._count), WHITE))
        self.button("more", ui.width // 4, ui.height * 3 // 5, key_w, key_h, self._more, watch.text.get("more"))

    def close(self):
        """Keep the number."""
        self.watch.settings.set("count", self._count)

    def _more(self):
        self._count += 1
        self._figures.set(str(self._count))
        self.watch.log("counted", self._count)
        self.watch.haptics.play(TICK)
'''


def write_tally(folder: Path, version: str = "1.0.0") -> Path:
    """Write the project into a folder; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.toml").write_text(_TOML.format(version=version), encoding="utf-8")
    (folder / "words.toml").write_text(_WORDS, encoding="utf-8")
    (folder / "app.py").write_text(CODE, encoding="utf-8")
    return folder
