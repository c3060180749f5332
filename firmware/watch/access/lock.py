"""The passcode lock: one random vault key, wrapped under the passcode key, and ten tries.

Every try is written down before it is checked, so cutting the power never gives one back. Changing the passcode
rewraps the vault key; nothing else is touched. How long the passcode is is written nowhere: who does not know it has
to try every length.
"""

from micropython import const

from watch.access import passcode as passcodes
from watch.crypto import cbor
from watch.crypto.scrub import zero
from watch.crypto.siv import siv_open, siv_seal
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import (
    CorruptError,
    InputError,
    LockedError,
    PasscodeError,
    StateError,
    StorageError,
    TagError,
    WipedError,
)
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Optional

    from board.ports import Secret
    from watch.crypto.random import Random
    from watch.kernel.clock import Clock
    from watch.storage.counters import Counter
    from watch.storage.journal import Journal

MAX_TRIES = const(10)
# Seconds to wait after the n-th wrong passcode in a row; the wait starts anew at every boot.
DELAYS_S = (0, 0, 0, 0, 30, 60, 120, 300, 600, 900)

_VAULT_KEY_BYTES = const(32)
_VERSION = const(1)


class _Stored:
    """The passcode record: how the vault key is wrapped."""

    def __init__(self, fields: "Any") -> None:
        if not isinstance(fields, list) or len(fields) != 4 or fields[0] != _VERSION:
            raise CorruptError("the passcode record has the wrong shape")
        self.salt: bytes = fields[1]
        self.rounds: int = fields[2]
        self.wrapped: bytes = fields[3]
        if not all(isinstance(value, kind) for value, kind in zip(fields, (int, bytes, int, bytes))):
            raise CorruptError("the passcode record has the wrong types")
        if not passcodes.MIN_ROUNDS <= self.rounds <= passcodes.MAX_ROUNDS:
            raise CorruptError("the passcode record has a wrong number of rounds")


class PasscodeLock:
    """Creates, checks and changes the passcode."""

    def __init__(
        self,
        journal: "Journal",
        secret: "Secret",
        random: "Random",
        clock: "Clock",
        tries: "Counter",
        pause: "Callable[[], Awaitable[None]]",
    ) -> None:
        self._journal = journal
        self._secret = secret
        self._random = random
        self._clock = clock
        self._tries = tries
        self._pause = pause
        self._waiting_since_ms = clock.ticks_ms()
        self._abandoned = 0

    def exists(self) -> bool:
        """True once a passcode has been set."""
        return self._journal.get(records.PASSCODE) is not None

    def tries_left(self) -> int:
        """Wrong passcodes left before the watch wipes itself."""
        return max(0, MAX_TRIES - self._tries.value())

    def wait_ms(self) -> int:
        """Milliseconds until the next try is allowed."""
        used = min(self._tries.value(), MAX_TRIES)
        if not used:
            return 0
        waited_ms = ticks_diff(self._clock.ticks_ms(), self._waiting_since_ms)
        if waited_ms < 0:
            return 0  # six days and more: the ticks have wrapped
        return max(0, DELAYS_S[used - 1] * 1000 - waited_ms)

    def abandon(self) -> None:
        """Make whatever runs in here now fail with StateError and change nothing more: the watch is locked or wiped."""
        self._abandoned += 1

    async def create(self, passcode: bytearray, target_ms: int = passcodes.TARGET_MS) -> bytearray:
        """Set the first passcode and make the vault key. Returns the vault key; the caller zeroes it.

        Raises InputError for a bad passcode, StateError if there is one already.
        """
        passcodes.check(passcode)
        if self.exists():
            raise StateError("a passcode is set; change it instead")
        vault_key = bytearray(_VAULT_KEY_BYTES)
        self._random.fill(vault_key)
        try:
            self._tries.reset()
            await self._wrap(vault_key, passcode, passcodes.calibrate(self._secret, self._clock, target_ms))
        except BaseException:
            zero(vault_key)
            raise
        return vault_key

    async def open(self, passcode: bytearray) -> bytearray:
        """Check a passcode. Returns the vault key; the caller zeroes it.

        Raises PasscodeError if it is wrong, WipedError once the tries are used up, LockedError while a delay runs.
        """
        passcodes.check(passcode)
        stored = self._read()
        if stored is None:
            raise StateError("no passcode is set")
        if self.tries_left() == 0:
            raise WipedError("ten wrong passcodes")
        if self.wait_ms():
            raise LockedError(f"wait {self.wait_ms() // 1000 + 1} s before the next try")
        self._tries.increment()
        self._waiting_since_ms = self._clock.ticks_ms()
        vault_key = await self._unwrap(stored, passcode)
        if vault_key is None:
            self._waiting_since_ms = self._clock.ticks_ms()
            raise PasscodeError("the passcode is wrong")
        try:
            self._tries.reset()
        except StorageError:
            zero(vault_key)
            raise
        return vault_key

    async def change(self, old: bytearray, new: bytearray) -> None:
        """Rewrap the vault key under a new passcode. Raises as `open` does; nothing changes then."""
        passcodes.check(new)
        vault_key = await self.open(old)
        try:
            stored = self._read()
            await self._wrap(vault_key, new, stored.rounds if stored else passcodes.MIN_ROUNDS)
        finally:
            zero(vault_key)

    async def _wrap(self, vault_key: bytearray, passcode: bytearray, rounds: int) -> None:
        salt = self._random.bytes(passcodes.SALT_BYTES)
        key = await self._stretch(salt, passcode, rounds)
        fields = [_VERSION, salt, rounds, siv_seal(key, [b"vault key", salt], vault_key)]
        self._journal.commit({records.PASSCODE: cbor.encode(fields)})

    async def _unwrap(self, stored: _Stored, passcode: bytearray) -> "Optional[bytearray]":
        key = await self._stretch(stored.salt, passcode, stored.rounds)
        try:
            return siv_open(key, [b"vault key", stored.salt], stored.wrapped)
        except TagError:
            return None

    async def _stretch(self, salt: bytes, passcode: bytearray, rounds: int) -> bytes:
        """The passcode key. Raises StateError if the watch was locked or wiped while it was worked out."""
        abandoned = self._abandoned
        key = await passcodes.stretch(self._secret, salt, passcode, rounds, self._pause)
        if abandoned != self._abandoned:
            raise StateError("the watch was locked meanwhile")
        return key

    def _read(self) -> "Optional[_Stored]":
        blob = self._journal.get(records.PASSCODE)
        if blob is None:
            return None
        try:
            return _Stored(cbor.decode(blob))
        except InputError:
            raise CorruptError("the passcode record does not decode")
