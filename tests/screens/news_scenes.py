"""What comes by itself: the card of a notification that has just come, and the hint of water mode."""

from tests.screens.note_scenes import LONG, PIECES, WATER, Drawn
from watch.screens import message
from watch.screens.news import NewsScreen


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


GREETING = Drawn(
    24,
    24,
    1,
    ("." * 24,) * 2
    + ("..####################..",) * 2
    + ("..##................##..",) * 6
    + ("..####################..",) * 2
    + ("...........##...........",) * 8
    + ("..####################..",) * 2
    + ("." * 24,) * 2,
)
"""As large as letters of Gadgetbridge."""


def news(ui, app, title, text, more=0, pieces=(), mark=None):
    """One card."""
    return NewsScreen(ui, app, title, text, more, nothing, nothing, pieces, mark)


SCENES = (
    ("news", lambda ui: news(ui, "Chat", "Ada", "Soup at noon?")),
    ("news-app", lambda ui: news(ui, "Water", "Time for a glass", "Three of eight today.", mark=WATER)),
    ("news-long", lambda ui: news(ui, "Mail", "The Library of Upper Market Street", LONG, 12)),
    ("news-chinese", lambda ui: news(ui, "短信", "王小明", "明天下午三点在老地方见，记得带上那本书。", 1)),
    ("news-locked", lambda ui: news(ui, "", "Chat", ui.text.get("news.locked"))),
    ("news-wide", lambda ui: news(ui, "W" * 48, "W" * 80, "M" * 400, 49)),
    ("news-pictures", lambda ui: news(ui, "Chat", "Ada", "see you ok", 0, (GREETING, " see you ", GREETING, " ok"))),
    ("news-pictures-only", lambda ui: news(ui, "Chat", "Ada", "", 2, (GREETING,) * 3)),
    ("news-pictures-many", lambda ui: news(ui, "Chat", "Ada", "Soup at", 0, PIECES + (GREETING,) * 60)),
    ("water", message.water),
)
"""Name and builder of every picture."""
