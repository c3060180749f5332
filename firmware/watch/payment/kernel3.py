"""The Visa-profile application: one command decides and answers (EMV Contactless Book C-3, qVSDC style).

A key is taken in exactly one place: the GET PROCESSING OPTIONS that returns its cryptogram. Online only; no offline
data authentication.
"""

from micropython import const

from watch.payment import limits, status, tlv
from watch.payment.application import OPENED, PDOL_AT, REFUSED, PaymentApplication
from watch.payment.cryptogram import CRYPTOGRAM_BYTES, CryptogramInput, cvr_visa, issuer_data_visa
from watch.payment.profiles import TAG_AMOUNT, TAG_MERCHANT, VISA_PROFILE
from watch.payment.token_data import online_record, track2

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.payment.armed import ArmedCard
    from watch.payment.tlv import Buffer

_AIP = b"\x00\x00"
"""No offline data authentication; cardholder verification is settled by TTQ and CTQ, not by a list."""
_AFL = b"\x08\x01\x01\x00"
"""One record, SFI 1; none of it signed."""
_RECORD = const(0x010C)  # P1 P2 of READ RECORD for that record
_FORM_FACTOR = b"\x24\x84\x00\x00"
"""9F6E: version 1, wrist-worn; passcode capable, cloud-based credentials; contactless."""
_CTQ_CDCVM = b"\x00\x80"
_CTQ_NONE = b"\x00\x00"
_CID_ARQC = const(0x80)

# Terminal transaction qualifiers 9F66, Book C-3 annex A.
_TTQ1_EMV_MODE = const(0x20)
_TTQ1_OFFLINE_ONLY = const(0x08)
_TTQ2_CVM_REQUIRED = const(0x40)

# Where the changing parts lie in the prepared answer: they come first, so that these never move.
_ATC_AT = const(5)
_AC_AT = const(10)


class Kernel3(PaymentApplication):
    """The application for kernel 3."""

    def __init__(self, now_s: "Callable[[], int]") -> None:
        super().__init__(VISA_PROFILE, now_s)
        self._amount_at = PDOL_AT + tlv.dol_offset(VISA_PROFILE.pdol, TAG_AMOUNT)
        self._merchant_at = PDOL_AT + tlv.dol_offset(VISA_PROFILE.pdol, TAG_MERCHANT)
        self._cryptogram = bytearray(CRYPTOGRAM_BYTES)
        self._answer = b""
        self._input = CryptogramInput(_AIP, b"")

    def prepare(self, armed: "ArmedCard") -> None:
        """Build the record, the answer but for ATC and cryptogram, and the cryptogram's fixed input."""
        token = armed.token
        issuer_data = issuer_data_visa(token.dki, cvr_visa(armed.cdcvm))
        self._input = CryptogramInput(_AIP, issuer_data)
        self.records = {_RECORD: online_record(token)}
        self._answer = tlv.encode(
            0x77,
            tlv.encode(0x9F36, bytes(2)),
            tlv.encode(0x9F26, bytes(CRYPTOGRAM_BYTES)),
            tlv.encode(0x9F10, issuer_data),
            tlv.encode(0x9F27, bytes((_CID_ARQC,))),
            tlv.encode(0x82, _AIP),
            tlv.encode(0x94, _AFL),
            tlv.encode(0x57, track2(token)),
            tlv.encode(0x5F34, tlv.number(token.psn, 1)),
            tlv.encode(0x9F6C, _CTQ_CDCVM if armed.cdcvm else _CTQ_NONE),
            tlv.encode(0x9F6E, _FORM_FACTOR),
        )

    def options(self, armed: "ArmedCard", request: "Buffer", reply: "Buffer") -> int:
        """Decide, take a key, answer with its cryptogram; or refuse and take none."""
        self.step = REFUSED
        required = request[PDOL_AT + 1] & _TTQ2_CVM_REQUIRED != 0
        outcome = self.judge(armed, request, self._amount_at, self._merchant_at, required)
        if request[PDOL_AT] & (_TTQ1_EMV_MODE | _TTQ1_OFFLINE_ONLY) != _TTQ1_EMV_MODE:
            outcome.result = limits.UNSUPPORTED
        if outcome.result != limits.SENT:
            again = outcome.result in (limits.CONFIRM, limits.SEE_DEVICE)
            return status.SEE_DEVICE if again else status.CONDITIONS_NOT_SATISFIED
        key = self.spend(armed, _CID_ARQC)
        try:
            self._input.set_terminal(request, self._amount_at)
            self._input.make(key, self._cryptogram)
        finally:
            key.wipe()
        self.step = OPENED
        answer = self._answer
        size = len(answer)
        reply[:size] = answer
        reply[_ATC_AT] = key.atc >> 8
        reply[_ATC_AT + 1] = key.atc & 0xFF
        reply[_AC_AT : _AC_AT + CRYPTOGRAM_BYTES] = self._cryptogram
        return size
