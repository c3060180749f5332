"""Between the reader and the wearer: the card that links serve, and what is told of each tap afterwards."""

from micropython import const

from watch.access import states
from watch.payment.limits import SENT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    from watch.access.guard import Guard
    from watch.nfc.router import Router
    from watch.payment.armed import ArmedCard, Outcome
    from watch.payment.card import EmvCard
    from watch.payment.wallet import Wallet

    class Witness(Protocol):
        """Who shows the wearer what happened."""

        def tap_sent(self, card: ArmedCard, outcome: Outcome) -> None:
            """A cryptogram has left the watch."""
            ...

        def tap_refused(self, card: ArmedCard, outcome: Outcome) -> None:
            """The tap was refused, for the reason in `outcome.result`."""
            ...

        def tap_unarmed(self) -> None:
            """A terminal asked while nothing was armed."""
            ...

        def payment_over(self) -> None:
            """The reader has gone after a payment; the card is to be disarmed."""
            ...


class Taps:
    """The card contract of every link (`select`, `deselect`, `apdu`), and the look at the outcome after a run."""

    def __init__(self, guard: "Guard", wallet: "Wallet", emv: "EmvCard", router: "Router", witness: "Witness") -> None:
        self._guard = guard
        self._wallet = wallet
        self._emv = emv
        self._router = router
        self._witness = witness
        self._told: "Outcome | None" = None
        self.apdu = router.apdu

    def select(self) -> None:
        """A reader has activated the card."""
        self._guard.select()
        self._router.select()

    def deselect(self) -> None:
        """The reader has let go, or its field is gone."""
        self._router.deselect()
        self._guard.deselect()

    def served(self) -> None:
        """To be called after each synchronous run of a link, outside the time-critical path."""
        if self._emv.take_asked():
            self._witness.tap_unarmed()
        card = self._wallet.tapped()
        if card is None:
            return
        outcome = card.outcome
        if outcome.result != SENT:
            self._witness.tap_refused(card, outcome)
            outcome.result = None
            return
        if outcome is not self._told:
            self._told = outcome
            self._witness.tap_sent(card, outcome)
        if self._guard.state != states.TAPPING:
            self._told = None
            self._witness.payment_over()
