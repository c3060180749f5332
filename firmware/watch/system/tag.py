"""What the NDEF tag says when: docs/formats.md, section "NDEF tag".

Anyone may read the tag, so nothing of a card, a token or the history is ever in it.
"""

from micropython import const

from watch.access import states
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import CorruptError, LockedError
from watch.nfc import ndef_records
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from watch.access.records import DeviceRecords
    from watch.kernel.clock import Clock
    from watch.storage.journal import Journal

    class Access(Protocol):
        """What the tag asks of the guard."""

        def unlocked(self) -> bool:
            """True while a worn session lives."""
            ...

        def lost(self) -> "Optional[str]":
            """What a finder may read, or None unless the watch is lost."""
            ...

        def listen(self, listener: Callable[[str, str], None]) -> None:
            """Call `listener(old, new)` after every change of state."""
            ...

    class Services(Protocol):
        """The part of the watch's services that the tag uses."""

        @property
        def guard(self) -> Access:
            """The guard."""
            ...

        @property
        def journal(self) -> Journal:
            """The vault flash."""
            ...

        @property
        def sealed(self) -> DeviceRecords:
            """Facts that can be read while locked."""
            ...

        @property
        def clock(self) -> Clock:
            """Ticks."""
            ...


NAME = "Tapwatch"
"""What the tag says when it has nothing else to say."""
RECEIPT_MS = const(120_000)
"""How long a receipt link stays on the tag: docs/formats.md."""
_SHUT = (states.LOCKED, states.LOST, states.WIPING)


class Tag:
    """Keeps the messages, and picks one when a reader selects the tag."""

    def __init__(self, services: "Services", radio_address: "Optional[bytes]") -> None:
        """Read the wearer's own record. Without a radio there is no pairing message. Raises StorageError."""
        self._guard = services.guard
        self._journal = services.journal
        self._sealed = services.sealed
        self._clock = services.clock
        self._address = radio_address
        self._public = ndef_records.text(NAME)
        self._own = self._load()
        self._pairing: "Optional[bytes]" = None
        self._receipt: "Optional[bytes]" = None
        self._receipt_ms = 0
        self._withdrawn: "Optional[Callable[[], None]]" = None
        self._guard.listen(self._state_changed)

    def listen(self, withdrawn: "Callable[[], None]") -> None:
        """Call `withdrawn()` when a message that a reader may be reading has been taken away."""
        self._withdrawn = withdrawn

    def message(self) -> bytes:
        """The message for a reader that comes now."""
        finder = self._guard.lost()
        if finder is not None:
            return ndef_records.text(finder or NAME)
        if self._pairing is not None:
            return self._pairing
        self.tick()
        if self._receipt is not None and self._guard.unlocked():
            return self._receipt
        return self._own or self._public

    def receipt(self, link: str) -> None:
        """Offer the link to a receipt for two minutes; an empty one takes the last one away. Raises InputError."""
        message = ndef_records.uri(link) if link else None
        self._drop_receipt()
        self._receipt = message
        self._receipt_ms = self._clock.ticks_ms()

    def pairing(self, on: bool, name: str = NAME) -> None:
        """The pairing screen has opened or closed. `name`: what the watch calls itself over Bluetooth."""
        had = self._pairing is not None
        self._pairing = ndef_records.pairing(self._address, name) if on and self._address is not None else None
        if had and not on:
            self._withdraw()

    def set_own(self, message: "Optional[bytes]") -> None:
        """Keep the wearer's own message, or take it away with None.

        Raises LockedError unless unlocked, InputError, StorageError; the old message stays then.
        """
        if not self._guard.unlocked():
            raise LockedError("the watch must be unlocked to change its tag")
        if message is None:
            self._journal.commit({records.OWN_RECORD: None})
        else:
            ndef_records.check(message)
            self._sealed.write(records.OWN_RECORD, message)
        self._own = message
        self._withdraw()

    def tick(self) -> None:
        """To be called about once a second: forgets a receipt whose time is over."""
        if self._receipt is not None and ticks_diff(self._clock.ticks_ms(), self._receipt_ms) >= RECEIPT_MS:
            self._drop_receipt()

    def _load(self) -> "Optional[bytes]":
        message = self._sealed.read(records.OWN_RECORD)
        if message is not None and not isinstance(message, bytes):
            raise CorruptError("the wearer's own NDEF message is no bytes")
        return message

    def _state_changed(self, old: str, new: str) -> None:
        """A shut watch offers no receipt and pairs with nobody; a finder reads what is for a finder."""
        if new == states.WIPING:
            self._own = None
        if new in _SHUT:
            self._receipt = None
            self._pairing = None
            self._withdraw()

    def _drop_receipt(self) -> None:
        if self._receipt is not None:
            self._receipt = None
            self._withdraw()

    def _withdraw(self) -> None:
        if self._withdrawn is not None:
            self._withdrawn()
