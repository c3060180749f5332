"""A cryptogram outside a tap, for payments that a terminal does not ask for: a code on the screen, a merchant's code."""

from micropython import const

from watch.kernel.errors import InputError
from watch.payment import tlv
from watch.payment.cryptogram import ARQC, CRYPTOGRAM_BYTES, Cryptogram
from watch.payment.limits import SENT
from watch.payment.profiles import BY_NAME
from watch.payment.terminal import COUNTRY_AT, CRYPTOGRAM_DOL_BYTES, CURRENCY_AT
from watch.payment.versions import DOMESTIC, INTERNATIONAL

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.armed import ArmedCard, Outcome


class Signed:
    """What `sign` made: the card's part of the chip data."""

    def __init__(self, aip: bytes, atc: int, issuer_data: bytes, cryptogram: bytes, outcome: "Outcome") -> None:
        self.aip = aip
        """82."""
        self.atc = atc
        """9F36."""
        self.issuer_data = issuer_data
        """9F10."""
        self.cryptogram = cryptogram
        """9F26, an ARQC: 9F27 is 80."""
        self.outcome = outcome
        """That of the key; it becomes a payment of the history when the card is disarmed."""


def sign(armed: "ArmedCard", terminal: bytes, now_s: int) -> Signed:
    """Spend one key of an armed card on what a terminal would have said. The key is zeroed before this returns.

    `terminal`: the 29 bytes of `watch.payment.terminal.CRYPTOGRAM_DOL`: 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37.
    `now_s`: display time of the payment. The amount is counted as spent; whether it may be is the caller's decision
    (`watch.payment.limits`). Raises NoKeysError, InputError.
    """
    profile = BY_NAME.get(armed.token.profile)
    if profile is None or len(terminal) != CRYPTOGRAM_DOL_BYTES:
        raise InputError("nothing to sign")
    amount, currency, country = _numbers(terminal)
    aip = profile.aip_cdcvm if armed.cdcvm else profile.aip
    cryptogram = Cryptogram(armed.token.cvn, armed.token.dki, aip, armed.cdcvm)
    cryptogram.mark(DOMESTIC if country == armed.token.country else INTERNATIONAL)
    cryptogram.set_terminal(memoryview(terminal), 0)
    key = armed.take_apart()
    outcome = key.outcome
    outcome.amount, outcome.currency, outcome.country = amount, currency, country
    outcome.time_s = now_s
    outcome.result = SENT
    armed.count(key, ARQC)
    made = bytearray(CRYPTOGRAM_BYTES)
    try:
        cryptogram.make(key, made)
    finally:
        key.wipe()
    outcome.complete = True
    return Signed(aip, key.atc, bytes(cryptogram.issuer_data), bytes(made), outcome)


def _numbers(terminal: bytes) -> "tuple[int, int, int]":
    """Amount, currency, country. Raises InputError."""
    view = memoryview(terminal)
    numbers = (
        tlv.parse_number(view, 0, 6),
        tlv.parse_number(view, CURRENCY_AT, 2),
        tlv.parse_number(view, COUNTRY_AT, 2),
    )
    if min(numbers) < 0:
        raise InputError("an amount, currency or country has other than digits")
    return numbers
