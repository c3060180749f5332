"""Paying a merchant's code: what the wearer has seen, and nothing else, is signed (docs/formats.md "Messages", 13, 14).

A code is staged, shown, agreed to by arming a card, and paid. Between showing and paying other tasks run; so right
before the cryptogram everything is worked out anew from the code as it came, and compared with what was drawn.
"""

from micropython import const

from watch.crypto.hashes import equal
from watch.kernel.calendar import date_time
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeclinedError, InputError, StateError
from watch.payment import limits, remote, tlv
from watch.payment.limits import SEE_DEVICE, SENT
from watch.payment.merchant_code import MOST_MINOR, MerchantCode

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict, Optional

    from watch.access.identity import Identity
    from watch.kernel.clock import Clock
    from watch.payment.armed import ArmedCard
    from watch.payment.wallet import Wallet

KIND = "tapwatch/merchant-payment"
WAIT_MS = const(120_000)
"""A code that nobody agrees to is over after this time."""
_UNPREDICTABLE_BYTES = const(4)
# docs/formats.md "tapwatch/merchant-payment" key 7, in this order.
_TERMINAL_TAGS = ((0x9F02, 6), (0x9F03, 6), (0x9F1A, 2), (0x95, 5), (0x5F2A, 2), (0x9A, 3), (0x9C, 1), (0x9F37, 4))
_CARD_TAGS = (0x82, 0x9F36, 0x9F10, 0x9F26, 0x9F27, 0x57, 0x5F34)


class _Staged:
    """One code: the text as it came, what was read from it then, and what is to be paid for it."""

    def __init__(self, text: str, since_ms: int) -> None:
        self.code = MerchantCode(text)
        self.amount_minor = self.code.amount_minor
        self.text = text
        self.since_ms = since_ms


class MerchantPayments:
    """At most one code at a time."""

    def __init__(self, wallet: "Wallet", identity: "Identity", clock: "Clock") -> None:
        self._wallet = wallet
        self._identity = identity
        self._clock = clock
        self._staged: "Optional[_Staged]" = None
        self._paid_digest = b""
        self._envelope = b""

    def stage(self, text: str) -> MerchantCode:
        """Take a code that the phone sent, to be shown. The same code once more changes nothing.

        Raises InputError for a malformed code, StateError while another one waits.
        """
        staged = _Staged(text, self._clock.ticks_ms())
        waiting = self.waiting()
        if waiting is not None:
            if waiting.digest != staged.code.digest:
                raise StateError("another merchant's code waits for the wearer")
            return waiting
        self._staged = staged
        self._paid_digest = self._envelope = b""
        return staged.code

    def waiting(self) -> "Optional[MerchantCode]":
        """The code that waits for the wearer; None if there is none, or it has waited WAIT_MS."""
        staged = self._staged
        if staged is not None and ticks_diff(self._clock.ticks_ms(), staged.since_ms) >= WAIT_MS:
            self._staged = staged = None
        return None if staged is None else staged.code

    def amount_minor(self) -> int:
        """What the code that waits costs: as it says, or as the wearer has entered; 0 before that, or if none waits."""
        return 0 if self.waiting() is None or self._staged is None else self._staged.amount_minor

    def enter(self, amount_minor: int) -> None:
        """The wearer says how much, for a code that names no amount; it waits WAIT_MS from now. Nothing is agreed to.

        Raises StateError if no such code waits or an amount was entered before, InputError for one out of range.
        """
        known, staged = self.waiting(), self._staged
        if known is None or staged is None or known.amount_minor or staged.amount_minor:
            raise StateError("no merchant's code waits for an amount")
        if type(amount_minor) is not int or not 0 < amount_minor <= MOST_MINOR:
            raise InputError("the amount is out of range")
        staged.amount_minor = amount_minor
        staged.since_ms = self._clock.ticks_ms()

    def refuse(self) -> None:
        """The wearer does not want to pay, or cannot."""
        self._staged = None

    def answer(self, digest: bytes) -> "Optional[bytes]":
        """The signed payment of the code with this SHA-256, or None while it waits.

        Raises DeclinedError for one that was refused, is over, or never came.
        """
        if self._envelope and self._paid_digest == digest:
            return self._envelope
        waiting = self.waiting()
        if waiting is None or waiting.digest != digest:
            raise DeclinedError("this payment was refused, or is over")
        return None

    def latest(self) -> "tuple[bytes, bytes]":
        """SHA-256 of the code that was paid last, and its signed payment. Raises StateError if none was."""
        if not self._envelope:
            raise StateError("nothing has been paid")
        return self._paid_digest, self._envelope

    def pay(self, merchant: str, amount_minor: int, currency: int) -> "remote.RemoteOutcome":
        """Pay with the armed card what the screen has drawn: these three. The card is disarmed then, whatever happens.

        The result of the outcome is one of `watch.payment.limits`: with SENT there is an `answer`; with SEE_DEVICE the
        passcode is needed first and the code waits on; with any other the code is over. Raises StateError if nothing
        waits or is armed, DeclinedError if anything has changed since it was shown, NoKeysError, StorageError.
        """
        armed = self._wallet.armed
        if not armed:
            raise StateError("arm a card first")
        try:
            code = self._agreed(merchant, amount_minor, currency)
            outcome = remote.RemoteOutcome(
                amount_minor, code.currency, code.country, code.merchant, self._clock.display_s()
            )
            card = armed[0]
            outcome.result = self._judge(card, code, amount_minor)
            if outcome.result != SEE_DEVICE:
                self._staged = None  # one agreement is good for one payment, whatever comes of it
            if outcome.result != SENT:
                return outcome
            payload = self._payload(card, code, outcome)
        finally:
            self._wallet.disarm()
        self._envelope = self._identity.sign(KIND, payload)
        self._paid_digest = code.digest
        return outcome

    def _agreed(self, merchant: str, amount_minor: int, currency: int) -> MerchantCode:
        """The staged code, read again from its text, if it is still what was staged and shown. Raises DeclinedError."""
        known = self.waiting()
        staged = self._staged
        if known is None or staged is None:
            raise StateError("no merchant's code waits for the wearer")
        try:
            fresh = MerchantCode(staged.text)
        except InputError:
            fresh = None
        shown = (merchant, amount_minor, currency)
        if (
            fresh is None
            or not equal(fresh.digest, known.digest)
            or not 0 < amount_minor <= MOST_MINOR
            or fresh.amount_minor != known.amount_minor
            or fresh.amount_minor not in (0, amount_minor)
            or (fresh.merchant, fresh.currency) != (merchant, currency)
            or (known.merchant, staged.amount_minor, known.currency) != shown
        ):
            self._staged = None
            raise DeclinedError("the payment has changed since it was shown")
        return fresh

    def _judge(self, card: "ArmedCard", code: MerchantCode, amount_minor: int) -> str:
        """The same rules as for a tap; the wearer has confirmed the amount by arming after seeing it."""
        foreign = code.currency != card.token.currency
        needed = limits.needs_cdcvm(amount_minor, foreign, False, card.limits, card.spending)
        missing = needed and not card.cdcvm
        agreed = (amount_minor, code.currency)
        return limits.decide(amount_minor, code.currency, foreign, missing, card.limits, card.spending, agreed)

    def _payload(self, card: "ArmedCard", code: MerchantCode, outcome: "remote.RemoteOutcome") -> "Dict[int, object]":
        """What is signed. Uses up one key."""
        now_s = self._clock.security_s()
        year, month, day = date_time(now_s)[:3]
        terminal = remote.terminal_data(
            code.digest[:_UNPREDICTABLE_BYTES],
            outcome.amount,
            code.currency,
            code.country,
            "%02d%02d%02d" % (year % 100, month, day),
        )
        tags = remote.spend(card, outcome, terminal)
        return {
            1: self._identity.device_id,
            2: card.token.token_id,
            3: code.digest,
            4: outcome.amount,
            5: code.currency,
            6: now_s,
            7: _chip_data(terminal, tags),
        }


def _chip_data(terminal: bytes, tags: "Dict[int, bytes]") -> bytes:
    parts = []
    at = 0
    for tag, size in _TERMINAL_TAGS:
        parts.append(tlv.encode(tag, terminal[at : at + size]))
        at += size
    return b"".join(parts + [tlv.encode(tag, tags[tag]) for tag in _CARD_TAGS])
