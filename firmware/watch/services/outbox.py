"""What the watch has to say to the phone: a short queue that a carrier empties."""

from micropython import const

from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    Message = dict[str, Any]

PLACES = const(16)
"""Messages that wait; more than a wearer can cause before a phone that is there has taken some."""


class Outbox(News):
    """Messages in the order in which they came, with Gadgetbridge's field names."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__()
        self._waiting: "list[Message]" = []
        self.dropped = 0
        """Messages that found no room."""

    def __len__(self) -> int:
        """Messages that wait."""
        return len(self._waiting)

    def send(self, message: "Message") -> bool:
        """Queue a message. False if the queue is full: the phone has not listened for long, and this one is dropped."""
        if len(self._waiting) == PLACES:
            self.dropped += 1
            return False
        self._waiting.append(message)
        self._changed()
        return True

    def take(self) -> "Optional[Message]":
        """The oldest message, which is the taker's now; None if there is none."""
        return self._waiting.pop(0) if self._waiting else None

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
