"""The vault: tokens, their single-use keys, and what they have spent.

Keys that need an arming are sealed under the vault key and leave it only then, after their ATCs have been written down
as reserved; three at most stay in RAM. Everything else is sealed under the device key, so that a locked watch can show
its cards.
"""

from micropython import const

from watch.access import states
from watch.kernel.errors import CorruptError, InputError, NoTokenError, SignatureError, StorageError
from watch.payment.armed import MOST_KEYS, ArmedCard, SingleKey
from watch.payment.card_state import expect_usable
from watch.payment.key_store import KeyStore
from watch.payment.slot import ALL_RECORDS, Slot
from watch.payment.token import ACTIVE, CDCVM_MAX_AGE_S, DELETED, Token
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.access.guard import Guard
    from watch.access.records import DeviceRecords
    from watch.crypto.random import Random
    from watch.kernel.clock import Clock
    from watch.payment.package import Package
    from watch.storage.journal import Journal

    Change = dict[int, Optional[bytes]]


class Vault:
    """All tokens, by slot number."""

    def __init__(
        self,
        journal: "Journal",
        sealed: "DeviceRecords",
        guard: "Guard",
        random: "Random",
        clock: "Clock",
        allow_test_cards: bool = False,
    ) -> None:
        """`allow_test_cards`: this watch may hold cards of test-only profiles, since its secret is none."""
        self._journal = journal
        self._sealed = sealed
        self._guard = guard
        self._clock = clock
        self._allow_test_cards = allow_test_cards
        self._listeners: "list[Callable[[], None]]" = []
        self.keys = KeyStore(journal, sealed, random)
        self.slots: "dict[int, Slot]" = {}

    def listen(self, listener: "Callable[[], None]") -> None:
        """Call back whenever a card came, went or changed its state."""
        self._listeners.append(listener)

    def load(self) -> None:
        """Read every token at boot. Raises CorruptError."""
        for number in range(records.SLOTS):
            fields = self._sealed.read(records.TOKEN + number)
            if fields is None:
                continue
            try:
                token = Token(fields)
            except InputError:
                raise CorruptError(f"the token in slot {number} does not decode")
            self.slots[number] = Slot.read(self._sealed, number, token)

    def find(self, token_id: bytes) -> "tuple[int, Slot]":
        """The slot number and slot of a token. Raises NoTokenError."""
        for number, slot in self.slots.items():
            if slot.token.token_id == token_id:
                return number, slot
        raise NoTokenError("there is no such card on the watch")

    def expect_issuer(self, token_id: bytes, issuer: bytes) -> None:
        """Raise SignatureError unless the token came from this token service."""
        if self.find(token_id)[1].token.issuer != issuer:
            raise SignatureError("the card belongs to another token service")

    def expect_guest(self, issuer: bytes) -> None:
        """Raise SignatureError unless a card of this token service is on the watch."""
        if not any(slot.token.issuer == issuer for slot in self.slots.values()):
            raise SignatureError("the token service has no card on this watch")

    def may_install(self) -> bool:
        """True while the vault key can be had and no key that needs an arming is in RAM."""
        return self._guard.unlocked() and self._guard.state in (states.WORN, states.EXPRESS)

    def install(self, number: int, package: "Package", issuer: bytes, vault_key: bytearray, changes: "Change") -> None:
        """Put a package's token and keys into a slot, in one record with `changes`. Ends express mode.

        Raises SignatureError if the slot holds a card of another token service, InputError, StorageError.
        """
        held = self.slots.get(number)
        token = package.token
        if held and held.token.issuer != issuer:
            raise SignatureError("the card belongs to another token service")
        if token.test_only() and not self._allow_test_cards:
            raise InputError("this watch holds no test cards")
        self._guard.leave_express()
        slot = Slot.filled(package, held)
        token.issuer = issuer
        token.state = held.token.state if held else ACTIVE
        token.place = held.token.place if held else self._next_place()
        values = {records.TOKEN + number: token.record(token.state)}
        values.update(slot.counters(number))
        values.update(slot.express_counters(number))
        change = self._sealed_all(values)
        change.update(self.keys.batch_change(number, package.keys, vault_key))
        change.update(self.keys.express_change(number, package.express_keys))
        change.update(changes)
        self.commit(change)
        self.slots[number] = slot
        self._tell()

    def arm(self, token_id: bytes) -> ArmedCard:
        """Reserve keys of a token and load them. The ATCs are on flash as reserved before a key is in RAM.

        Raises NoTokenError, SuspendedError, ExpiredError, NoKeysError, LockedError, StorageError.
        """
        number, slot = self.find(token_id)
        expect_usable(slot.token, self._clock.security_s())
        with self._guard.vault_key() as vault_key:
            slot.spending.turn_day(self._clock.security_s())
            loaded = self._reserve(number, slot, vault_key)
        fresh = self._guard.cdcvm(slot.token.limits[CDCVM_MAX_AGE_S])
        return ArmedCard(slot.token, slot.spending, fresh, loaded)

    def settle(self, card: ArmedCard, changes: "Change") -> None:
        """After a disarm: release the keys that were not used. The caller has zeroed all of them in RAM."""
        number, slot = self.find(card.token.token_id)
        slot.atc.settle([key.atc for key in card.keys if key.used])
        self.commit_values(slot.counters(number), changes)

    def passcode_entered(self) -> None:
        """A correct passcode: limits without CDCVM start anew, those of express mode too."""
        changed: "dict[int, Any]" = {}
        for number, slot in self.slots.items():
            changed.update(slot.passcode_entered(number))
        if changed:
            self.commit_values(changed, {})

    def set_state(self, token_id: bytes, state: str, changes: "Change") -> None:
        """Suspend, resume or delete a token on the bank's word, in one record with `changes`.

        Whatever card is ready to pay, armed or in express mode, is put away first.
        """
        number, slot = self.find(token_id)
        if self._guard.state in states.PAYING:
            self._guard.disarm()
        self._guard.leave_express()
        if state == DELETED:
            change: "Change" = {record + number: None for record in ALL_RECORDS}
            change.update(self._choices_of(token_id))
        else:
            change = self._sealed_all({records.TOKEN + number: slot.token.record(state)})
        change.update(changes)
        self.commit(change)
        slot.token.state = state
        if state == DELETED:
            del self.slots[number]
        self._tell()

    def forget(self) -> None:
        """Drop every card from RAM: the watch is being wiped."""
        self.slots.clear()
        self._tell()

    def commit(self, changes: "Change") -> None:
        """One atomic change of the journal."""
        self._journal.commit(changes)

    def commit_values(self, values: "dict[int, Any]", changes: "Change") -> None:
        """The same for values that are sealed under the device key, together with `changes`."""
        change = self._sealed_all(values)
        change.update(changes)
        self.commit(change)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _reserve(self, number: int, slot: Slot, vault_key: bytearray) -> "list[SingleKey]":
        """Write the next ATCs down as reserved, then load their keys."""
        reserved = slot.atc.reserve(MOST_KEYS)
        try:
            self.commit_values(slot.counters(number), {})
            return self.keys.open(number, reserved, vault_key)
        except StorageError:
            slot.atc.settle([])  # no key was loaded
            raise

    def _choices_of(self, token_id: bytes) -> "Change":
        """The change that takes back every choice of this card."""
        choices = (records.ACTIVE_TOKEN, records.EXPRESS_TOKEN)
        return {record: None for record in choices if self._sealed.read(record) == token_id}

    def _next_place(self) -> int:
        return 1 + max([slot.token.place for slot in self.slots.values()] + [0])

    def _sealed_all(self, values: "dict[int, Any]") -> "Change":
        return {record: self._sealed.sealed(record, value) for record, value in values.items()}
