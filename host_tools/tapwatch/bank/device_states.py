"""Lost watches: `lost` stops every payment of a watch until `found`; `wipe` ends all its tokens for good.

The watch is told by an envelope of the notices. The bank does not wait for that: it declines at once.

| state | lost | found | wipe | watch registers again |
|---|---|---|---|---|
| (none) | lost | refused | wiped | (none) |
| lost | lost, with the new text | (none) | wiped | lost |
| wiped | refused | refused | wiped, told again | (none) |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tapwatch.bank import declined
from tapwatch.bank.code_schema import device_states
from tapwatch.bank.declined import Declined
from tapwatch.bank.problems import RequestProblem, StateProblem

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.wallet import Wallet

MAX_TEXT_BYTES = 80  # docs/formats.md, `tapwatch/device-state` key 4
LOST, FOUND, WIPE = "lost", "found", "wipe"
COMMANDS = (LOST, FOUND, WIPE)
_WIPED = "wiped"


class DeviceStates:
    """Every method works inside the caller's transaction."""

    def __init__(self, wallet: Wallet, outbox: Outbox) -> None:
        self._wallet = wallet
        self._outbox = outbox

    def lost(self, connection: Connection, device_id: bytes, text: str, at: int) -> None:
        """Stop a watch. `text` is what a finder may read. Raises RequestProblem, StateProblem if it was wiped."""
        if len(text.encode()) > MAX_TEXT_BYTES or not (text == "" or text.isprintable()):
            raise RequestProblem(f"a text for the finder has at most {MAX_TEXT_BYTES} bytes that can be printed")
        if state_of(connection, device_id) == _WIPED:
            raise StateProblem("the watch was told to wipe itself")
        _put(connection, device_id, LOST, at)
        self._outbox.device_state(connection, device_id, LOST, text, at)

    def found(self, connection: Connection, device_id: bytes, at: int) -> None:
        """Let a lost watch pay again. Raises StateProblem if it is not lost."""
        if state_of(connection, device_id) != LOST:
            raise StateProblem("the watch is not lost")
        forget(connection, device_id)
        self._outbox.device_state(connection, device_id, FOUND, "", at)

    def wipe(self, connection: Connection, device_id: bytes, who: str, at: int) -> None:
        """Have a watch erase itself; its tokens are deleted now by `who`, whether it hears of that or not."""
        for token in self._wallet.tokens(connection, device_id):
            self._wallet.change_state(connection, token.id, "deleted", who, at)
        _put(connection, device_id, _WIPED, at)
        self._outbox.device_state(connection, device_id, WIPE, "", at)

    @staticmethod
    def registered(connection: Connection, device_id: bytes) -> None:
        """A watch has registered: one that was wiped begins anew. A lost one stays lost."""
        if state_of(connection, device_id) == _WIPED:
            forget(connection, device_id)


def state_of(connection: Connection, device_id: bytes) -> str:
    """Return `lost`, `wiped`, or "" for a watch that may pay."""
    own = device_states.c.device_id == device_id
    return connection.execute(select(device_states.c.state).where(own)).scalar() or ""


def check(connection: Connection, device_id: bytes) -> None:
    """Raises Declined for a watch that is lost or wiped."""
    if state_of(connection, device_id):
        raise Declined(declined.LOST, "the watch is lost")


def forget(connection: Connection, device_id: bytes) -> None:
    """Drop what is known of a watch: it may pay."""
    connection.execute(delete(device_states).where(device_states.c.device_id == device_id))


def _put(connection: Connection, device_id: bytes, state: str, at: int) -> None:
    own = device_states.c.device_id == device_id
    if connection.execute(update(device_states).where(own).values(state=state, at=at)).rowcount == 0:
        connection.execute(insert(device_states).values(device_id=device_id, state=state, at=at))
