"""What the bank says about payments and cards: signed, numbered, each taken once."""

from micropython import const

from watch.crypto import cbor, cose
from watch.kernel.errors import InputError, NoTokenError, ReplayError, SignatureError
from watch.payment import history, token
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.identity import Identity
    from watch.access.records import DeviceRecords
    from watch.kernel.clock import Clock
    from watch.payment.history import History, Payment
    from watch.payment.vault import Vault

NOTICE_KIND = "tapwatch/notice"
STATE_KIND = "tapwatch/token-state"
MAX_BYTES = const(1024)
_HIGHEST = const(1 << 40)
_MERCHANT_BYTES = const(40)
_NUMBERS_KEPT = const(16)  # token services whose numbers are kept: four times what the watch trusts at a time

_NOTICE = (
    (1, bytes),
    (2, int),
    (3, bytes),
    (4, int),
    (5, str),
    (6, int),
    (7, int),
    (8, str),
    (9, int),
    (10, str),
)
_TOKEN_STATE = ((1, bytes), (2, int), (3, bytes), (4, str), (5, int))
_STATES = (token.ACTIVE, token.SUSPENDED, token.DELETED)


class Notices:
    """Checks notices and writes down what they say."""

    def __init__(
        self, sealed: "DeviceRecords", identity: "Identity", vault: "Vault", history_: "History", clock: "Clock"
    ) -> None:
        self._sealed = sealed
        self._identity = identity
        self._vault = vault
        self._history = history_
        self._clock = clock

    def receive(self, data: bytes) -> "Optional[Payment]":
        """Take one notice. Returns the payment it settles, or None if there is nothing to show.

        That is so when the state of a card has changed, or the card is not on the watch any more.
        Raises InputError, SignatureError, ReplayError; nothing has changed then.
        """
        if not isinstance(data, bytes) or len(data) > MAX_BYTES:
            raise InputError("a notice is bytes, 1,024 at most")
        envelope = cose.parse(data)
        if envelope.kind not in (NOTICE_KIND, STATE_KIND):
            raise InputError("this is no notice")
        envelope.verify(self._identity.issuer(envelope.key_id))
        fields = cbor.decode(envelope.payload)
        _check(fields, _NOTICE if envelope.kind == NOTICE_KIND else _TOKEN_STATE)
        if fields[1] != self._identity.device_id:
            raise SignatureError("the notice is for another watch")
        if fields[2] <= self._last(envelope.key_id):
            raise ReplayError("the notice was seen before")
        self._identity.expect_time(envelope.key_id, fields[9 if envelope.kind == NOTICE_KIND else 5])
        try:
            self._vault.expect_issuer(fields[3], envelope.key_id)
        except NoTokenError:
            # The card was deleted. The number is used up, or the sender would be stuck at this notice for ever.
            self._vault.commit(self._seen(envelope.key_id, fields[2]))
            return None
        if envelope.kind == NOTICE_KIND:
            return self._settle(fields, envelope.key_id)
        return self._set_state(fields, envelope.key_id)

    def _settle(self, fields: "dict[int, Any]", issuer: bytes) -> "Payment":
        if fields[5] not in (history.APPROVED, history.DECLINED):
            raise InputError("the notice's result is unknown")
        payment = self._payment(fields)
        changes: "dict[int, Optional[bytes]]" = dict(self._history.change(payment))
        changes.update(self._seen(issuer, fields[2]))
        self._vault.commit(changes)
        self._history.committed(payment)
        self._clock.raise_floor(fields[9])
        return payment

    def _payment(self, fields: "dict[int, Any]") -> "Payment":
        known = self._history.find(fields[3], fields[4])
        number = known.number if known else self._history.next_number()
        time_s = known.time_s if known else fields[9]
        merchant = fields[8]
        if len(merchant.encode()) > _MERCHANT_BYTES:
            raise InputError("the merchant's name is too long")
        return history.Payment(
            [number, time_s, fields[3], fields[4], fields[6], fields[7], merchant, fields[5], fields[10]]
        )

    def _set_state(self, fields: "dict[int, Any]", issuer: bytes) -> None:
        if fields[4] not in _STATES:
            raise InputError("the card's new state is unknown")
        self._vault.set_state(fields[3], fields[4], self._seen(issuer, fields[2]))
        self._clock.raise_floor(fields[5])

    def _numbers(self) -> "list[list[Any]]":
        """[issuer, highest number seen] of each token service: their sequences are their own."""
        return self._sealed.read(records.NOTICE_NUMBER) or []

    def _last(self, issuer: bytes) -> int:
        for known, number in self._numbers():
            if known == issuer:
                return number
        return 0

    def _seen(self, issuer: bytes, number: int) -> "dict[int, Optional[bytes]]":
        """The journal change that makes this number, and all below it, old."""
        numbers = [entry for entry in self._numbers() if entry[0] != issuer][1 - _NUMBERS_KEPT :]
        numbers.append([issuer, number])
        return {records.NOTICE_NUMBER: self._sealed.sealed(records.NOTICE_NUMBER, numbers)}


def _check(fields: "Any", shape: "tuple[tuple[int, type], ...]") -> None:
    if not isinstance(fields, dict) or len(fields) != len(shape):
        raise InputError("the notice has the wrong fields")
    for key, kind in shape:
        value: "Any" = fields.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise InputError(f"notice field {key} is missing or of the wrong type")
        if kind is int and not 0 <= value <= _HIGHEST:
            raise InputError(f"notice field {key} is out of range")
