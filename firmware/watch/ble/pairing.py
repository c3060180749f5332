"""Pairing: only while the wearer has opened a window for one role, one device at a time.

LE Secure Connections with numeric comparison; a television may also pair without digits. What the interrupt does here
is to note what it sees; the wearer hears of it, and the bond is stored, in `poll`, which the radio's task calls. Every
attempt that ends badly closes the window, so that the wearer always learns how it ended.
"""

from micropython import const

from watch.ble import events, roles
from watch.ble.bond import ADDRESS_BYTES, SECRET_MOST_BYTES, Bond
from watch.crypto.scrub import zero
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError, StateError, StorageError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from board.ports import Ble
    from watch.ble.bonds import Bonds
    from watch.ble.connections import Connection, Connections
    from watch.kernel.clock import Clock

    class Wearer(Protocol):
        """Who opened the window. Called from the radio's task."""

        def asked(self, digits: str) -> None:
            """Show six digits, and call `Pairing.answer`."""
            ...

        def paired(self, bond: Bond) -> None:
            """Done and stored; the window is closed."""
            ...

        def failed(self, reason: str) -> None:
            """Over without a bond; the window is closed, digits on the screen mean nothing any more."""
            ...


WINDOW_MS = const(120000)
"""How long a window stays open."""
QUESTION_MS = const(30000)
"""How long the digits wait for an answer; the stacks wait as long, Core 5.4 vol. 3 part H section 3.4."""

REFUSED, LEFT, LATE = "refused", "left", "timeout"
METHOD, OTHER_ROLE, STORAGE = "method", "other-role", "storage"
"""Why it failed: the wearer said no or the other side did; it went away; too late; the other side cannot compare
digits; it has a bond with another role, to be forgotten before; the bond could not be stored."""


class Pairing:
    """The window and the one attempt in it."""

    def __init__(self, ble: "Ble", bonds: "Bonds", connections: "Connections", clock: "Clock") -> None:
        """The window is closed."""
        self._ble, self._bonds, self._connections, self._clock = ble, bonds, connections, clock
        self._wearer: "Optional[Wearer]" = None
        self.role = ""
        """What the next bond will be; empty while the window is closed."""
        self.refused = 0
        """Attempts outside a window."""
        self._secrets: "dict[int, bytearray]" = {}
        self._opened_ms = 0
        self.name = ""
        """What the bond will be called; for `Wearer.asked` to set, if the device has said it."""
        self.grant: "Callable[[Connection, Bond], None]" = _nothing
        """Makes the link of a device that has just paired; set by the radio. Called from interrupts."""
        self._reset()

    def _reset(self) -> None:
        """No attempt."""
        for secret in self._secrets.values():
            zero(secret)
        self._secrets = {}
        self._candidate: "Optional[Connection]" = None
        self.name = ""
        self._address = b""  # of the secrets
        self._replaced = b""  # address of a bond that the stack was told is deleted
        self._digits = -1  # of the question, -1 if there is none
        self._shown = self._confirmed = self._secured = False
        self._asked_ms = 0
        self._bond: "Optional[Bond]" = None  # to be stored
        self._reason = ""

    # For the wearer's side

    @property
    def candidate(self) -> "Optional[Connection]":
        """The device whose digits are to be compared; None if there is none."""
        return self._candidate

    def open(self, role: str, wearer: "Wearer") -> None:
        """Let one device pair and have this role.

        Raises InputError for an unknown role, StateError if the window is open, FullError if there are as many bonds
        as the watch keeps: then one has to be forgotten first. OSError if the radio is off.
        """
        if role not in roles.ROLES:
            raise InputError("there is no such role")
        if self.role:
            raise StateError("a pairing is under way")
        self._bonds.free()
        self._ble.config(mitm=role != roles.TV)
        self._reset()
        self._wearer, self._opened_ms = wearer, self._clock.ticks_ms()
        self.role = role

    def close(self) -> None:
        """The wearer is not interested any more: whatever is under way is withdrawn, nobody is told."""
        if self.role:
            self._end()

    def answer(self, same: bool) -> None:
        """The digits on both screens are the same, or not. Ignored if there is no question any more."""
        connection = self._candidate
        if not self._shown or self._confirmed or self._reason or connection is None:
            return
        self._confirmed = same  # before the call: the stack may go on in the middle of it
        try:
            self._ble.gap_passkey(connection.conn, events.NUMERIC_COMPARISON, 1 if same else 0)
        except OSError:  # it has just gone
            self._fail(LEFT)
        if not same:
            self._fail(REFUSED)

    # For the interrupt

    def passkey(self, connection: "Connection", action: int, number: int) -> None:
        """The stack asks for a passkey action."""
        if not self._may_be(connection):
            self.refused += 1
            connection.close()
        elif action != events.NUMERIC_COMPARISON or self._digits >= 0:
            self._candidate = connection
            self._fail(METHOD)
        else:
            self._candidate = connection
            self._digits = number % 1000000

    def secret(self, kind: int, address: bytes, value: "Optional[bytes]") -> bool:
        """The stack has a new secret, or with None deletes one. False if it is not wanted."""
        connection = self._candidate
        if not self.role or self._reason or self._bond is not None:
            self.refused += 1
            self._connections.close_claims(address)  # its keys are not those of the bond any more
            return False
        if value is None:
            self._replaced = address  # the bond goes when the new one is stored
            return self._bonds.find(address) is not None
        if len(address) != ADDRESS_BYTES or not 0 < len(value) <= SECRET_MOST_BYTES:
            return False
        if self._secrets and address != self._address:
            return False
        self._address = address
        self._secrets[kind] = bytearray(value)
        if connection is not None:
            self._complete(connection)
        return True

    def hidden(self, address: bytes) -> bool:
        """True for a bond that the stack was told is deleted, while it pairs anew."""
        return address == self._replaced and bool(self.role)

    def encrypted(self, connection: "Connection") -> bool:
        """A link without role is encrypted, or failed to be. False if that is no matter of pairing."""
        if not self._may_be(connection):
            return False
        known = self._bonds.find(connection.address) is not None and not self.hidden(connection.address)
        if self._candidate is None and (known or connection.level == roles.PLAIN):
            return False
        self._candidate = connection
        if connection.level == roles.PLAIN:
            self._fail(REFUSED)
        else:
            self._secured = True
            self._complete(connection)
        return True

    def left(self, connection: "Connection") -> None:
        """A connection has gone."""
        if connection is self._candidate and self._bond is None:
            self._fail(LEFT)

    def _may_be(self, connection: "Connection") -> bool:
        """True if this is, or could become, the device of the attempt."""
        if not self.role or self._reason or self._bond is not None or connection.closing:
            return False
        return connection.link is None and self._candidate in (None, connection)

    def _complete(self, connection: "Connection") -> None:
        """If all is there, look at how it was done; then it is a bond."""
        if not self._secured or events.SECRET_OURS not in self._secrets or events.SECRET_PEERS not in self._secrets:
            return
        old = self._bonds.find(self._address)
        if not self._good_method(connection):
            self._fail(METHOD)
        elif old is not None and old.role != self.role:
            self._fail(OTHER_ROLE)
        else:
            number = self._bonds.free() if old is None else old.number
            connection.address = self._address
            ours, peers = self._secrets[events.SECRET_OURS], self._secrets[events.SECRET_PEERS]
            bond = self._bond = Bond(number, self._address, self.role, self._clock.display_s(), ours, peers)
            bond.name = self.name
            self.grant(connection, bond)

    def _good_method(self, connection: "Connection") -> bool:
        """Digits compared, by the word of the stack and of the wearer; for a television encryption is enough."""
        if connection.level == roles.AUTHENTICATED:
            return self._confirmed
        return self.role == roles.TV and connection.level == roles.ENCRYPTED and self._digits < 0

    def _fail(self, reason: str) -> None:
        """End the attempt; the wearer is told by `poll`."""
        if self.role and not self._reason:
            self._reason = reason
        connection = self._candidate
        if connection is not None:
            connection.close()

    # For the radio's task

    def poll(self) -> int:
        """Tell the wearer what the interrupts have noted. Gives the ms until it must be called again, -1 for never."""
        if not self.role:
            return -1
        if self._bond is not None:
            self._store(self._bond)
        elif not self._reason and self._left_ms() <= 0:
            self._fail(LATE)
        if self._reason:
            self._report()
        elif self.role and self._digits >= 0 and not self._shown:
            self._shown, self._asked_ms = True, self._clock.ticks_ms()
            if self._wearer is not None:
                self._wearer.asked(f"{self._digits:06d}")
        return max(1, self._left_ms()) if self.role else -1

    def _left_ms(self) -> int:
        """Milliseconds until the window or the question ends."""
        now_ms = self._clock.ticks_ms()
        left_ms = WINDOW_MS - ticks_diff(now_ms, self._opened_ms)
        if self._shown and not self._confirmed:
            left_ms = min(left_ms, QUESTION_MS - ticks_diff(now_ms, self._asked_ms))
        return left_ms

    def _store(self, bond: Bond) -> None:
        """Make the bond last."""
        try:
            self._bonds.store(bond)
        except StorageError:
            self._bond = None
            bond.scrub()
            self._fail(STORAGE)
            return
        wearer = self._wearer
        self._candidate = None  # it stays connected
        self._end()
        if wearer is not None:
            wearer.paired(bond)

    def _report(self) -> None:
        """Close the window and say why."""
        wearer, reason = self._wearer, self._reason
        self._end()
        if wearer is not None:
            wearer.failed(reason)

    def _end(self) -> None:
        """Close the window; who has not become a bond by now is sent away."""
        connection, number = self._candidate, self._digits
        self.role, self._wearer = "", None
        self._reset()
        if connection is not None:
            self._refuse(connection, number)

    def _refuse(self, connection: "Connection", number: int) -> None:
        try:
            if number >= 0 and not connection.closing:
                self._ble.gap_passkey(connection.conn, events.NUMERIC_COMPARISON, 0)
        except OSError:  # it has gone already
            return
        finally:
            connection.close()


def _nothing(connection: "Connection", bond: Bond) -> None:
    """Before the radio has said how links are made."""
