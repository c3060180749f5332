"""What the bank says about payments, cards and the watch itself: signed, numbered, each taken once.

Who may say what: any token service that the watch trusts numbers its own messages, and only a higher number than its
last one counts. About a payment or a card only the service speaks that the card came from. "Lost" and "wipe" may be
said by a service that has a card on the watch; "found" counts for the service that said "lost", whatever became of its
cards.
"""

from micropython import const

from watch.access import states
from watch.crypto import cbor, cose
from watch.kernel.errors import InputError, NoTokenError, ReplayError, SignatureError, WipedError
from watch.payment import history, token
from watch.payment.shape import expect, expect_map
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.access.guard import Guard
    from watch.access.identity import Identity
    from watch.access.records import DeviceRecords
    from watch.kernel.clock import Clock
    from watch.payment.history import History, Payment
    from watch.payment.shape import Field
    from watch.payment.vault import Vault

    Fields = dict[int, Any]
    Change = dict[int, Optional[bytes]]

NOTICE_KIND = "tapwatch/notice"
STATE_KIND = "tapwatch/token-state"
DEVICE_KIND = "tapwatch/device-state"
MAX_BYTES = const(1024)
MERCHANT_BYTES = const(40)
LINK_BYTES = const(120)
FINDER_BYTES = const(80)
_HIGHEST = 1 << 40
_MOST_MINOR = 999_999_999_999  # EMV tag 9F02, format n12: no screen can show more
_NUMBERS_KEPT = const(16)  # token services whose numbers are kept: four times what the watch trusts at a time
_DEVICE = const(1)
_NUMBER = const(2)

LOST = "lost"
FOUND = "found"
WIPE = "wipe"

_NOTICE = (
    (_DEVICE, bytes, 8, 8),
    (_NUMBER, int, 0, _HIGHEST),
    (3, bytes, 8, 8),
    (4, int, 0, _HIGHEST),
    (5, str, 0, 16),
    (6, int, 0, _MOST_MINOR),
    (7, int, 0, 999),
    (8, str, 0, MERCHANT_BYTES),
    (9, int, 0, _HIGHEST),
    (10, str, 0, 16),
    (11, str, 0, LINK_BYTES),
)
_TOKEN_STATE = (
    (_DEVICE, bytes, 8, 8),
    (_NUMBER, int, 0, _HIGHEST),
    (3, bytes, 8, 8),
    (4, str, 0, 16),
    (5, int, 0, _HIGHEST),
)
_DEVICE_STATE = (
    (_DEVICE, bytes, 8, 8),
    (_NUMBER, int, 0, _HIGHEST),
    (3, str, 0, 16),
    (4, str, 0, FINDER_BYTES),
    (5, int, 0, _HIGHEST),
)


class _Kind:
    """One kind of message: its fields, where its time stands, and what is done with it."""

    def __init__(
        self, shape: "tuple[Field, ...]", time: int, act: "Callable[[Fields, bytes], Optional[Payment]]"
    ) -> None:
        self.shape = shape
        self.time = time
        self.act = act


class Notices:
    """Checks notices and writes down what they say."""

    def __init__(
        self,
        sealed: "DeviceRecords",
        identity: "Identity",
        guard: "Guard",
        vault: "Vault",
        history_: "History",
        clock: "Clock",
    ) -> None:
        self._sealed = sealed
        self._identity = identity
        self._guard = guard
        self._vault = vault
        self._history = history_
        self._clock = clock
        self._kinds = {
            NOTICE_KIND: _Kind(_NOTICE, 9, self._settle),
            STATE_KIND: _Kind(_TOKEN_STATE, 5, self._set_state),
            DEVICE_KIND: _Kind(_DEVICE_STATE, 5, self._set_device),
        }
        self._set_device_to = {LOST: self._lost, FOUND: self._found, WIPE: self._wipe}

    def receive(self, data: bytes) -> "Optional[Payment]":
        """Take one notice. Returns the payment it settles, or None if there is nothing to show.

        That is so when the state of a card or of the watch has changed, or the card is not on the watch any more.
        Raises InputError, SignatureError, ReplayError, and nothing has changed then; StorageError; WipedError.
        """
        if self._guard.state == states.WIPING:
            raise WipedError("nothing is written after a wipe")
        if not isinstance(data, bytes) or len(data) > MAX_BYTES:
            raise InputError("a notice is bytes, 1,024 at most")
        envelope = cose.parse(data)
        kind = self._kinds.get(envelope.kind)
        if kind is None:
            raise InputError("this is no notice")
        issuer = envelope.key_id
        envelope.verify(self._identity.issuer(issuer))
        fields = cbor.decode(envelope.payload)
        expect_map(fields, kind.shape, "the notice")
        if fields[_DEVICE] != self._identity.device_id:
            raise SignatureError("the notice is for another watch")
        if fields[_NUMBER] <= self._last(issuer):
            raise ReplayError("the notice was seen before")
        self._identity.expect_time(issuer, fields[kind.time])
        payment = kind.act(fields, issuer)
        self._clock.raise_floor(fields[kind.time])
        return payment

    def _settle(self, fields: "Fields", issuer: bytes) -> "Optional[Payment]":
        expect(fields[5] in (history.APPROVED, history.DECLINED), "the notice's result is unknown")
        _expect_link(fields[11])
        if self._is_gone(fields, issuer):
            return None
        payment = self._payment(fields)
        changes: "Change" = dict(self._history.change(payment))
        changes.update(self._seen(issuer, fields[_NUMBER]))
        self._vault.commit(changes)
        self._history.committed(payment)
        return payment

    def _payment(self, fields: "Fields") -> "Payment":
        known = self._history.find(fields[3], fields[4])
        number = known.number if known else self._history.next_number()
        time_s = known.time_s if known else fields[9]
        stored = [number, time_s] + [fields[key] for key in (3, 4, 6, 7, 8, 5, 10, 11)]
        return history.Payment(stored)

    def _set_state(self, fields: "Fields", issuer: bytes) -> None:
        known = (token.ACTIVE, token.SUSPENDED, token.DELETED)
        expect(fields[4] in known, "the card's new state is unknown")
        if not self._is_gone(fields, issuer):
            self._vault.set_state(fields[3], fields[4], self._seen(issuer, fields[_NUMBER]))

    def _is_gone(self, fields: "Fields", issuer: bytes) -> bool:
        """True if the card was deleted. The number is used up then, or the sender would be stuck at it for ever."""
        try:
            self._vault.expect_issuer(fields[3], issuer)
        except NoTokenError:
            self._vault.commit(self._seen(issuer, fields[_NUMBER]))
            return True
        return False

    def _set_device(self, fields: "Fields", issuer: bytes) -> None:
        act = self._set_device_to.get(fields[3])
        if act is None:
            raise InputError("the watch's new state is unknown")
        expect(fields[3] == LOST or not fields[4], "a text is for the finder of a lost watch only")
        act(fields, issuer)

    def _lost(self, fields: "Fields", issuer: bytes) -> None:
        self._vault.expect_guest(issuer)
        self._guard.lose(issuer, fields[4], self._seen(issuer, fields[_NUMBER]))

    def _found(self, fields: "Fields", issuer: bytes) -> None:
        self._guard.found(issuer, self._seen(issuer, fields[_NUMBER]))

    def _wipe(self, fields: "Fields", issuer: bytes) -> None:
        """Nothing is left to write a number into; the watch will have another identity, so no replay reaches it."""
        self._vault.expect_guest(issuer)
        self._guard.wipe()

    def _numbers(self) -> "list[list[Any]]":
        """[issuer, highest number seen] of each token service: their sequences are their own."""
        return self._sealed.read(records.NOTICE_NUMBER) or []

    def _last(self, issuer: bytes) -> int:
        for known, number in self._numbers():
            if known == issuer:
                return number
        return 0

    def _seen(self, issuer: bytes, number: int) -> "Change":
        """The journal change that makes this number, and all below it, old."""
        numbers = [entry for entry in self._numbers() if entry[0] != issuer][1 - _NUMBERS_KEPT :]
        numbers.append([issuer, number])
        return {records.NOTICE_NUMBER: self._sealed.sealed(records.NOTICE_NUMBER, numbers)}


def _expect_link(link: str) -> None:
    """Raise InputError unless a link is empty, or a web address of printable ASCII that a phone may open."""
    expect(all("\x21" <= c <= "\x7e" for c in link), "the link is not printable ASCII")
    web = link.startswith(("https://", "http://"))
    expect(not link or web, "the link is no web address")
