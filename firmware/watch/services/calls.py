"""Telephone calls of the phone: who calls, and the wearer's answer. In RAM only."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

NONE, INCOMING, OUTGOING, ACTIVE = "", "incoming", "outgoing", "active"
"""States of the telephone."""
RING_MS = const(60_000)
"""After this nobody rings any more, whatever the phone says or fails to say."""

_AFTER = {
    # Gadgetbridge's commands, and the state that each leads to
    "undefined": NONE,
    "incoming": INCOMING,
    "outgoing": OUTGOING,
    "accept": ACTIVE,
    "start": ACTIVE,
    "reject": NONE,
    "end": NONE,
}
_NAME_BYTES = const(96)
_NUMBER_BYTES = const(32)


class Calls(News):
    """One call at a time: a second one takes the place of the first, as on the phone's own screen."""

    def __init__(self, clock: "Clock", outbox: "Outbox") -> None:
        """Nobody calls."""
        super().__init__()
        self._clock = clock
        self._outbox = outbox
        self._since_ms = 0
        self.state = NONE
        self.name = ""
        """As the phone's address book has it; may be empty."""
        self.number = ""
        self.silenced = False
        """The wearer wants no sound of this call."""

    @property
    def ringing(self) -> bool:
        """Somebody calls, and nobody has answered."""
        return self.state == INCOMING

    def take(self, fields: "Fields") -> None:
        """Read Gadgetbridge's `call`. Raises InputError."""
        state = _AFTER.get(inputs.text(fields, "cmd", _NUMBER_BYTES))
        if state is None:
            raise InputError("cmd is none of a telephone's")
        name, number = inputs.text(fields, "name", _NAME_BYTES), inputs.text(fields, "number", _NUMBER_BYTES)
        another = bool(name or number) and (name, number) != (self.name, self.number)
        if state == NONE:
            self.name = self.number = ""
        elif another or state == INCOMING:
            self.name, self.number = name, number
        self._enter(state, another)

    @property
    def talking(self) -> bool:
        """The wearer is on the phone, or it rings at the other end."""
        return self.state in (ACTIVE, OUTGOING)

    def passed_s(self) -> int:
        """Seconds since the state is what it is. Allocates nothing."""
        return max(0, ticks_diff(self._clock.ticks_ms(), self._since_ms)) // 1000

    def left_ms(self) -> int:
        """How long it still rings; 0 if it does not. Allocates nothing."""
        passed_ms = ticks_diff(self._clock.ticks_ms(), self._since_ms)
        return RING_MS - passed_ms if self.ringing and 0 <= passed_ms < RING_MS else 0

    def accept(self) -> bool:
        """Take the call: the wearer talks on the phone. False if the outbox is full."""
        return self._answer("ACCEPT", ACTIVE)

    def reject(self) -> bool:
        """Refuse the call. False if the outbox is full."""
        return self._answer("REJECT", NONE)

    def end(self) -> bool:
        """Hang up. False if nobody talks, or if the outbox is full."""
        if not self.talking or not self._outbox.send({"t": "call", "n": "END"}):
            return False
        self._end()
        return True

    def silence(self) -> bool:
        """Let phone and watch be quiet, and the caller wait. False if the outbox is full; the watch is quiet anyway."""
        self.silenced = True
        self._changed()
        return self._outbox.send({"t": "call", "n": "IGNORE"})

    def tick(self) -> None:
        """To be called about once a second: a call that rings for too long is over."""
        if self.ringing and not self.left_ms():
            self._end()

    def clear(self) -> None:
        """Forget it."""
        self.state, self.name, self.number, self.silenced = NONE, "", "", False
        self.changes += 1

    def _answer(self, word: str, state: str) -> bool:
        if not self.ringing or not self._outbox.send({"t": "call", "n": word}):
            return False
        self._enter(state, False)
        return True

    def _enter(self, state: str, another: bool) -> None:
        """From now on it is so; another caller counts anew in the same state."""
        if another or state != self.state:
            self._since_ms = self._clock.ticks_ms()
            self.silenced = False
        self.state = state
        self._changed()

    def _end(self) -> None:
        self.clear()
        self._changed()
