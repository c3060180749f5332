"""An app that costs something and takes payments: a developer's folder, and what the store says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRICE, LAMP = 1299, 501
"""What the app costs, and what is paid in it; both leave odd units to share."""
_TOML = """id = "bazaar"
version = "{version}"
kind = "app"
api = 1
entry = "app.Bazaar"
name.en = "Bazaar"
icon = "tiles"
colour = 0x4A9EFF
paid = true
permissions = ["payment"]
"""
_CODE = '''"""Sells a lamp."""

from watch.apps.api import WHITE, App, Label


class Bazaar(App):
    """One key, and what became of the last sale."""

    def open(self, watch):
        """Build the widgets."""
        ui = self.ui
        self._state = self.add(Label(ui, ui.body_font, 0, ui.height // 4, ui.width, self._said(), WHITE))
        self.button("ask", ui.width // 4, ui.height * 3 // 5, ui.width // 2, ui.metrics.target, self._ask, "A lamp")

    def tick(self, now):
        """The bank's word may have come."""
        self._state.set(self._said())

    def _said(self):
        found = self.watch.payment.outcome()
        return "nothing yet" if found is None else found.state

    def _ask(self):
        self.watch.payment.request({price}, "A lamp")
'''
_LISTING = f"""category = "games"
prices = [["CN", 156, {PRICE}]]
payee = ["Bazaar", "CN", 156]
notes = "First."
[summary]
en = "Sells a lamp"
[description]
en = "Sells a lamp, and says what became of it."
"""


def write_bazaar(folder: Path, version: str = "1.0.0") -> tuple[Path, Path]:
    """Write the project and its listing; returns their paths."""
    project = folder / "bazaar"
    project.mkdir(parents=True, exist_ok=True)
    (project / "app.toml").write_text(_TOML.format(version=version), encoding="utf-8")
    (project / "app.py").write_text(_CODE.replace("{price}", str(LAMP)), encoding="utf-8")
    listing = folder / "bazaar.toml"
    listing.write_text(_LISTING, encoding="utf-8")
    return project, listing
