"""Whose mailbox it is: what `exchange.mailbox` must know of the watch."""

from micropython import const

from watch.access import states
from watch.exchange.permits import MAILBOX
from watch.payment import card_state

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.exchange.messages import Exchange
    from watch.system.services import Services


class BankPost:
    """The watch as the owner of mailboxes.

    Args:
        services: identity, cards and the phone that carries.
        exchange: answers messages.
        primary_here: True while the primary phone is connected over Bluetooth.
    """

    def __init__(self, services: "Services", exchange: "Exchange", primary_here: "Callable[[], bool]") -> None:
        self._services, self._exchange, self._primary_here = services, exchange, primary_here

    def device_id(self) -> bytes:
        """Eight bytes."""
        return self._services.identity.device_id

    def ready(self) -> bool:
        """A phone carries for the watch, it may carry token requests, and there is somebody to ask for."""
        services = self._services
        if not services.companion.web.connected or services.guard.state == states.WIPING:
            return False
        return services.identity.provisioned() and self._primary_here()

    def wants(self) -> bool:
        """A card runs low on keys. Payment codes lie in flash and are not looked at: the bank sends them daily."""
        services = self._services
        now_s = services.clock.security_s()
        return any(card_state.wants_refill(slot, now_s, None) for slot in services.vault.slots.values())

    def addresses(self) -> "list[str]":
        """Of every trusted token service that has one. Raises StorageError."""
        return self._services.identity.addresses()

    def answer(self, message: bytes) -> bytes:
        """The answer to a message from a mailbox."""
        return self._exchange.answer(message, MAILBOX)
