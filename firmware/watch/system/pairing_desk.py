"""Between the radio, which pairs, and the wearer, who is asked: one device at a time, digits by way of `Offers`."""

from micropython import const

from watch.ble.pairing import WINDOW_MS
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import FullError, WatchError
from watch.services.offers import ACCEPTED, Pairing

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ble.bond import Bond
    from watch.ble.radio import Radio
    from watch.kernel.clock import Clock
    from watch.services.offers import Offers

PAIRED = "paired"
"""How it ends well. Otherwise it is a reason of `watch.ble.pairing`, or one of the next two."""
FULL, RADIO_OFF = "full", "radio-off"
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

    # What the radio's task tells

    def asked(self, digits: str) -> None:
        """A device is there: its digits have to be compared."""
        try:
            self._offers.put(Pairing(NUMBER, self._answered, "", digits, self.role))
        except WatchError:  # too many questions wait; the device may try again
            self._radio.pairing.answer(False)

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
        self.role, self.outcome = "", outcome
        self._offers.take_back(NUMBER)
        self._hold(False)
