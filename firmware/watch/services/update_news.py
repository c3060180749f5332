"""How far an update of the system is and how it ended, for the screens."""

from micropython import const

from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

DONE, FAILED, ROLLED_BACK = "done", "failed", "rolled-back"
"""How an update ends."""


class UpdateNews(News):
    """One update at a time, from the wearer's yes until its end has been read."""

    def __init__(self) -> None:
        """Nothing goes on."""
        super().__init__()
        self.clear()

    def clear(self) -> None:
        """Nobody has to know any more."""
        self.version = ""
        """Of the update that goes on or has ended; maybe empty."""
        self.percent = 0
        """How far it is. Never goes back."""
        self.result = ""
        """How it ended; empty while it goes on."""
        self._on_read: "Optional[Callable[[], None]]" = None

    def begin(self, version: str) -> None:
        """The wearer has agreed."""
        self.clear()
        self.version = version
        self._changed()

    def progress(self, percent: int) -> None:
        """It is so far."""
        if not self.result and percent > self.percent:
            self.percent = percent
            self._changed()

    def end(self, result: str, version: str, on_read: "Optional[Callable[[], None]]" = None) -> None:
        """It has ended; `on_read` is called once the wearer knows."""
        self.version, self.result, self._on_read = version, result, on_read
        self._changed()

    def read(self) -> None:
        """The wearer has seen how it ended."""
        if self.result:
            on_read = self._on_read
            self.clear()
            self._changed()
            if on_read is not None:
                on_read()
