"""Payments of apps that were agreed to, over a restart: one sealed record each, until another one takes its place.

As long as the bank lacks a payment its record holds code and envelope. Then it only says what became of the app's
last question, so that who has paid is not left without what was bought.
"""

from micropython import const

from watch.kernel.errors import QuotaError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Iterator, Optional

    from watch.apps.shelf.sealed_facts import SealedFacts

_FIELDS = const(9)


class KeptPayment:
    """One payment.

    Args:
        app: id of the app that asked.
        amount_minor, currency, purpose: as it was drawn.
        token_id, atc: which payment of the history it is.
        digest, text, envelope: SHA-256 of the merchant's code, the code, and what the card has signed; empty once the
            bank has it.
    """

    def __init__(
        self,
        app: str,
        amount_minor: int,
        currency: int,
        purpose: str,
        token_id: bytes,
        atc: int,
        digest: bytes,
        text: str,
        envelope: bytes,
    ) -> None:
        self.app, self.amount_minor, self.currency, self.purpose = app, amount_minor, currency, purpose
        self.token_id, self.atc = token_id, atc
        self.digest, self.text, self.envelope = digest, text, envelope

    def fields(self) -> "list[Any]":
        """What the record holds."""
        said = [self.app, self.amount_minor, self.currency, self.purpose, self.token_id, self.atc]
        return said + [self.digest, self.text, self.envelope]

    def taken(self) -> None:
        """The bank has it."""
        self.digest, self.text, self.envelope = b"", "", b""


class AppPaymentRecords:
    """As many as there are places; one that the bank has makes room."""

    def __init__(self, facts: "SealedFacts") -> None:
        self._facts = facts
        self._places: "list[Optional[KeptPayment]]" = [None] * records.APP_PAYMENTS

    def load(self) -> None:
        """Read them. A damaged one is gone: nobody could present it to the bank. Raises StorageError."""
        for place in range(records.APP_PAYMENTS):
            stored: "Any" = self._facts.readable(records.APP_PAYMENT + place)
            sound = isinstance(stored, list) and len(stored) == _FIELDS
            self._places[place] = KeptPayment(*stored) if sound else None

    def waiting(self) -> "list[KeptPayment]":
        """Those that the bank lacks."""
        return [one for one in self._places if one is not None and one.envelope]

    def all(self) -> "Iterator[KeptPayment]":
        """Every one that is kept."""
        return iter([one for one in self._places if one is not None])

    def keep(self, payment: KeptPayment) -> None:
        """In the place of an earlier one of the app, in a free one, or in that of one that the bank has.

        Raises QuotaError; and StorageError, then it is kept until the next start.
        """
        place = self._place(payment.app)
        self._places[place] = payment
        self._facts.commit({records.APP_PAYMENT + place: payment.fields()})

    def taken(self, payment: KeptPayment) -> None:
        """The bank has it. Raises StorageError; then it is offered to the bank again after the next start."""
        payment.taken()
        self._facts.commit({records.APP_PAYMENT + self._places.index(payment): payment.fields()})

    def forget(self, app: str) -> None:
        """The app has gone: what the bank has goes too. Raises StorageError."""
        for place, one in enumerate(self._places):
            if one is not None and one.app == app and not one.envelope:
                self._places[place] = None
                self._facts.commit({records.APP_PAYMENT + place: None})

    def clear(self) -> None:
        """The watch is wiped: its records go with the vault."""
        self._places = [None] * records.APP_PAYMENTS

    def _place(self, app: str) -> int:
        """Raises QuotaError if the bank lacks all of them; whoever asks has made sure of room."""
        taken = [place for place, one in enumerate(self._places) if one is not None and not one.envelope]
        for place in taken:
            kept = self._places[place]
            if kept is not None and kept.app == app:
                return place
        if None in self._places:
            return self._places.index(None)
        if not taken:
            raise QuotaError("%d payments wait for the bank" % records.APP_PAYMENTS)
        return taken[0]
