"""The phone link of the radio, wired to the phone's services."""

from micropython import const

from watch.access import states
from watch.ble.phone_link.service import PhoneLink
from watch.services.outbox import Outbox

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.ble.phone_link.service import Status
    from watch.system.services import Services

_PAYMENT = "payment"


def phone_link(
    services: "Services", version: str, status: "Status", elsewhere: "Callable[[dict[str, Any]], bool]"
) -> PhoneLink:
    """The service, which pauses while a payment is under way.

    `elsewhere`: asked for each message whether the phone hears it another way; then no line is sent.
    """
    queue = _Queue(elsewhere)
    link = PhoneLink(_Carrier(services, queue), queue, version, status)

    def state_changed(old: str, new: str) -> None:
        paying = new in states.PAYING
        if paying != (old in states.PAYING):  # a reader that comes changes nothing, and its answer is due
            link.hold(_PAYMENT, paying)

    services.guard.listen(state_changed)
    return link


class _Queue(Outbox):
    """What waits to be said in lines."""

    def __init__(self, elsewhere: "Callable[[dict[str, Any]], bool]") -> None:
        super().__init__()
        self._elsewhere = elsewhere

    def take(self) -> "Optional[dict[str, Any]]":
        """The oldest message that has no other way to the phone; None if there is none."""
        message = super().take()
        while message is not None and self._elsewhere(message):
            message = super().take()
        return message


class _Carrier:
    """Who takes what the phone says. While it is there, what the watch has to say goes to the radio."""

    def __init__(self, services: "Services", queue: Outbox) -> None:
        self._phone, self._outbox, self._queue = services.phone, services.outbox, queue

    def link(self, connected: bool, carrier: str) -> None:
        """A phone has come, or gone."""
        self._phone.link(connected, carrier)
        self._outbox.divert(self._queue if connected else None)

    def receive(self, message: "Any") -> None:
        """Take a message. Raises InputError, StateError, StorageError."""
        self._phone.receive(message)

    def time(self, unix_s: int, offset_min: int) -> None:
        """Take the time. Raises InputError, StorageError."""
        self._phone.time(unix_s, offset_min)
