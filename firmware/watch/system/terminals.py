"""The card as terminals reach it by Bluetooth: one at a time, and no cryptogram before the wearer has pressed.

The card is the one that readers tap. While it is lent (see `Taps.lend`) the command that would make the cryptogram is
kept, shown, and answered after the press; see `ArmedCard.ask_always`.
"""

from micropython import const

from watch.access import states
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.nfc import status
from watch.nfc.apdu import INS_SELECT, REPLY_BYTES, REQUEST_BYTES, put_status
from watch.payment.limits import REFUSED, SENT, UNSUPPORTED, WAIT
from watch.screens import message
from watch.screens.terminal_payment import TerminalPaymentSheet
from watch.services.inputs import clean
from watch.system.asked_payment import AskedPayment
from watch.system.view import ATTENTION, TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.payment.armed import ArmedCard
    from watch.system.paying import Paying
    from watch.system.services import Services
    from watch.system.taps import Taps
    from watch.system.view import View

# docs/bluetooth.md "Payment service".
NOT_ARMED = const(0)
ARMED = const(1)
ASKING = const(2)
PAID = const(3)
NOT_PAID = const(4)
OVER = const(5)
UNANSWERED = const(6)

WAIT_MS = const(30_000)
"""How long the wearer is asked."""
_QUIET_MS = const(10_000)
"""After the cryptogram a terminal fetches what is left in this time, a second cryptogram included."""
_INS_OPTIONS = const(0xA8)
_MOST_NAME_BYTES = const(64)


class _Visit:
    """One terminal that has the card."""

    def __init__(self, bond: int, device: str, terminal: str) -> None:
        self.bond, self.device, self.terminal = bond, device, terminal
        self.status = ARMED
        self.paid: "Optional[ArmedCard]" = None
        self.told = False
        """The wearer has been told that it was sent."""
        self.last_ms = 0
        """When it asked last, after the cryptogram."""


class Terminals:
    """What `watch.ble.payment_service` calls the card; and the sheet that asks the wearer.

    Args:
        view, services: of the watch.
        taps: the way to the same card for readers.
        paying: tells the wearer what became of a payment.
        name_of: the name that a bond has on the watch.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        taps: "Taps",
        paying: "Paying",
        name_of: "Callable[[int], str]",
    ) -> None:
        self._view, self._services, self._taps = view, services, taps
        self._paying, self._name_of = paying, name_of
        self._visit: "Optional[_Visit]" = None
        self._last = (0, NOT_ARMED)
        """Bond and status of the visit before."""
        self._question: "Optional[AskedPayment]" = None
        self._staged = bytearray(REQUEST_BYTES)
        self._reply = bytearray(REPLY_BYTES)
        self._answer = (0, 0)
        """Bond and length of the answer in `_reply`."""
        self._listener: "Optional[Callable[[], None]]" = None
        services.guard.listen(self._state_changed)

    def listen(self, listener: "Callable[[], None]") -> None:
        """Call `listener` when a status has changed or an answer is there."""
        self._listener = listener

    def status(self, bond: int) -> int:
        """The status byte for one terminal."""
        visit = self._visit
        if visit is not None:
            return visit.status if visit.bond == bond else NOT_ARMED
        if self._taps.lendable():
            return ARMED
        last, status_then = self._last
        return status_then if last == bond else NOT_ARMED

    def begin(self, bond: int, name: str, request: bytearray, length: int, reply: bytearray) -> int:
        """Answer a command, or 0 if the wearer is asked first. `name` is how the terminal calls itself."""
        visit = self._visit or self._open(bond, name)
        if visit is None or visit.bond != bond or self._question is not None:
            return _refused(reply)
        if visit.paid is not None and request[1] in (INS_SELECT, _INS_OPTIONS):
            self._end(OVER)
            return _refused(reply)
        if visit.paid is None:
            for card in self._services.wallet.armed:
                card.outcome.result = None
        self._staged[:length] = request[:length]
        visit.last_ms = self._services.clock.ticks_ms()
        size = self._taps.answer(self._staged, length, reply)
        return size if visit.paid is not None else self._look(visit, length, size, reply)

    def finish(self, bond: int, reply: bytearray) -> int:
        """The answer to a command that was kept, 0 while there is none."""
        whose, size = self._answer
        if not size or whose != bond:
            return 0
        self._answer = (0, 0)
        reply[:size] = self._reply[:size]
        return size

    def delivered(self, bond: int) -> None:
        """The answer has left the watch; the first one after the press is the cryptogram."""
        visit = self._visit
        if visit is not None and visit.bond == bond and visit.paid is not None and not visit.told:
            visit.told, visit.status = True, PAID
            self._paying.tap_sent(visit.paid, visit.paid.outcome)
            self._changed()

    def gone(self, bond: int) -> None:
        """A terminal has left. A key that was used stays used, whatever reached the terminal."""
        if self._answer[0] == bond:
            self._answer = (0, 0)
        visit = self._visit
        if visit is None or visit.bond != bond:
            return
        lost = visit.paid is not None and not visit.told
        self._end(OVER if visit.paid is not None else NOT_ARMED)
        if lost:
            self._view.play(ATTENTION)
            self._view.error("terminal-lost")

    def tick(self) -> None:
        """To be called about once a second: nobody waits for ever."""
        now_ms = self._services.clock.ticks_ms()
        question, visit = self._question, self._visit
        if question is not None and ticks_diff(now_ms, question.since_ms) >= WAIT_MS:
            self._refuse(UNANSWERED)
        elif visit is not None and visit.paid is not None and ticks_diff(now_ms, visit.last_ms) >= _QUIET_MS:
            self._end(OVER)

    def _open(self, bond: int, name: str) -> "Optional[_Visit]":
        """Give the card to a terminal, if there is one to give."""
        if not self._taps.lend():
            return None
        device = clean(self._name_of(bond), _MOST_NAME_BYTES)
        self._visit = visit = _Visit(bond, device, clean(name, _MOST_NAME_BYTES))
        return visit

    def _look(self, visit: _Visit, length: int, size: int, reply: bytearray) -> int:
        """What the card made of a command: nothing to tell, a question to the wearer, or a refusal."""
        card = self._services.wallet.tapped()
        if card is None:
            return size
        outcome = card.outcome
        if outcome.result == WAIT and self._ask(visit, card, length):
            return 0
        if outcome.result == WAIT:
            outcome.result = UNSUPPORTED  # an amount that cannot be shown cannot be agreed to
            card.unconfirmed = REFUSED
            size = self._taps.answer(self._staged, length, reply)
        self._paying.tap_refused(card, outcome)
        outcome.result = None
        return size

    def _ask(self, visit: _Visit, card: "ArmedCard", length: int) -> bool:
        """Put the payment before the wearer. False if it cannot be shown."""
        view, clock, outcome = self._view, self._services.clock, card.outcome
        outcome.claimed = visit.terminal
        try:
            sheet = TerminalPaymentSheet(
                view.ui,
                visit.device,
                visit.terminal,
                outcome.amount,
                outcome.currency,
                clock.ticks_ms,
                self._pay,
                self._refuse,
            )
        except InputError:
            return False
        self._question = AskedPayment(card, memoryview(self._staged)[:length], sheet, clock.ticks_ms())
        self._services.wallet.keep_armed()
        visit.status = ASKING
        view.play(ATTENTION)
        view.modal(sheet)
        self._changed()
        return True

    def _pay(self) -> None:
        """The wearer has pressed: what was drawn, and nothing else, is signed."""
        visit, question = self._visit, self._question
        if visit is None or question is None:
            return
        card, command = question.card, memoryview(self._staged)[: question.length]
        if question.agreed(command) and (visit.device, visit.terminal) == (question.device, question.terminal):
            card.confirm(question.asked, question.sheet.drawn[2:])
        self._close()
        size = self._taps.answer(self._staged, question.length, self._reply)
        card.confirm(None, None)
        if card.outcome.result != SENT:
            self._answer_refused(visit, question, NOT_PAID)
            self._view.error("declined")
            return
        visit.paid, visit.last_ms = card, self._services.clock.ticks_ms()
        self._answer = (visit.bond, size)
        self._changed()

    def _refuse(self, status_then: int = NOT_PAID) -> None:
        """The wearer does not want to pay, or does not answer."""
        visit, question = self._visit, self._question
        if visit is None or question is None:
            return
        self._close()
        self._answer_refused(visit, question, status_then)
        self._view.play(TICK)
        self._view.result(message.not_paid(self._view.ui, self._view.close_result))

    def _answer_refused(self, visit: _Visit, question: AskedPayment, status_then: int) -> None:
        """The card says no in the words of its kernel; the arming is over."""
        question.card.unconfirmed = REFUSED
        self._answer = (visit.bond, self._taps.answer(self._staged, question.length, self._reply))
        self._end(status_then)

    def _end(self, status_then: int) -> None:
        """The visit is over. The card stays armed for the next one only if nothing was decided."""
        visit, self._visit = self._visit, None
        self._close()
        if visit is not None:
            self._last = (visit.bond, status_then)
        self._taps.release()
        if status_then != NOT_ARMED:
            self._paying.payment_over()
        self._changed()

    def _close(self) -> None:
        """Take the question away."""
        question, self._question = self._question, None
        if question is not None:
            self._view.close(question.sheet)

    def _state_changed(self, old: str, new: str) -> None:
        """The arming may end by itself: a command that was kept is refused then. Allocates nothing for a reader."""
        visit = self._visit
        if visit is not None and new not in states.PAYING:
            self._visit = None
            self._last = (visit.bond, NOT_PAID if self._question is not None else OVER if visit.paid else NOT_ARMED)
            if self._question is not None:
                self._answer = (visit.bond, _refused(self._reply))
            self._close()
            self._taps.release()
        self._changed()

    def _changed(self) -> None:
        if self._listener is not None:
            self._listener()


def _refused(reply: bytearray) -> int:
    return put_status(reply, 0, status.CONDITIONS_NOT_SATISFIED)
