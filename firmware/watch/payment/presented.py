"""The QR code that a merchant scans: EMV QRCPS consumer-presented mode (docs/formats.md "Payment codes")."""

import binascii

from micropython import const

from watch.kernel.errors import InputError, LockedError, StateError
from watch.payment import limits, remote, tlv
from watch.payment.codes import expect_codes
from watch.payment.profiles import BY_NAME
from watch.payment.token_data import objects

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence, Tuple

    from watch.crypto.random import Random
    from watch.kernel.clock import Clock
    from watch.payment.armed import ArmedCard
    from watch.payment.codes import PaymentCodes
    from watch.payment.wallet import Wallet

    Objects = Sequence[Tuple[int, bytes]]

MOST_CHARACTERS = const(512)
"""Longest code: EMV QRCPS CPM section 4."""
SHOWN_AS = "payment code"
"""Stands for the merchant in the history until the bank's notice names one."""

# EMV QRCPS CPM section 4.1.
_FORMAT = const(0x85)
_VERSION = b"CPV01"
_APPLICATION = const(0x61)
_COMMON = const(0x62)
_TRANSPARENT = const(0x64)
_CHIP_TAGS = (0x9F26, 0x9F27, 0x9F10, 0x9F36, 0x9F37, 0x82)
_TOKEN_TAGS = (0x57, 0x5F34, 0x9F19, 0x9F24, 0x9F25)
_UNPREDICTABLE_BYTES = const(4)


def payload(applications: "Sequence[Objects]", common: "Objects", chip: "Objects") -> str:
    """The text of a code: objects of each application, those that all of them share, and those of the chip.

    Raises InputError if it gets too long.
    """
    parts = [tlv.encode(_FORMAT, _VERSION)]
    parts += [_template(_APPLICATION, application) for application in applications]
    parts.append(_template(_COMMON, common, _template(_TRANSPARENT, chip)))
    text = binascii.b2a_base64(b"".join(parts)).decode().rstrip("\n")
    if len(text) > MOST_CHARACTERS:
        raise InputError("the payment code is too long")
    return text


class PresentedCode:
    """Makes such codes from the card that the wearer has armed."""

    def __init__(self, wallet: "Wallet", codes: "PaymentCodes", random: "Random", clock: "Clock") -> None:
        self._wallet = wallet
        self._codes = codes
        self._random = random
        self._clock = clock

    def make(self) -> str:
        """Use up one key of the armed card and return the text of its code. The card is disarmed then in any case.

        The payment stands in the history, without an amount, before the text is returned. Raises StateError if nothing
        is armed, NoCodesError, NoKeysError, LockedError if the passcode must be entered once more, StorageError.
        """
        armed = self._wallet.armed
        if not armed:
            raise StateError("arm a card first")
        try:
            self._expect_allowed(armed[0])
            return self._code(armed[0])
        finally:
            self._wallet.disarm()

    def _expect_allowed(self, card: "ArmedCard") -> None:
        """The bank's limits for codes count. The amount is not known, so the highest of them needs the passcode."""
        offer = expect_codes(self._codes.offer(card.token.token_id), self._clock.security_s())
        if not card.cdcvm and limits.needs_cdcvm(offer.most_each, False, False, card.limits, card.spending):
            raise LockedError("enter the passcode again")

    def _code(self, card: "ArmedCard") -> str:
        token, profile = card.token, BY_NAME[card.token.profile]
        unpredictable = self._random.bytes(_UNPREDICTABLE_BYTES)
        outcome = remote.RemoteOutcome(0, token.currency, 0, SHOWN_AS, self._clock.display_s())
        tags = remote.spend(card, outcome, remote.terminal_data(unpredictable))
        tags[0x9F37] = unpredictable
        applications = [((0x4F, name.aid), (0x50, name.label)) for name in profile.names]
        return payload(applications, objects(profile, token, _TOKEN_TAGS), [(tag, tags[tag]) for tag in _CHIP_TAGS])


def _template(tag: int, inside: "Objects", *more: bytes) -> bytes:
    return tlv.encode(tag, *[tlv.encode(inner, value) for inner, value in inside], *more)
