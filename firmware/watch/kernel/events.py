"""Typed events: one `Topic` object per kind of news.

Publishing allocates nothing of its own and calls the subscribers in the order they came. They run inside the
publisher's call, so they are short: set a flag, note a value.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Generic, TypeVar

    Value = TypeVar("Value")


class Topic(Generic[Value] if TYPE_CHECKING else object):
    """News of one kind, for example the battery level."""

    def __init__(self, name: str, on_error: "Callable[[str, Exception], None]") -> None:
        """`on_error(name, error)` is told of subscribers that fail; the other subscribers are still called."""
        self.name = name
        self._on_error = on_error
        self._subscribers: "tuple[Callable[[Value], None], ...]" = ()

    def subscribe(self, subscriber: "Callable[[Value], None]") -> None:
        """Call `subscriber(value)` with everything published from now on. Subscribing twice changes nothing."""
        if subscriber not in self._subscribers:
            self._subscribers += (subscriber,)

    def unsubscribe(self, subscriber: "Callable[[Value], None]") -> None:
        """Stop calling it. One that never subscribed is ignored."""
        self._subscribers = tuple([other for other in self._subscribers if other != subscriber])

    def publish(self, value: "Value") -> None:
        """Tell everyone who was subscribed when the call began."""
        for subscriber in self._subscribers:
            try:
                subscriber(value)
            except Exception as error:  # noqa: BLE001
                # Whatever one listener does wrong, the news goes on; the owner hears of it.
                self._on_error(self.name, error)
