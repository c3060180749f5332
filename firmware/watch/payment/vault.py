"""The vault: tokens, their single-use keys, and what they have spent.

Keys are sealed under the vault key and leave it only at arming, after their ATCs have been written down as reserved;
three at most stay in RAM. Everything else is sealed under the device key, so that a locked watch can show its cards.
"""

from micropython import const

from watch.access import states
from watch.crypto.scrub import zero
from watch.kernel.errors import (
    CorruptError,
    ExpiredError,
    InputError,
    NoTokenError,
    SignatureError,
    StorageError,
    SuspendedError,
    TagError,
)
from watch.payment.armed import ArmedCard, SingleKey
from watch.payment.atc import AtcState
from watch.payment.package import KEY_BYTES
from watch.payment.spending import Spending
from watch.payment.token import ACTIVE, CDCVM_MAX_AGE_S, DELETED, Token
from watch.storage import records
from watch.storage.sealed import seal, unseal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.access.guard import Guard
    from watch.access.records import DeviceRecords
    from watch.crypto.random import Random
    from watch.kernel.clock import Clock
    from watch.payment.package import Package
    from watch.storage.journal import Journal


_ATC_BYTES = const(2)
_ENTRY_BYTES = const(18)  # ATC, big-endian, and its key


class Slot:
    """One token on the watch with its counters."""

    def __init__(self, token: Token, atc: AtcState, spending: Spending) -> None:
        self.token = token
        self.atc = atc
        self.spending = spending


class Vault:
    """All tokens, by slot number."""

    def __init__(
        self, journal: "Journal", sealed: "DeviceRecords", guard: "Guard", random: "Random", clock: "Clock"
    ) -> None:
        self._journal = journal
        self._sealed = sealed
        self._guard = guard
        self._random = random
        self._clock = clock
        self._listeners: "list[Callable[[], None]]" = []
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
            atc = AtcState.from_fields(self._sealed.read(records.TOKEN_ATC + number))
            spending = Spending.from_fields(self._sealed.read(records.SPENDING + number))
            try:
                self.slots[number] = Slot(Token(fields), atc, spending)
            except InputError:
                raise CorruptError(f"the token in slot {number} does not decode")

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

    def may_install(self) -> bool:
        """True while the vault key can be had and no key of any card is in RAM."""
        return self._guard.state == states.WORN

    def install(
        self,
        number: int,
        package: "Package",
        issuer: bytes,
        vault_key: bytearray,
        changes: "dict[int, Optional[bytes]]",
    ) -> None:
        """Put a package's token and keys into a slot, in one record with `changes`.

        Raises SignatureError if the slot holds a card of another token service, InputError, StorageError.
        """
        held = self.slots.get(number)
        if held and held.token.issuer != issuer:
            raise SignatureError("the card belongs to another token service")
        atcs = [entry[0] for entry in package.keys]
        before = held.atc if held else AtcState(0, [])
        token = package.token
        token.issuer = issuer
        token.state = held.token.state if held else ACTIVE
        slot = Slot(token, before.following(atcs), held.spending if held else Spending())
        packed = _pack_keys(package.keys)
        try:
            keys = seal(vault_key, records.TOKEN_KEYS + number, packed, self._random)
        finally:
            zero(packed)
        change = self._slot_change(number, slot)
        change[records.TOKEN + number] = self._sealed.sealed(records.TOKEN + number, token.record(token.state))
        change[records.TOKEN_KEYS + number] = keys
        change.update(changes)
        self.commit(change)
        self.slots[number] = slot
        self._tell()

    def arm(self, token_id: bytes) -> ArmedCard:
        """Reserve keys of a token and load them. The ATCs are on flash as reserved before a key is in RAM.

        Raises NoTokenError, SuspendedError, ExpiredError, NoKeysError, LockedError, StorageError.
        """
        number, slot = self.find(token_id)
        self._expect_usable(slot.token)
        with self._guard.vault_key() as vault_key:
            slot.spending.turn_day(self._clock.security_s())
            loaded = self._reserve(number, slot, vault_key)
        fresh = self._guard.cdcvm(slot.token.limits[CDCVM_MAX_AGE_S])
        return ArmedCard(slot.token, slot.spending, fresh, loaded)

    def settle(self, card: ArmedCard, changes: "dict[int, Optional[bytes]]") -> None:
        """After a disarm: release the keys that were not used. The caller has zeroed all of them in RAM."""
        number, slot = self.find(card.token.token_id)
        slot.atc.settle([key.atc for key in card.keys if key.used])
        change = self._slot_change(number, slot)
        change.update(changes)
        self.commit(change)

    def passcode_entered(self) -> None:
        """A correct passcode: limits without CDCVM start anew."""
        changed = {}
        for number, slot in self.slots.items():
            if slot.spending.passcode_entered():
                changed.update(self._spending_change(number, slot))
        if changed:
            self.commit(changed)

    def set_state(self, token_id: bytes, state: str, changes: "dict[int, Optional[bytes]]") -> None:
        """Suspend, resume or delete a token on the bank's word, in one record with `changes`. Disarms first."""
        number, slot = self.find(token_id)
        if self._guard.state in (states.ARMED, states.TAPPING):
            self._guard.disarm()
        if state == DELETED:
            gone = (records.TOKEN, records.TOKEN_KEYS, records.TOKEN_ATC, records.SPENDING, records.REQUEST)
            change: "dict[int, Optional[bytes]]" = {record + number: None for record in gone}
            change.update({records.KEPT_PACKAGE + number: None, records.RECEIPT + number: None})
        else:
            kept = self._sealed.sealed(records.TOKEN + number, slot.token.record(state))
            change = {records.TOKEN + number: kept}
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

    def commit(self, changes: "dict[int, Optional[bytes]]") -> None:
        """One atomic change of the journal."""
        self._journal.commit(changes)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _reserve(self, number: int, slot: Slot, vault_key: bytearray) -> "list[SingleKey]":
        """Write the next ATCs down as reserved, then load their keys."""
        reserved = slot.atc.reserve()
        try:
            self.commit(self._slot_change(number, slot))
            return self._keys(number, vault_key, reserved)
        except StorageError:
            slot.atc.settle([])  # no key was loaded
            raise

    def _expect_usable(self, token: Token) -> None:
        if token.state != ACTIVE:
            raise SuspendedError("the bank has suspended this card")
        now_s = self._clock.security_s()
        if now_s > token.keys_expire_s:
            raise ExpiredError("the keys of this card are too old; connect to the phone")
        if now_s > token.last_second():
            raise ExpiredError("this card has expired")

    def _keys(self, number: int, vault_key: bytearray, atcs: "list[int]") -> "list[SingleKey]":
        """The keys of these ATCs, copied out of the sealed batch, which is zeroed again. Raises CorruptError."""
        blob = self._journal.get(records.TOKEN_KEYS + number)
        if blob is None:
            raise CorruptError(f"slot {number} has a token but no keys")
        try:
            packed = unseal(vault_key, records.TOKEN_KEYS + number, blob)
        except TagError:
            raise CorruptError(f"the keys in slot {number} do not open")
        try:
            keys = _unpack_keys(packed, atcs)
        finally:
            zero(packed)
        if len(keys) != len(atcs):
            raise CorruptError(f"slot {number} lacks keys")
        return keys

    def _slot_change(self, number: int, slot: Slot) -> "dict[int, Optional[bytes]]":
        change = self._spending_change(number, slot)
        change[records.TOKEN_ATC + number] = self._sealed.sealed(records.TOKEN_ATC + number, slot.atc.fields())
        return change

    def _spending_change(self, number: int, slot: Slot) -> "dict[int, Optional[bytes]]":
        return {records.SPENDING + number: self._sealed.sealed(records.SPENDING + number, slot.spending.fields())}


def _pack_keys(keys: "list[list[Any]]") -> bytearray:
    """A batch as it is sealed: one entry after the other, so that a key can be taken out without copying the rest."""
    packed = bytearray(_ENTRY_BYTES * len(keys))
    for place, (atc, key) in enumerate([entry[:2] for entry in keys]):
        at = place * _ENTRY_BYTES
        packed[at : at + _ATC_BYTES] = atc.to_bytes(_ATC_BYTES, "big")
        packed[at + _ATC_BYTES : at + _ENTRY_BYTES] = key
    return packed


def _unpack_keys(packed: bytearray, atcs: "list[int]") -> "list[SingleKey]":
    """The keys of these ATCs."""
    view = memoryview(packed)
    found = []
    for at in range(0, len(packed), _ENTRY_BYTES):
        atc = packed[at] << 8 | packed[at + 1]
        if atc in atcs:
            key = bytearray(KEY_BYTES)
            key[:] = view[at + _ATC_BYTES : at + _ENTRY_BYTES]
            found.append(SingleKey(atc, key))
    return found
