"""The payments made: a list, what became of one, and its receipt."""

from micropython import const

from watch.kernel.clock import MINUTES_1970_TO_2000
from watch.payment.history import DECLINED
from watch.payment.presented import SHOWN_AS
from watch.screens import amount
from watch.screens.fields import FieldsScreen
from watch.screens.marks import marked
from watch.screens.rows import RowsScreen
from watch.ui.money import currency_name, figures

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.payment.history import Payment
    from watch.system.services import Services
    from watch.system.view import View
    from watch.ui.rows import Row

_S_PER_MIN = const(60)


class Receipts:
    """Whoever shows these screens has made sure that the watch is open."""

    def __init__(self, view: "View", services: "Services") -> None:
        self._view = view
        self._services = services

    def history(self, token_id: "Optional[bytes]") -> RowsScreen:
        """The payments of one card, or of all, newest first."""
        payments = [paid for paid in self._services.history.payments if token_id in (None, paid.token_id)]
        payments.reverse()
        rows = [self._row(at, payment) for at, payment in enumerate(payments)]
        text = self._view.ui.text.get
        return RowsScreen(
            self._view.ui,
            "history",
            text("history.title"),
            rows,
            lambda key: self._show(payments[int(key)]),
            self._view.back,
            text("history.empty"),
        )

    def _row(self, at: int, payment: "Payment") -> "Row":
        detail = _sum(payment) + " · " + self._view.ui.text.day(self._minutes(payment))
        return marked(str(at), self._merchant(payment), detail, what=payment.result)

    def _show(self, payment: "Payment") -> None:
        """What became of it, the amount in large."""
        view = self._view
        shown = amount.past(
            view.ui,
            payment.amount,
            payment.currency,
            payment.result,
            self._merchant(payment),
            view.back,
            lambda: self._receipt(payment),
        )
        view.deeper(shown)

    def _receipt(self, payment: "Payment") -> None:
        """Everything that the watch knows of it."""
        ui, text = self._view.ui, self._view.ui.text.get
        minutes = self._minutes(payment)
        when = ui.text.date(minutes) + ", " + ui.text.time(minutes, self._services.settings.get("clock_24h"))
        fields = [
            (text("receipt.merchant"), self._merchant(payment)),
            (text("receipt.amount"), _sum(payment)),
            (text("receipt.result"), self._result(payment)),
            (text("receipt.time"), when),
            (text("receipt.card"), self._card(payment)),
            (text("receipt.number"), str(payment.number)),
        ]
        self._view.deeper(FieldsScreen(ui, "receipt", text("receipt.title"), fields, self._view.back))

    def _result(self, payment: "Payment") -> str:
        text = self._view.ui.text.get
        if payment.reason and payment.result == DECLINED:
            return text("declined.at", text("declined.title")) + amount.why(self._view.ui, payment.reason)
        return text(payment.result + ".title")

    def _merchant(self, payment: "Payment") -> str:
        text = self._view.ui.text.get
        if payment.merchant == SHOWN_AS:
            return text("menu.present")
        return payment.merchant or text("history.unnamed")

    def _card(self, payment: "Payment") -> str:
        """Label and last digits; a card that the bank has taken away since has none."""
        for token in self._services.wallet.tokens():
            if token.token_id == payment.token_id:
                return token.label + " •••• " + token.last_four
        return self._view.ui.text.get("receipt.card-gone")

    def _minutes(self, payment: "Payment") -> int:
        """When it was, in minutes since 2000 on the wearer's wall clock."""
        offset_min = self._services.settings.get("utc_offset_min")
        return payment.time_s // _S_PER_MIN + offset_min - MINUTES_1970_TO_2000


def _sum(payment: "Payment") -> str:
    return figures(payment.amount, payment.currency) + " " + currency_name(payment.currency)
