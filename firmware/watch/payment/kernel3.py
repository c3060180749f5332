"""Flow OPTIONS: one command decides and answers (EMV Contactless Book C-3, qVSDC style).

A key is taken in exactly one place: the GET PROCESSING OPTIONS that returns its cryptogram. Online only; no offline
data authentication.

Cardholder verification, in this order:

1. The wearer was verified on the watch: the card says so (CTQ), whatever the terminal asked.
2. The card's own limits want a passcode: "see the device".
3. The terminal asks for a verification and takes one made on the watch (TTQ): "see the device".
4. It asks for one, takes none made on the watch, but has a PIN pad that asks the bank: the card wants that (CTQ).
   The payment counts as one without CDCVM, within those limits.
5. It asks for one and has no way that the card has, such as a signature only: refused.
"""

from micropython import const

from watch.payment import limits, status, tlv
from watch.payment.answer import CryptogramAnswer
from watch.payment.application import OPENED, PDOL_AT, REFUSED, PaymentApplication
from watch.payment.cryptogram import ARQC, CRYPTOGRAM_BYTES, Cryptogram
from watch.payment.terminal import TAG_AMOUNT, TAG_MERCHANT, TAG_TTQ
from watch.payment.token_data import file_locator, objects

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.payment.armed import ArmedCard
    from watch.payment.profiles.profile import Profile
    from watch.payment.tlv import Buffer

# Card transaction qualifiers, Book C-3 annex A.
_TAG_QUALIFIERS = const(0x9F6C)
_CTQ1_ONLINE_PIN = const(0x80)
_CTQ2_CDCVM = const(0x80)

# Terminal transaction qualifiers 9F66, Book C-3 annex A.
_TTQ1_EMV_MODE = const(0x20)
_TTQ1_OFFLINE_ONLY = const(0x08)
_TTQ1_ONLINE_PIN = const(0x04)
_TTQ2_CVM_REQUIRED = const(0x40)
_TTQ3_CDCVM = const(0x40)


class Kernel3(PaymentApplication):
    """An application for kernel 3."""

    def __init__(self, profile: "Profile", now_s: "Callable[[], int]") -> None:
        super().__init__(profile, now_s)
        self._ttq_at = PDOL_AT + tlv.dol_offset(profile.pdol, TAG_TTQ)
        self._amount_at = PDOL_AT + tlv.dol_offset(profile.pdol, TAG_AMOUNT)
        self._merchant_at = tlv.dol_place(profile.pdol, TAG_MERCHANT, PDOL_AT)
        self._made = bytearray(CRYPTOGRAM_BYTES)
        self._cryptogram = Cryptogram(profile.cvns[0], 0, profile.aip, False)
        self._answer = CryptogramAnswer(self._cryptogram.issuer_data, ())

    def prepare(self, armed: "ArmedCard") -> None:
        """Build the answer but for what a tap changes, and the cryptogram's fixed input."""
        token, profile = armed.token, self.profile
        aip = profile.aip_cdcvm if armed.cdcvm else profile.aip
        self._cryptogram = Cryptogram(token.cvn, token.dki, aip, armed.cdcvm)
        own = [
            (_TAG_QUALIFIERS, bytes((0, _CTQ2_CDCVM if armed.cdcvm else 0))),
            (0x82, aip),
            (0x94, file_locator(profile)),
        ]
        own += objects(profile, token, profile.options)
        self._answer = CryptogramAnswer(self._cryptogram.issuer_data, own, ARQC)

    def options(self, armed: "ArmedCard", request: "Buffer", reply: "Buffer") -> int:
        """Decide, take a key, answer with its cryptogram; or refuse and take none.

        While the wearer is being asked nothing changes: the same command is answered once more after that.
        """
        at = self._ttq_at
        supported = request[at] & (_TTQ1_EMV_MODE | _TTQ1_OFFLINE_ONLY) == _TTQ1_EMV_MODE
        required = request[at + 1] & _TTQ2_CVM_REQUIRED != 0
        online_pin = False
        if required and not armed.cdcvm and not request[at + 2] & _TTQ3_CDCVM:
            required = False
            online_pin = request[at] & _TTQ1_ONLINE_PIN != 0
            supported = supported and online_pin
        outcome = self.judge(armed, request, self._amount_at, self._merchant_at, required)
        if not supported:
            outcome.result = limits.UNSUPPORTED
        if outcome.result == limits.WAIT:
            return status.SEE_DEVICE
        self.step = REFUSED
        if outcome.result != limits.SENT:
            again = outcome.result in (limits.CONFIRM, limits.SEE_DEVICE)
            return status.SEE_DEVICE if again else status.CONDITIONS_NOT_SATISFIED
        return self._sign(armed, request, online_pin, reply)

    def _sign(self, armed: "ArmedCard", request: "Buffer", online_pin: bool, reply: "Buffer") -> int:
        key = self.spend(armed)
        cryptogram = self._cryptogram
        try:
            cryptogram.set_terminal(request, self._amount_at)
            cryptogram.make(key, self._made)
        finally:
            key.wipe()
        self.step = OPENED
        size = self._answer.put(key.atc, self._made, reply)
        if online_pin:
            reply[self._answer.places[_TAG_QUALIFIERS]] = _CTQ1_ONLINE_PIN
        return size
