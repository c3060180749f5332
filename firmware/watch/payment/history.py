"""The last payments: bounded, kept over reboot, one journal record each."""

from micropython import const

from watch.kernel.errors import CorruptError
from watch.payment.limits import SENT
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.records import DeviceRecords
    from watch.payment.armed import ArmedCard

APPROVED = "approved"
DECLINED = "declined"
_FIELDS = const(10)


class Payment:
    """One payment that left the watch."""

    def __init__(self, fields: "Any") -> None:
        if not isinstance(fields, list) or len(fields) != _FIELDS:
            raise CorruptError("a history record has the wrong shape")
        self.number: int = fields[0]
        self.time_s: int = fields[1]
        self.token_id: bytes = fields[2]
        self.atc: int = fields[3]
        self.amount: int = fields[4]
        self.currency: int = fields[5]
        self.merchant: str = fields[6]
        self.result: str = fields[7]
        """SENT until the bank has said APPROVED or DECLINED."""
        self.reason: str = fields[8]
        self.link: str = fields[9]
        """Where the receipt is, empty if the bank named no place."""

    def fields(self) -> "list[Any]":
        """The form that is stored."""
        return [
            self.number,
            self.time_s,
            self.token_id,
            self.atc,
            self.amount,
            self.currency,
            self.merchant,
            self.result,
            self.reason,
            self.link,
        ]


class History:
    """The last `records.HISTORY_PLACES` payments, newest last."""

    def __init__(self, sealed: "DeviceRecords") -> None:
        self._sealed = sealed
        self.payments: "list[Payment]" = []

    def load(self) -> None:
        """Read all records. Raises CorruptError."""
        stored = [self._sealed.read(records.HISTORY + place) for place in range(records.HISTORY_PLACES)]
        self.payments = sorted((Payment(fields) for fields in stored if fields is not None), key=lambda p: p.number)

    def next_number(self) -> int:
        """The number of the next payment, rising from 1."""
        return self.payments[-1].number + 1 if self.payments else 1

    def change(self, payment: Payment) -> "dict[int, bytes]":
        """The journal change that keeps `payment`, to be committed with what belongs to it."""
        record = records.HISTORY + payment.number % records.HISTORY_PLACES
        return {record: self._sealed.sealed(record, payment.fields())}

    def payments_of(self, card: "ArmedCard") -> "list[Payment]":
        """What the used keys of an armed card have paid, as far as it is not written down already.

        A notice that came while the card was armed has done that.
        """
        payments: "list[Payment]" = []
        token_id = card.token.token_id
        for key in card.keys:
            if not key.used or self.find(token_id, key.atc) is not None:
                continue
            tap, number = key.outcome, self.next_number() + len(payments)
            fields = [number, tap.time_s, token_id, key.atc, tap.amount, tap.currency, tap.merchant(), SENT, "", ""]
            payments.append(Payment(fields))
        return payments

    def committed(self, payment: Payment) -> None:
        """Take over a payment whose change has been committed."""
        others = [kept for kept in self.payments if kept.number != payment.number]
        self.payments = sorted(others + [payment], key=lambda p: p.number)[-records.HISTORY_PLACES :]

    def forget(self) -> None:
        """Drop everything from RAM: the watch is being wiped."""
        self.payments = []

    def find(self, token_id: bytes, atc: int) -> "Optional[Payment]":
        """The payment made with this ATC of this token, or None."""
        for payment in self.payments:
            if payment.token_id == token_id and payment.atc == atc:
                return payment
        return None
