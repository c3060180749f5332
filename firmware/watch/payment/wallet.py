"""The wallet: which card pays, when it is armed, and what each tap came to."""

from micropython import const

from watch.access import states
from watch.crypto.scrub import scrub
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import NoTokenError, SuspendedError
from watch.payment import card_state
from watch.payment.own_limit import OwnLimit
from watch.payment.token import ACTIVE
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.access.guard import Guard
    from watch.access.records import DeviceRecords
    from watch.kernel.clock import Clock
    from watch.payment.armed import ArmedCard
    from watch.payment.card import EmvCard
    from watch.payment.history import History
    from watch.payment.token import Token
    from watch.payment.vault import Vault


ARMED_MS = const(60_000)  # docs/architecture.md "States"
LONGEST_ARMED_MS = const(180_000)  # a reader that asks again and again cannot keep the card armed for ever


class Wallet:
    """Arms and disarms; turns what happened in RAM into records."""

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
        self._armed_ms = 0
        self._first_armed_ms = 0
        self._chosen = b""
        self.own_limit = OwnLimit(sealed)
        self.armed: "list[ArmedCard]" = []
        guard.listen(self._state_changed)
        vault.listen(self._cards_changed)

    def load(self) -> None:
        """Read the wearer's choice at boot. Raises CorruptError."""
        self._chosen = self._sealed.read(records.ACTIVE_TOKEN) or b""
        self.own_limit.load()
        self._cards_changed()

    def tokens(self) -> "list[Token]":
        """All cards, in the order they were added."""
        return sorted([slot.token for slot in self._vault.slots.values()], key=lambda token: token.place)

    def active(self) -> "Optional[Token]":
        """The card that pays: the wearer's choice, or else the first one that is not suspended."""
        usable = [token for token in self.tokens() if token.state == ACTIVE]
        for token in usable:
            if token.token_id == self._chosen:
                return token
        return usable[0] if usable else None

    def choose(self, token_id: bytes) -> None:
        """Make this the card that pays. Raises NoTokenError, and SuspendedError: another one would pay in its place."""
        if self._vault.find(token_id)[1].token.state != ACTIVE:
            raise SuspendedError("the bank has suspended this card")
        self._sealed.write(records.ACTIVE_TOKEN, token_id)
        self._chosen = token_id

    def state(self, token_id: bytes) -> str:
        """What a card is good for: one of the states of `watch.payment.card_state`. Raises NoTokenError."""
        return card_state.state_of(self._vault.find(token_id)[1], self._clock.security_s())

    def status(
        self, codes_left: "Callable[[bytes], Optional[int]]", lacks_art: "Callable[[bytes], bool]"
    ) -> "list[dict[int, Any]]":
        """One map for each card, in order: docs/formats.md message 10.

        `codes_left(token_id)`: payment codes left, None if the bank offers none. `lacks_art(sha256)`: that card art is
        not on the watch.
        """
        return [self._status(token, codes_left(token.token_id), lacks_art) for token in self.tokens()]

    def keys_left(self, token_id: bytes) -> int:
        """Payments left before the card must be refilled. Raises NoTokenError."""
        return self._vault.find(token_id)[1].atc.keys_left()

    def to_arm(self) -> "list[Token]":
        """The cards that the next arming makes ready: the active one, and no other."""
        token = self.active()
        return [] if token is None else [token]

    def arm(self) -> "list[ArmedCard]":
        """Arm for ARMED_MS.

        Raises NoTokenError, SuspendedError, ExpiredError, NoKeysError, LockedError, StateError, StorageError.
        """
        tokens = self.to_arm()
        if not tokens:
            raise NoTokenError("add a card with your phone first")
        self._guard.arm()
        try:
            for token in tokens:
                self.armed.append(self._vault.arm(token.token_id))
            for card in self.armed:
                self.own_limit.apply(card)
                self._emv.load(card)
        except Exception:
            self._guard.disarm()  # whatever it was, memory included: never armed by half
            raise
        scrub()  # the rest of the batch passed through plain bytes: three keys are in RAM from here on
        self.keep_armed()
        self._first_armed_ms = self._armed_ms
        return self.armed

    def tapped(self) -> "Optional[ArmedCard]":
        """The armed card that a terminal has asked, with what came of it in its `outcome`; None if none was asked."""
        for card in self.armed:
            if card.outcome.result is not None:
                return card
        return None

    def keep_armed(self) -> None:
        """Start the minute anew, for a second tap that the wearer has been asked for; LONGEST_ARMED_MS in all."""
        self._armed_ms = self._clock.ticks_ms()

    def armed_left_ms(self) -> int:
        """Milliseconds until the card is disarmed by itself; 0 if it is not armed."""
        if not self.armed:
            return 0
        now_ms = self._clock.ticks_ms()
        since_asked_ms, since_armed_ms = ticks_diff(now_ms, self._armed_ms), ticks_diff(now_ms, self._first_armed_ms)
        return max(0, min(ARMED_MS - since_asked_ms, LONGEST_ARMED_MS - since_armed_ms))

    def disarm(self) -> None:
        """Zero the keys and write down what was used. Does nothing unless armed. Raises StorageError."""
        if self.armed:
            self._guard.disarm()

    def _status(self, token: "Token", codes: "Optional[int]", lacks_art: "Callable[[bytes], bool]") -> "dict[int, Any]":
        slot = self._vault.find(token.token_id)[1]
        now_s = self._clock.security_s()
        return {
            1: token.token_id,
            2: card_state.state_of(slot, now_s),
            3: slot.atc.keys_left(),
            4: card_state.wants_refill(slot, now_s, codes),
            5: codes or 0,
            6: slot.express_atc.keys_left(),
            7: token.art if token.art is not None and lacks_art(token.art) else None,
        }

    def _cards_changed(self) -> None:
        """Tell the EMV side which schemes the watch holds; forget a choice that has gone with its card."""
        if all(token.token_id != self._chosen for token in self.tokens()):
            self._chosen = b""
        held = {token.profile for token in self.tokens()}
        usable = {token.profile for token in self.tokens() if token.state == ACTIVE}
        self._emv.offer(held, held - usable)

    def _state_changed(self, old: str, new: str) -> None:
        cards: "list[ArmedCard]" = []
        if new not in states.PAYING:
            cards, self.armed = self.armed, cards
        for card in cards:
            card.zero()  # first of all: what follows may raise
        if states.TABLE[old].nfc != states.TABLE[new].nfc:
            self._emv.set_state(states.TABLE[new].nfc)
        if cards:
            self._emv.unload()
        if new == states.WIPING:
            self._history.forget()
            self._vault.forget()
            return
        for card in cards:
            self._settle(card)

    def _settle(self, card: "ArmedCard") -> None:
        payments = self._history.payments_of(card)
        changes: "dict[int, Optional[bytes]]" = {}
        for payment in payments:
            changes.update(self._history.change(payment))
        self._vault.settle(card, changes)
        for payment in payments:
            self._history.committed(payment)
