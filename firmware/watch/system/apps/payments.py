"""What apps ask to be paid: the question that waits, what became of the last one of each app, and what the bank lacks.

An app names an amount and a purpose. The watch writes the merchant's code for it, with the payee that the store has
signed; the wearer is asked as for any merchant's code, while the app has ended. What was agreed to is kept over a
restart (payment_records); a question that waits, and one that was refused, is not.
"""

import binascii

from micropython import const

from watch.crypto.hashes import equal
from watch.kernel.errors import InputError, StorageError
from watch.payment.history import APPROVED, DECLINED
from watch.payment.merchant_code import MerchantCode
from watch.payment.merchant_text import MOST_PURPOSE, compose
from watch.services.inputs import clean
from watch.storage import records
from watch.system.apps.payment_records import KeptPayment

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.crypto.random import Random
    from watch.payment.history import History
    from watch.system.apps.budgets import Budget
    from watch.system.apps.payment_records import AppPaymentRecords

REFUSED, SENT, FAILED = "refused", "sent", "failed"
"""States of an outcome, besides what the bank says: the wearer did not want it; it is signed; it was not possible."""
MOST_KEPT = records.APP_PAYMENTS
"""Signed payments that wait for the bank; beyond that no app may ask."""
_BATCH = const(3)
"""Payments in one answer: a code of 512 characters and an envelope of some 500 bytes each, in 4,096 bytes."""
_BILL_BYTES = const(12)  # 24 of the 25 characters of table 3.7, id 05; two bills are alike once in 2^48 purchases
_MOST_MINOR = const(999_999_999)
_UTF8 = const(4)


class Purchase:
    """One question of an app."""

    def __init__(self, app: str, name: str, text: str, amount_minor: int, currency: int, purpose: str) -> None:
        self.app = app
        self.name = name
        """What the wearer calls the app."""
        self.text = text
        """The merchant's code."""
        self.amount_minor, self.currency, self.purpose = amount_minor, currency, purpose
        self.state = ""
        """Empty until it is decided."""
        self.token_id, self.atc = b"", 0


class PurchaseOutcome:
    """What an app may know of its last question."""

    def __init__(self, state: str, amount_minor: int, currency: int, purpose: str) -> None:
        self.state = state
        """`refused`, `sent`, `approved`, `declined` or `failed`."""
        self.amount_minor, self.currency, self.purpose = amount_minor, currency, purpose


class AppPayments:
    """At most one question at a time, of all apps together."""

    def __init__(self, random: "Random", history: "History", budget: "Budget", kept: "AppPaymentRecords") -> None:
        """`kept`: the payments that were agreed to."""
        self._random, self._history, self._budget = random, history, budget
        self._last: "dict[str, Purchase]" = {}
        self._kept = kept
        self._listener: "Optional[Callable[[], None]]" = None
        self.waiting: "Optional[Purchase]" = None
        """What the wearer is to be asked, or is asked now."""

    def load(self) -> None:
        """Read what was agreed to before the watch started. Raises StorageError."""
        self._kept.load()
        for one in self._kept.all():
            purchase = Purchase(one.app, "", one.text, one.amount_minor, one.currency, one.purpose)
            purchase.state, purchase.token_id, purchase.atc = SENT, one.token_id, one.atc
            known = self._last.get(one.app)
            if known is None or self._age(purchase) < self._age(known):
                self._last[one.app] = purchase

    def listen(self, listener: "Callable[[], None]") -> None:
        """Call back when an app asks: soon the wearer has to be."""
        self._listener = listener

    def ask(self, app: str, name: str, payee: "dict[int, Any]", amount_minor: int, purpose: str) -> bool:
        """An app wants to be paid. False while another question waits, or if it is too soon or too often.

        Raises InputError for an amount or a purpose that cannot be.
        """
        if type(amount_minor) is not int or not 0 < amount_minor <= _MOST_MINOR:
            raise InputError("an amount is 1 to 999999999 minor units")
        plain = type(purpose) is str and 0 < len(purpose) <= MOST_PURPOSE
        if not plain or clean(purpose, MOST_PURPOSE * _UTF8) != purpose:
            raise InputError("a purpose has 1 to 25 characters")
        if self.waiting is not None or len(self._kept.waiting()) >= MOST_KEPT or not self._budget.take(app):
            return False
        bill = binascii.hexlify(self._random.bytes(_BILL_BYTES)).decode()
        text = compose(payee, amount_minor, bill, purpose)
        MerchantCode(text)
        self.waiting = Purchase(app, name, text, amount_minor, payee[4], purpose)
        self._last.pop(app, None)
        if self._listener is not None:
            self._listener()
        return True

    def outcome(self, app: str) -> "Optional[PurchaseOutcome]":
        """What became of the last question of an app; None if there was none, or while it waits."""
        last = self._last.get(app)
        if last is None:
            return None
        state = last.state
        if state == SENT:
            paid = self._history.find(last.token_id, last.atc)
            if paid is not None and paid.result in (APPROVED, DECLINED):
                state = paid.result
        return PurchaseOutcome(state, last.amount_minor, last.currency, last.purpose)

    def decided(self, purchase: Purchase, state: str) -> None:
        """The question is over."""
        if self.waiting is purchase:
            self.waiting = None
        purchase.state = state
        self._last[purchase.app] = purchase

    def keep(self, purchase: Purchase, digest: bytes, envelope: bytes) -> None:
        """It is signed: the bank shall have it. The last payment of the history is the one."""
        paid = self._history.payments[-1]
        purchase.token_id, purchase.atc = paid.token_id, paid.atc
        said = (purchase.app, purchase.amount_minor, purchase.currency, purchase.purpose)
        try:
            self._kept.keep(KeptPayment(*said, paid.token_id, paid.atc, digest, purchase.text, envelope))
        except StorageError:
            pass  # it is in RAM: the bank has it unless the watch restarts first, and then no money is taken

    def fetch(self, answered: "list[bytes]") -> "list[list[Any]]":
        """Message 24: note what the bank has answered, and give what it lacks: code and envelope of each.

        Raises StorageError.
        """
        for one in self._kept.waiting():
            if any(equal(one.digest, digest) for digest in answered):
                self._kept.taken(one)
        return [[one.text, one.envelope] for one in self._kept.waiting()[:_BATCH]]

    def forget(self, app: str) -> None:
        """The app has been removed. What is signed goes to the bank all the same."""
        self._last.pop(app, None)
        self._kept.forget(app)

    def _age(self, purchase: Purchase) -> int:
        """How many payments of the history are newer; as many as it holds for one that left it."""
        payments = self._history.payments
        for newer, paid in enumerate(reversed(payments)):
            if paid.atc == purchase.atc and paid.token_id == purchase.token_id:
                return newer
        return len(payments)

    def clear(self) -> None:
        """The watch is wiped."""
        self._last.clear()
        self._kept.clear()
        self.waiting = None


class AppPayment:
    """The capability `payment` of an app whose review names a payee; without one every question is refused."""

    def __init__(self, payments: AppPayments, app: str, name: str, payee: "Optional[dict[int, Any]]") -> None:
        self._payments, self._app, self._name, self._payee = payments, app, name, payee

    @property
    def currency(self) -> int:
        """ISO 4217 number of the currency in which this app is paid; 0 if it cannot be paid."""
        return self._payee[4] if self._payee is not None else 0

    def request(self, amount_minor: int, purpose: str) -> bool:
        """Ask the wearer to pay: the app is left for the question and starts again after it; then see `outcome`.

        False if nobody can be asked now: another question waits, ten seconds have not passed, there were fifty today,
        payments wait for the bank, or the store has named no payee. Raises InputError for an amount or a purpose
        (1 to 25 characters) that cannot be.
        """
        if self._payee is None:
            return False
        return self._payments.ask(self._app, self._name, self._payee, amount_minor, purpose)

    def outcome(self) -> "Optional[PurchaseOutcome]":
        """What became of the last question; None if there was none. One that was refused is forgotten at a restart."""
        return self._payments.outcome(self._app)
