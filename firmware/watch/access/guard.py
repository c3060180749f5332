"""The guard: the one place that knows what the watch may do right now."""

from micropython import const

from watch.access import states
from watch.crypto.scrub import scrub, zero
from watch.kernel.errors import LockedError, LostError, PasscodeError, StateError, WatchError, WipedError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Optional

    from watch.access.lock import PasscodeLock
    from watch.access.lost import LostMode
    from watch.access.receipt_key import ReceiptKey
    from watch.access.session import Opened, WornSession
    from watch.storage.journal import Journal

    Change = dict[int, Optional[bytes]]
    Listener = Callable[[str, str], None]


class Guard:
    """Holds the state, moves it along the table, and hands out the vault key only where the table allows it."""

    def __init__(
        self,
        journal: "Journal",
        lock: "PasscodeLock",
        receipt_key: "ReceiptKey",
        session: "WornSession",
        lost: "LostMode",
    ) -> None:
        self._journal = journal
        self._lock = lock
        self._receipt_key = receipt_key
        self._session = session
        self._lost = lost
        self._listeners: "list[Listener]" = []
        self._checking = False
        self._charging = False
        self._telling = 0
        self.state = states.LOCKED

    def listen(self, listener: "Listener") -> None:
        """Call `listener(old, new)` after every change of state."""
        self._listeners.append(listener)

    def start(self) -> None:
        """To be called once at boot: a lost watch is lost still, and a wipe that a power cut kept off is made up for.

        Raises StorageError.
        """
        self._lost.load()
        if self._lost.text() is not None:
            self._move(states.LOSE)
        if self._lock.exists() and self._lock.tries_left() == 0:
            self.wipe()

    # What the present state allows.

    def nfc(self) -> str:
        """What the payment applications answer: one of `states.NFC_*`."""
        return states.TABLE[self.state].nfc

    def cdcvm(self, max_age_s: int) -> bool:
        """True if a tap may claim that the wearer was verified: the state allows it and the passcode is fresh."""
        if not states.TABLE[self.state].cdcvm or not self._session.alive():
            return False
        return self._session.passcode_age_s() <= max_age_s

    def passcode_age_s(self) -> int:
        """Seconds since the passcode was entered; only meaningful while unlocked."""
        return self._session.passcode_age_s()

    def unlocked(self) -> bool:
        """True while a worn session lives."""
        return self._session.alive()

    def session_left_ms(self) -> int:
        """Milliseconds until the worn session ends if nobody moves; only meaningful while unlocked."""
        return self._session.left_ms()

    def has_passcode(self) -> bool:
        """True once a passcode has been set."""
        return self._lock.exists()

    def tries_left(self) -> int:
        """Wrong passcodes left before the wipe."""
        return self._lock.tries_left()

    def wait_ms(self) -> int:
        """Milliseconds until the next passcode may be tried."""
        return self._lock.wait_ms()

    def lost(self) -> "Optional[str]":
        """What a finder may read, maybe empty, while the watch is lost; None otherwise."""
        return self._lost.text() if self.state == states.LOST else None

    def vault_key(self) -> "Opened":
        """The vault key for one `with` block. Raises LockedError, also while foreign code is in front."""
        if self.state == states.FOREIGN:
            raise LockedError("a foreign app is in front")
        return self._session.vault_key()

    # What changes it.

    async def set_passcode(self, passcode: bytearray) -> None:
        """Set the first passcode; the watch is unlocked then. Raises InputError, StateError."""
        await self._enter(self._lock.create, passcode)

    async def unlock(self, passcode: bytearray) -> None:
        """Check the passcode. Raises PasscodeError, LockedError (a delay runs), WipedError (that was the last try).

        Raises LostError while the watch is lost; no try is counted then.
        Raises StateError if another check runs, or if the watch is locked or wiped during this one; the try counts.
        """
        await self._enter(self._lock.open, passcode)

    async def change_passcode(self, old: bytearray, new: bytearray) -> None:
        """Change the passcode; a wrong old one counts as a try. Raises as `unlock` does."""
        try:
            await self._check(self._lock.change, old, new)
        finally:
            scrub()

    def lock(self) -> None:
        """End the worn session, and with it any passcode check that runs. A lost or wiping watch stays so."""
        self._lock.abandon()
        self._session.end()
        if self.state in (states.LOCKED, states.LOST, states.WIPING):
            return
        try:
            self._move(states.LOCK)
        finally:
            scrub()

    def expect_worn(self) -> None:
        """Make sure that the watch is worn and nothing else goes on; express mode ends for that.

        Raises LockedError without a session or if it has run out, StateError in any other state but worn.
        """
        if self.check_session() is not None:
            raise LockedError("the session has run out")
        self.leave_express()
        if self.state == states.LOCKED:
            raise LockedError("enter the passcode first")
        if self.state != states.WORN:
            raise StateError(f"not possible while {self.state}")

    def arm(self) -> None:
        """Enter the armed state.

        Raises what `expect_worn` raises, and StateError while a passcode is checked: what that shows at its end would
        cover the armed card. If a listener raises, the state is worn again.
        """
        self.expect_worn()
        if self._checking:
            raise StateError("a passcode is being checked")
        try:
            self._move(states.ARM)
        except Exception:  # whatever it was, memory included: never armed by half
            self.disarm()
            raise

    def disarm(self) -> None:
        """Back to worn; a listener zeroes the session keys. The state has changed even if a listener raises."""
        try:
            self._move(states.DISARM)
        finally:
            scrub()

    def select(self) -> None:
        """A reader selected the armed card. Allocates nothing."""
        if self.state == states.ARMED:
            self._move(states.SELECT)

    def deselect(self) -> None:
        """The reader let go."""
        if self.state == states.TAPPING:
            self._move(states.DESELECT)

    def enter_express(self) -> None:
        """Enter express mode from worn or locked; a worn session goes on. Raises StateError."""
        self._move(states.EXPRESS_ON)

    def leave_express(self) -> None:
        """Back to worn or locked; a listener zeroes the express key. Does nothing unless in express mode.

        The state has changed even if a listener raises.
        """
        if self.state != states.EXPRESS:
            return
        try:
            self._move(states.RESUME if self._session.alive() else states.EXPRESS_OFF)
        finally:
            scrub()

    def enter_foreign(self, keep: bool) -> None:
        """Foreign code comes to the front: no key stays in RAM, none can be opened, no reader is answered.

        `keep`: the worn session goes on behind it, as for what a store has reviewed; otherwise it ends. Free heap has
        been overwritten when this returns. Raises StateError where the table does not allow it, while a passcode is
        checked, and while listeners are told of another change: the next tick may try again.

        Raises what a listener raises: the radio may still be on then, so the state has been left again.
        """
        if self._checking or self._telling:
            raise StateError("no foreign code now")
        if self.state != states.FOREIGN:
            states.after(self.state, states.APP_OPEN)
        if not keep and self._session.alive():
            self.lock()
        if self.state == states.FOREIGN:
            return
        try:
            try:
                self._move(states.APP_OPEN)
            finally:
                scrub()
        except Exception:  # whatever it was, memory included: never half foreign
            self._go_back()
            raise

    def leave_foreign(self) -> None:
        """Foreign code is no longer in front: back to worn if the session lives on, else to locked.

        Does nothing in any other state. The state has changed even if a listener raises.
        """
        if self.state == states.FOREIGN:
            self._move(states.RESUME if self._session.alive() else states.APP_CLOSE)

    def _go_back(self) -> None:
        """Out of the state *foreign* after what went wrong on the way into it, which is what is told."""
        try:
            self.leave_foreign()
        except Exception:  # noqa: BLE001, S110
            pass  # the state is left, whatever it was; what failed first is raised by the caller

    def moved(self) -> None:
        """The wearer moved."""
        self._session.moved()

    def charger(self, on: bool) -> None:
        """Say at least once a second whether external power is there. Nobody wears a watch on its charger: it locks."""
        came, self._charging = on and not self._charging, on
        if came:
            self.lock()

    def check_session(self) -> "str | None":
        """Lock if the session is overdue. Returns why ("time", "stillness"), or None."""
        why = self._session.overdue() if self._session.alive() else None
        if why is not None:
            self.lock()
        return why

    def lose(self, issuer: bytes, text: str, changes: "Change") -> None:
        """A token service says that the watch is lost; `text` is what a finder may read.

        The watch is shut first and the record, together with `changes`, written then: if that fails, it stays shut.
        Whatever a listener raises, the record is written. Raises StateError while wiping, StorageError.
        """
        states.after(self.state, states.LOSE)
        self._lost.lose(issuer, text)
        self._lock.abandon()
        self._session.end()
        try:
            self._move(states.LOSE)
        finally:
            try:
                self._journal.commit(_joined(self._lost.change(), changes))
            finally:
                scrub()

    def found(self, issuer: bytes, changes: "Change") -> None:
        """A token service takes back that the watch is lost. Once all have that said so, it is locked.

        `changes` are committed in the same record. Raises StorageError; nothing has changed then.
        """
        self._journal.commit(_joined(self._lost.found_change(issuer), changes))
        self._lost.found(issuer)
        if self.state == states.LOST and self._lost.text() is None:
            self._move(states.FOUND)

    def wipe(self) -> None:
        """Erase everything in the vault. The state stays `wiping` until the watch restarts.

        Whatever a listener raises, the vault is erased. Raises WriteError; the next start goes on with the wipe.
        """
        self._lock.abandon()
        self._session.end()
        try:
            self._move(states.WIPE)
        finally:
            try:
                self._journal.wipe()
            finally:
                scrub()

    async def _enter(self, work: "Callable[..., Awaitable[bytearray]]", passcode: bytearray) -> None:
        """Begin a session with the vault key that `work` gives for a passcode."""
        try:
            self._begin(await self._check(work, passcode))
        finally:
            scrub()  # the passcode key and the vault key passed through plain bytes

    async def _check(self, work: "Callable[..., Awaitable[Any]]", *codes: bytearray) -> "Any":
        """One passcode at a time, and only where the wearer may unlock; the tenth wrong one wipes."""
        if self.state == states.LOST:
            raise LostError("the bank has said that this watch is lost")
        states.after(self.state, states.UNLOCK)
        if self._checking:
            raise StateError("a passcode is being checked")
        self._checking = True
        try:
            return await work(*codes)
        except (PasscodeError, WipedError):
            if self._lock.tries_left() == 0:
                self.wipe()
                raise WipedError("ten wrong passcodes: the watch has been wiped")
            raise
        finally:
            self._checking = False

    def _begin(self, vault_key: bytearray) -> None:
        """Start the session, in a state that allows it still: much may have happened during the check."""
        try:
            states.after(self.state, states.UNLOCK)
            self._session.begin(vault_key)
        finally:
            zero(vault_key)
        try:
            with self._session.vault_key() as key:
                self._receipt_key.make(key)
        except WatchError:
            self.lock()
            raise
        self._move(states.UNLOCK)

    def _move(self, event: str) -> None:
        """Change the state and tell every listener, even if one before it failed. Raises what the first one raised."""
        old = self.state
        self.state = states.after(old, event)
        failed = None
        self._telling += 1
        for listener in self._listeners:
            try:
                listener(old, self.state)
            except Exception as error:  # noqa: BLE001
                failed = failed or error  # whatever it was, memory included: the others have keys to zero
        self._telling -= 1
        if failed is not None:
            raise failed


def _joined(change: "Change", others: "Change") -> "Change":
    change.update(others)
    return change
