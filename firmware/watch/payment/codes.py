"""Payment codes of 18 digits that work without a phone (docs/formats.md "Payment codes").

The bank gives a card a seed and a number of codes, good for a day at most. The watch shows each code number once, for a
minute. Seed and state are two records: the seed opens with the vault key only, the state can be read while locked.
"""

from micropython import const

from watch.crypto.hashes import hmac_sha256
from watch.crypto.scrub import scrub, zero
from watch.kernel.errors import (
    CorruptError,
    ExpiredError,
    NoCodesError,
    SuspendedError,
    TagError,
)
from watch.payment import package
from watch.payment.token import ACTIVE
from watch.storage import records
from watch.storage.sealed import seal, unseal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.guard import Guard
    from watch.access.records import DeviceRecords
    from watch.crypto.random import Random
    from watch.kernel.clock import Clock
    from watch.payment.token import Token
    from watch.payment.vault import Vault
    from watch.storage.journal import Journal

SHOWN_S = const(60)
"""How long one code may stay on the screen."""
_PART_RANGE = const(100_000_000)  # eight digits
_PART_BYTES = const(8)  # of the HMAC, read as one big-endian number
_STATE_FIELDS = const(8)


class CodeState:
    """How far the codes of one card have been used, and what the bank allows with them."""

    def __init__(self, fields: "Any") -> None:
        """Take the stored form. Raises CorruptError."""
        if not isinstance(fields, list) or len(fields) != _STATE_FIELDS:
            raise CorruptError("a code record has the wrong shape")
        self.prefix: str = fields[0]
        self.next: int = fields[1]
        self.count: int = fields[2]
        self.valid_from_s: int = fields[3]
        self.valid_until_s: int = fields[4]
        self.most_each: int = fields[5]
        """Minor units of the card's currency that one code may pay."""
        self.most_in_all: int = fields[6]
        """Minor units that all of them together may pay."""
        self.ahead_s: int = fields[7]
        """How far security time was ahead of the bank's, at least, when the codes were asked for."""

    def fields(self) -> "list[Any]":
        """The form that is stored."""
        times = [self.valid_from_s, self.valid_until_s]
        return [self.prefix, self.next, self.count] + times + [self.most_each, self.most_in_all, self.ahead_s]

    def bank_s(self, now_s: int) -> int:
        """The bank's time at a security time, which never goes back itself: a fast clock must not spoil the codes."""
        return now_s - self.ahead_s

    def left(self, now_s: int) -> int:
        """Codes that may still be shown at this security time."""
        return self.count - self.next if self.valid_from_s <= self.bank_s(now_s) <= self.valid_until_s else 0


class CodeBook:
    """Seeds and states by slot. It keeps nothing in RAM."""

    def __init__(self, journal: "Journal", sealed: "DeviceRecords", random: "Random") -> None:
        self._journal = journal
        self._sealed = sealed
        self._random = random

    def install_changes(
        self, slot: int, codes: "Optional[dict[int, Any]]", vault_key: bytearray, ahead_s: int = 0
    ) -> "dict[int, Optional[bytes]]":
        """The journal change that gives a slot these codes, for the record that installs their package.

        `ahead_s`: how far security time is ahead of the bank's.

        `codes` is a payment codes map that `Package` has checked. With None the slot has no codes afterwards: each
        package tells the whole of what the bank offers.
        """
        if codes is None:
            return {records.CODE_SEED + slot: None, records.CODE_STATE + slot: None}
        state = [codes[package.CODES_PREFIX], 0, codes[package.CODES_COUNT]]
        state += [codes[package.CODES_FROM], codes[package.CODES_UNTIL]]
        state += [codes[package.CODES_MOST_EACH], codes[package.CODES_MOST_ALL], ahead_s]
        seed = records.CODE_SEED + slot
        return {
            seed: seal(vault_key, seed, codes[package.CODES_SEED], self._random),
            records.CODE_STATE + slot: self._sealed.sealed(records.CODE_STATE + slot, state),
        }

    def state(self, slot: int) -> "Optional[CodeState]":
        """The codes of a slot, or None if its bank offers none. Raises CorruptError."""
        fields = self._sealed.read(records.CODE_STATE + slot)
        return None if fields is None else CodeState(fields)

    def take(self, slot: int, state: CodeState) -> int:
        """The next code number, written down as used. Raises StorageError; it counts as used then too, or never was."""
        number = state.next
        state.next += 1
        self._sealed.write(records.CODE_STATE + slot, state.fields())
        return number

    def seed(self, slot: int, vault_key: bytearray) -> "_Seed":
        """The seed of a slot, for one `with` block. Raises CorruptError."""
        record = records.CODE_SEED + slot
        blob = self._journal.get(record)
        if blob is None:
            raise CorruptError(f"slot {slot} has payment codes but no seed")
        try:
            return _Seed(unseal(vault_key, record, blob))
        except TagError:
            raise CorruptError(f"the seed in slot {slot} does not open")


class PaymentCodes:
    """Shows codes: at most one for each number, and only while somebody wears the unlocked watch."""

    def __init__(self, book: CodeBook, vault: "Vault", guard: "Guard", clock: "Clock") -> None:
        self._book = book
        self._vault = vault
        self._guard = guard
        self._clock = clock

    def offer(self, token_id: bytes) -> "Optional[CodeState]":
        """What the bank allows with the codes of a card, or None if it offers none.

        Raises NoTokenError, CorruptError.
        """
        return self._book.state(self._vault.find(token_id)[0])

    def codes_left(self, token_id: bytes) -> "Optional[int]":
        """Codes that can still be shown, 0 if they are too old; None if the bank offers none.

        Raises NoTokenError, CorruptError.
        """
        offer = self.offer(token_id)
        return None if offer is None else offer.left(self._clock.security_s())

    def next_code(self, token_id: bytes) -> str:
        """Use up one code number and return its 18 digits, to be shown for SHOWN_S.

        Raises NoTokenError, LockedError, StateError unless worn, SuspendedError, ExpiredError, NoCodesError,
        StorageError.
        """
        self._guard.expect_worn()
        slot, card = self._vault.find(token_id)
        now_s = self._clock.security_s()
        _expect_usable(card.token, now_s)
        state = expect_codes(self._book.state(slot), now_s)
        try:
            with self._guard.vault_key() as vault_key:
                number = self._book.take(slot, state)
                with self._book.seed(slot, vault_key) as seed:
                    return make_code(state.prefix, seed, number, state.bank_s(now_s) // 60)
        finally:
            scrub()  # the seed passed through hash states and plain bytes


class _Seed:
    """A seed in clear, for the length of one `with` block."""

    def __init__(self, seed: bytearray) -> None:
        self._seed = seed

    def __enter__(self) -> bytearray:
        return self._seed

    def __exit__(self, *_: object) -> None:
        zero(self._seed)


def expect_codes(state: "Optional[CodeState]", now_s: int) -> CodeState:
    """The state, if a code may be shown at this time. Raises NoCodesError."""
    if state is None:
        raise NoCodesError("the bank offers no payment codes for this card")
    if not state.left(now_s):
        raise NoCodesError("all payment codes have been shown, or they are too old")
    return state


def make_code(prefix: str, seed: "bytes | bytearray", number: int, minute: int) -> str:
    """Prefix, handle and check of one code number in one minute (minutes since 1970)."""
    index = bytes((number,))
    handle = _part(seed, b"handle", index)
    check = _part(seed, b"code", index, handle.encode(), minute.to_bytes(4, "big"))
    return prefix + handle + check


def _part(seed: "bytes | bytearray", *message: bytes) -> str:
    """Eight digits of an HMAC."""
    value = int.from_bytes(hmac_sha256(seed, *message)[:_PART_BYTES], "big")
    return "%08d" % (value % _PART_RANGE)


def _expect_usable(token: "Token", now_s: int) -> None:
    if token.state != ACTIVE:
        raise SuspendedError("the bank has suspended this card")
    if now_s > token.last_second():
        raise ExpiredError("this card has expired")
