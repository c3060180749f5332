"""How the wearer wants to see things: language, clock, contrast, size of text, motion, and which way up."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.storage.settings import Settings
    from watch.ui.context import Ui

LOOKS = ("language", "clock_24h", "high_contrast", "large_text", "reduced_motion", "wrist")
"""Settings that change what is drawn; screens built from then on look so."""


def take_looks(ui: "Ui", settings: "Settings") -> None:
    """Hand the settings to all screens."""
    ui.set_language(settings.get("language"))
    ui.clock_24h = settings.get("clock_24h")
    ui.high_contrast = settings.get("high_contrast")
    ui.large_text = settings.get("large_text")
    ui.reduced_motion = settings.get("reduced_motion")
    ui.turn(settings.get("wrist") == "right")
