"""What the watch has to say to the phone: a short queue that a carrier empties."""

from micropython import const

from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Iterator, Optional

    Message = dict[str, Any]

PLACES = const(16)
"""Messages that wait; more than a wearer can cause before a phone that is there has taken some."""
RUNS = const(2)
"""Runs of messages that wait; a phone that asks for more at once gets the latest."""


class Outbox(News):
    """Messages in the order in which they came, with Gadgetbridge's field names.

    Two carriers may be there, the radio and the simulator's panel. The radio diverts what is said to its own queue.
    """

    def __init__(self) -> None:
        """Empty."""
        super().__init__()
        self._waiting: "list[Message]" = []
        self._runs: "list[Iterator[Message]]" = []
        self._other: "Optional[Outbox]" = None
        self.dropped = 0
        """Messages that found no room."""

    def __len__(self) -> int:
        """Messages that wait; a run counts as one until it has ended."""
        return len(self._waiting) + len(self._runs)

    def send(self, message: "Message") -> bool:
        """Queue a message. False if the queue is full: the phone has not listened for long, and this one is dropped."""
        if self._other is not None:
            return self._other.send(message)
        if len(self._waiting) == PLACES:
            self.dropped += 1
            return False
        self._waiting.append(message)
        self._changed()
        return True

    def pour(self, run: "Iterator[Message]") -> None:
        """Queue a run of messages, each made when it is taken, behind those that wait."""
        if self._other is not None:
            self._other.pour(run)
            return
        if len(self._runs) == RUNS:
            self._runs.pop(0)
            self.dropped += 1
        self._runs.append(run)
        self._changed()

    def take(self) -> "Optional[Message]":
        """The oldest message, which is the taker's now; None if there is none."""
        if self._waiting:
            return self._waiting.pop(0)
        while self._runs:
            for message in self._runs[0]:
                return message
            self._runs.pop(0)
        return None

    def put_back(self, message: "Message") -> None:
        """It was taken, but did not arrive: it is the oldest again."""
        self._waiting.insert(0, message)

    def divert(self, other: "Optional[Outbox]") -> None:
        """Let `other` have what is said, also what waits here; None: this queue has it again."""
        before, self._other = self._other, None
        if before is not None:
            before.move_to(self)
        if other is not None:
            self.move_to(other)
            self._other = other

    def move_to(self, other: "Outbox") -> None:
        """Give all that waits to another queue. A run that has begun is of no use to anybody else, and is dropped."""
        waiting, self._waiting = self._waiting, []
        self._runs.clear()
        for message in waiting:
            other.send(message)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._runs.clear()
        if self._other is not None:
            self._other.clear()
