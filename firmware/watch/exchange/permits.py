"""Which kinds of messages a sender may bring; docs/formats.md, "Messages between a carrier and the watch".

A computer at the USB port may bring all: whoever holds the cable holds the watch.
"""

from micropython import const

from watch.exchange import messages

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.exchange.messages import Exchange

_OTHER_PHONE = (messages.HELLO, messages.NOTICE, messages.SET_CLOCK, messages.WALLET)
_COMPUTER = (
    messages.HELLO,
    messages.CARD_ART,
    messages.APP_PART,
    messages.APP_STATE,
    messages.APPS,
    messages.APP_REMOVE,
    messages.REVOCATIONS,
    messages.APP_LOG,
    messages.DEVELOPER,
    messages.APP_OPEN,
    messages.UPDATE_STATE,
    messages.UPDATE_PART,
    messages.UPDATE_GO,
    messages.DIAGNOSE,
)
"""A picture needs no trust in who brings it: a card on the watch names it by its SHA-256. An app is signed, and the
wearer is asked; so it is with a developer's key and with a system image."""
_TABLE = {
    ("phone", True): messages.KINDS,
    ("phone", False): _OTHER_PHONE,
    ("loader", False): _COMPUTER,
}
"""By role of the bond (docs/bluetooth.md) and whether it is the primary phone."""

MAILBOX = (
    messages.HELLO,
    messages.TRUST,
    messages.ATTEST,
    messages.TOKEN_REQUEST,
    messages.TOKEN_PACKAGE,
    messages.RECEIPTS,
    messages.NOTICE,
    messages.WALLET,
    messages.CARD_ART,
    messages.LICENCE,
    messages.REVOCATIONS,
    messages.APP_PAYMENTS,
)
"""From the mailbox: what a bank says. Manufacturer, clock, tag and merchants' codes are for those near the wearer."""


def of(role: str, primary: bool) -> "tuple[int, ...]":
    """The kinds for a bond; none for a role that has no business here."""
    return _TABLE.get((role, primary), ())


class Desk:
    """Answers devices by what they may ask."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange

    def answer(self, role: str, primary: bool, message: "bytes | memoryview") -> bytes:
        """The answer to a message from a bond; status `wrong-state` for a kind that it may not bring."""
        return self._exchange.answer(message, of(role, primary))
