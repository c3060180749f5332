"""Between the reader and the wearer: the card that links serve, and what is told of each tap afterwards."""

from micropython import const

from watch.access import states
from watch.kernel.errors import WatchError
from watch.nfc import status
from watch.nfc.apdu import put_status
from watch.payment.limits import SENT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    from watch.access.guard import Guard
    from watch.nfc.apdu import Buffer
    from watch.nfc.router import Router
    from watch.payment.armed import ArmedCard, Outcome
    from watch.payment.card import EmvCard
    from watch.payment.express import Express
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

        def tap_torn(self, card: ArmedCard) -> None:
            """The reader went before it had all it needs; the card stays armed for another try."""
            ...

        def payment_over(self) -> None:
            """The reader has gone after a payment; the card is to be disarmed."""
            ...

        def express_sent(self, outcome: Outcome) -> None:
            """Express mode has paid."""
            ...

        def express_refused(self, outcome: Outcome) -> None:
            """Express mode may not pay what a terminal asked for."""
            ...

        def failed(self, error: WatchError) -> None:
            """What a tap came to could not be written down."""
            ...


class Taps:
    """The card contract of every link (`select`, `deselect`, `apdu`), and the look at the outcome after a run."""

    def __init__(
        self,
        guard: "Guard",
        wallet: "Wallet",
        express: "Express",
        emv: "EmvCard",
        router: "Router",
        witness: "Witness",
    ) -> None:
        self._guard = guard
        self._wallet = wallet
        self._express = express
        self._emv = emv
        self._router = router
        self._witness = witness
        self._told: "Outcome | None" = None
        self._selected = False
        self._shut = False
        """The reader came while the card was lent, and sees none of it before it comes again."""
        self._used: "list[ArmedCard] | None" = None
        self._lent: "list[ArmedCard] | None" = None
        """The arming (each has a list of its own) that a reader has used, or that terminals by Bluetooth have."""

    def select(self) -> None:
        """A reader has activated the card."""
        self._selected = True
        self._shut = self.lent()
        if not self._shut:
            self._guard.select()
            self._router.select()

    def deselect(self) -> None:
        """The reader has let go, or its field is gone."""
        if not self._shut:
            self._router.deselect()
            self._guard.deselect()
        self._selected = self._shut = False

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer one command; nothing is there while the state is silent."""
        if self._shut:
            return put_status(reply, 0, status.SEE_DEVICE)
        if self.silent():
            return put_status(reply, 0, status.FILE_NOT_FOUND)
        return self._router.apdu(request, length, reply)

    def silent(self) -> bool:
        """True while no reader is answered; a radio is off then, and a link without one shows no card."""
        return self._guard.nfc() == states.NFC_SILENT

    def lendable(self) -> bool:
        """True if a card is armed and no reader has used this arming or is using it. Only looks."""
        armed = self._wallet.armed
        if not armed or self.lent():
            return bool(armed)
        return armed is not self._used and (self._shut or not self._selected) and self._wallet.tapped() is None

    def lend(self) -> bool:
        """Give the armed card to terminals by Bluetooth, until it is disarmed: one arming never serves both ways.

        False if there is none to give. Every amount has to be confirmed from then on.
        """
        if not self.lendable():
            return False
        self._lent = self._wallet.armed
        for card in self._lent:
            card.ask_always()
        self._guard.select()
        self._router.select()
        return True

    def release(self) -> None:
        """The terminal by Bluetooth is done; the card is still for no reader until it is armed anew."""
        self._router.deselect()
        self._guard.deselect()

    def answer(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer one command of the terminal that has the card."""
        return self._router.apdu(request, length, reply)

    def lent(self) -> bool:
        """True while the armed card belongs to terminals by Bluetooth."""
        return self._lent is not None and self._lent is self._wallet.armed

    def served(self) -> None:
        """To be called after each synchronous run of a link, outside the time-critical path."""
        if self._emv.take_asked():
            self._witness.tap_unarmed()
        if self.lent():
            return
        card = self._wallet.tapped()
        if card is not None:
            self._armed_served(card)
        elif not self._selected:
            self._express_served()

    def _armed_served(self, card: "ArmedCard") -> None:
        outcome = card.outcome
        self._used = self._wallet.armed
        if outcome.result != SENT:
            sent = card.last_sent()
            if sent is None or sent is self._told:
                self._witness.tap_refused(card, outcome)
                outcome.result = None
                return
            card.outcome = outcome = sent  # a payment is told first: what its reader asked for next is not
        tapping = self._guard.state == states.TAPPING
        if outcome is not self._told and (outcome.complete or not tapping):
            self._told = outcome
            if outcome.complete:
                self._witness.tap_sent(card, outcome)
            else:
                self._witness.tap_torn(card)
        if outcome.complete and not tapping:
            self._witness.payment_over()

    def _express_served(self) -> None:
        """Once the reader has gone: tell what express mode has paid, write it down, and get the next key ready."""
        card = self._express.tapped()
        if card is None:
            return
        outcome = card.last_sent() or card.outcome
        if outcome.result == SENT:
            self._witness.express_sent(outcome)
        else:
            self._witness.express_refused(outcome)
        try:
            self._express.settle()
        except WatchError as error:
            self._witness.failed(error)
