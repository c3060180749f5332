"""Express mode: one closed-loop card pays small amounts without passcode or arming, if the wearer has asked for it.

One key at a time is in RAM. It is written down as reserved before it is loaded; a tap writes nothing; once the reader
has gone, one record says that the key was used, what it paid, and which key is reserved next. So a power cut costs at
most the key that was loaded. No tap claims that the wearer was verified, and only the limits without CDCVM count.
"""

from micropython import const

from watch.access import states
from watch.crypto.scrub import scrub
from watch.kernel.errors import ExpiredError, LockedError, StateError, SuspendedError
from watch.payment.armed import ArmedCard
from watch.payment.card_state import expect_usable
from watch.payment.limits import Limits
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.guard import Guard
    from watch.access.records import DeviceRecords
    from watch.kernel.clock import Clock
    from watch.payment.card import EmvCard
    from watch.payment.history import History, Payment
    from watch.payment.slot import Slot
    from watch.payment.vault import Vault

# Keys of the limits map, docs/formats.md "Limits map".
_PER_TAP = const(1)
_CONFIRM_ABOVE = const(2)
_PER_TAP_NO_CDCVM = const(3)
_TAPS_NO_CDCVM = const(4)
_PER_DAY = const(6)
_NO_LIMIT = 1 << 40


class Express:
    """Keeps the wearer's choice, and one key of that card ready."""

    def __init__(
        self,
        guard: "Guard",
        vault: "Vault",
        history: "History",
        sealed: "DeviceRecords",
        emv: "EmvCard",
        clock: "Clock",
    ) -> None:
        self._guard = guard
        self._vault = vault
        self._history = history
        self._sealed = sealed
        self._emv = emv
        self._clock = clock
        self._chosen = b""
        self._failed = False
        self.card: "Optional[ArmedCard]" = None
        """The card that is ready, with one key; None outside express mode."""
        guard.listen(self._state_changed)
        vault.listen(self._cards_changed)

    def load(self) -> None:
        """Read the wearer's choice at boot. Raises CorruptError."""
        self._chosen = self._sealed.read(records.EXPRESS_TOKEN) or b""
        self._cards_changed()

    def chosen(self) -> "Optional[bytes]":
        """The token id of the card that the wearer chose, or None: express mode is off."""
        return self._chosen or None

    def choose(self, token_id: "Optional[bytes]") -> None:
        """The wearer switches express mode on for a card, or off with None. It begins with the next `enter`.

        Raises LockedError unless unlocked, NoTokenError, StateError if the bank gave the card no express batch,
        StorageError; the choice is what it was then.
        """
        if self._guard.check_session() is not None or not self._guard.unlocked():
            raise LockedError("express mode is chosen on an unlocked watch")
        if token_id is not None and self._vault.find(token_id)[1].token.express is None:
            raise StateError("this card has no express mode")
        self._guard.leave_express()
        self._vault.commit({records.EXPRESS_TOKEN: self._choice_record(token_id)})
        self._chosen = token_id or b""
        self._failed = False

    def enter(self) -> bool:
        """To be called about once a second while nothing else goes on: be in express mode if that is possible.

        That is so from worn or locked, with a card chosen that may pay. Mode and key end here when the card's time is
        over. Returns True if a card is ready. What it raises (StorageError) it raises once: the next try comes after
        the watch has changed its state.
        """
        found = self._usable()
        if self._guard.state == states.EXPRESS:
            if found is None:
                self._guard.leave_express()
            return self.card is not None
        if found is None or self._failed or self._guard.state not in (states.LOCKED, states.WORN):
            return False
        self._guard.enter_express()
        self._go_on(found, {}, [])
        return True

    def leave(self) -> None:
        """End express mode for now: zero the key, and release it if it was not used. Raises StorageError."""
        self._guard.leave_express()

    def tapped(self) -> "Optional[ArmedCard]":
        """The card, if a terminal has asked it; what came of that is in its `outcome`."""
        card = self.card
        return card if card is not None and card.outcome.result is not None else None

    def settle(self) -> None:
        """To be called once the reader has gone: write a used key down and get the next one ready.

        Does nothing but forget the outcome if no key was used. Ends express mode with the last key or the last tap that
        the limits allow. Raises StorageError; express mode has ended then, and no key is ever used again.
        """
        card = self.card
        if card is None:
            return
        if not card.last_atc():
            card.outcome.result = None
            return
        self._put_away()
        values, payments = self._used(card)
        found = self._usable()
        if found is None:
            try:
                self._write(values, payments)
            finally:
                self._guard.leave_express()
            return
        self._go_on(found, values, payments)

    def _usable(self) -> "Optional[tuple[int, Slot]]":
        """The slot of the chosen card if a key of it may be loaded, or is; None if not."""
        if not self._chosen:
            return None
        number, slot = self._vault.find(self._chosen)
        express = slot.token.express
        if express is None or slot.express_spending.taps_without_cdcvm >= express[_TAPS_NO_CDCVM]:
            return None
        if self.card is None and not slot.express_atc.keys_left():
            return None
        try:
            expect_usable(slot.token, self._clock.security_s())
        except (SuspendedError, ExpiredError):
            return None
        return number, slot

    def _go_on(self, found: "tuple[int, Slot]", values: "dict[int, Any]", payments: "list[Payment]") -> None:
        """Reserve the next key in one record with `values`, then load it. Whatever fails ends express mode."""
        number, slot = found
        try:
            atcs = slot.express_atc.reserve(1)
            slot.express_spending.turn_day(self._clock.security_s())
            values.update(slot.express_counters(number))
            self._write(values, payments)
            keys = self._vault.keys.open_express(number, atcs)
            self.card = ArmedCard(slot.token, slot.express_spending, False, keys, None, _limits(slot))
            self._emv.load(self.card)
        except Exception:  # whatever it was, memory included: never ready by half
            self._failed = True
            self._put_away()
            slot.express_atc.settle([])  # no key is loaded, and none has met a reader
            self._guard.leave_express()
            raise
        scrub()  # the rest of the batch passed through plain bytes

    def _used(self, card: ArmedCard) -> "tuple[dict[int, Any], list[Payment]]":
        """What is to be written about the keys that were used; the marks in RAM have changed."""
        number, slot = self._vault.find(card.token.token_id)
        slot.express_atc.settle([key.atc for key in card.keys if key.used])
        return slot.express_counters(number), self._history.payments_of(card)

    def _write(self, values: "dict[int, Any]", payments: "list[Payment]") -> None:
        changes: "dict[int, Optional[bytes]]" = {}
        for payment in payments:
            changes.update(self._history.change(payment))
        self._vault.commit_values(values, changes)
        for payment in payments:
            self._history.committed(payment)

    def _put_away(self) -> None:
        """Zero the key and take the card from the reader's side."""
        card, self.card = self.card, None
        if card is not None:
            card.zero()
            self._emv.unload()

    def _choice_record(self, token_id: "Optional[bytes]") -> "Optional[bytes]":
        return None if token_id is None else self._sealed.sealed(records.EXPRESS_TOKEN, token_id)

    def _cards_changed(self) -> None:
        """A choice goes with its card."""
        if all(slot.token.token_id != self._chosen for slot in self._vault.slots.values()):
            self._chosen = b""

    def _state_changed(self, old: str, new: str) -> None:
        if old != states.EXPRESS:
            self._failed = False
            return
        card = self.card
        self._put_away()
        if card is not None and new != states.WIPING:
            self._write(*self._used(card))


def _limits(slot: "Slot") -> Limits:
    """The limits of an express tap: of the bank's map only those without CDCVM."""
    given: "dict[int, int]" = dict(slot.token.express or {})
    given[_PER_TAP] = given[_CONFIRM_ABOVE] = given[_PER_TAP_NO_CDCVM]
    given[_PER_DAY] = _NO_LIMIT
    return Limits(given)
