"""Between the radio, which pairs, and the wearer, who is asked: one device at a time, digits by way of `Offers`."""

from micropython import const

from watch.ble.bond import NAME_BYTES
from watch.ble.names import name_of
from watch.ble.pairing import WINDOW_MS
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeadlineError, FullError, InputError, LinkError, WatchError
from watch.kernel.loop import Flag, deadline
from watch.services.inputs import clean
from watch.services.offers import ACCEPTED, Pairing

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ble.bond import Bond
    from watch.ble.connections import Connection
    from watch.ble.radio import Radio
    from watch.kernel.clock import Clock
    from watch.services.offers import Offers

PAIRED = "paired"
"""How it ends well. Otherwise it is a reason of `watch.ble.pairing`, or one of the next two."""
FULL, RADIO_OFF = "full", "radio-off"
NAME_MS = const(1500)
"""A device that has not said its name by then is shown without one: three questions of two connection intervals each,
of a tenth of a second at most while phones pair."""
NUMBER = const(0x3FFFFFFF)
"""Of the question about the digits: the greatest there is, which phones have no use for."""


class PairingDesk:
    """The wearer's side of `watch.ble.pairing.Pairing`.

    Args:
        radio: pairs. It has to be on before `open`, which `hold` sees to.
        offers: puts the digits before the wearer.
        clock: ticks.
        hold: called with True when the radio is needed, with False when no longer.
    """

    def __init__(self, radio: "Radio", offers: "Offers", clock: "Clock", hold: "Callable[[bool], None]") -> None:
        self._radio, self._offers, self._clock, self._hold = radio, offers, clock, hold
        self._since_ms = 0
        self._news = Flag()
        self._newcomer: "Optional[tuple[Optional[Connection], str]]" = None
        """Who is to be asked for its name, and the digits of its pairing."""
        self.role = ""
        """What the device that may come is going to be; empty while none may."""
        self.outcome = ""
        """How it ended: `PAIRED`, or why not; empty before that."""
        self.bond: "Optional[Bond]" = None
        """The new device, once it ended well."""

    def open(self, role: str) -> None:
        """Let the watch be found, and one device pair. If that cannot be, `outcome` says so at once."""
        self.close()
        self.outcome, self.bond = "", None
        self.role, self._since_ms = role, self._clock.ticks_ms()
        self._hold(True)
        try:
            self._radio.pairing.open(role, self)
        except FullError:
            self.failed(FULL)
        except OSError:
            self.failed(RADIO_OFF)
        self._radio.wake()

    def close(self) -> None:
        """Nobody pairs any more, whatever is under way."""
        if self.role:
            self._radio.pairing.close()
            self._radio.wake()
            self._over()

    def left_ms(self) -> int:
        """Milliseconds until the watch cannot be found any more."""
        return max(0, WINDOW_MS - ticks_diff(self._clock.ticks_ms(), self._since_ms)) if self.role else 0

    async def serve(self) -> None:
        """A task: ask the new device for its name, and then the wearer."""
        while True:
            newcomer = self._newcomer
            if newcomer is None:
                await self._news.wait()
                continue
            name = await self._name(newcomer[0])
            if newcomer is self._newcomer:  # else it has gone meanwhile, and another may be there
                self._ask(name, newcomer[1])

    async def _name(self, connection: "Optional[Connection]") -> str:
        """What a device calls itself, fit to be shown; empty if it does not say so in time."""
        if connection is None:
            return ""
        try:
            return clean(await deadline(NAME_MS, name_of(self._radio.client, connection)), NAME_BYTES)
        except (DeadlineError, InputError, LinkError):  # the digits are what counts
            return ""

    def _ask(self, name: str, digits: str) -> None:
        """Put the digits before the wearer."""
        self._newcomer, self._radio.pairing.name = None, name
        try:
            self._offers.put(Pairing(NUMBER, self._answered, name, digits, self.role))
        except WatchError:  # too many questions wait; the device may try again
            self._radio.pairing.answer(False)
            self._radio.wake()

    # What the radio's task tells

    def asked(self, digits: str) -> None:
        """A device is there: its digits have to be compared, as soon as it has said its name or will not."""
        self._newcomer = (self._radio.pairing.candidate, digits)
        self._news.set()

    def paired(self, bond: "Bond") -> None:
        """There is a new bond."""
        self.bond = bond
        self._over(PAIRED)

    def failed(self, reason: str) -> None:
        """There is none."""
        self._over(reason)

    def _answered(self, answer: str) -> None:
        """The wearer has looked at the digits, or has not in time."""
        if self.role:
            self._radio.pairing.answer(answer == ACCEPTED)
            self._radio.wake()

    def _over(self, outcome: str = "") -> None:
        """The digits on the screen mean nothing any more."""
        self.role, self.outcome, self._newcomer = "", outcome, None
        self._offers.take_back(NUMBER)
        self._hold(False)
