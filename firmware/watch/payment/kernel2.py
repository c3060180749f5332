"""The Mastercard-profile application: options, records, GENERATE AC (EMV Contactless Book C-2, M/Chip style).

A key is taken in exactly one place: the first GENERATE AC that is answered with an ARQC. It stays for a second GENERATE
AC until the application is left, and is then zeroed. Online only; a combined signature (CDA) is not offered.

A refusal is an AAC that belongs to no key: ATC 0, a cryptogram of zeros. Terminals check only that the fields are there
(Book C-2, processing of GENERATE AC); mobile wallets send a random cryptogram there. The bank can never take it for a
used ATC.
"""

from micropython import const

from watch.payment import limits, profiles, status, tlv
from watch.payment.application import FINISHED, OPENED, PaymentApplication
from watch.payment.cryptogram import (
    CRYPTOGRAM_BYTES,
    CVR_AAC,
    CVR_ARQC,
    CryptogramInput,
    cvr_mastercard,
    cvr_region,
    issuer_data_mastercard,
)
from watch.payment.token_data import card_record

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from watch.payment.armed import ArmedCard, SingleKey
    from watch.payment.tlv import Buffer

_AIP_CDCVM = b"\x1a\x80"
"""Cardholder verification, terminal risk management, on-device CVM; EMV mode."""
_AIP_NO_CDCVM = b"\x18\x80"
_AFL = b"\x08\x01\x01\x00"
_RECORD = const(0x010C)  # P1 P2 of READ RECORD for that record
_CVM_LIST = bytes(8) + b"\x1f\x03"
"""8E: no amounts; "no CVM" if the terminal allows it, otherwise verification has failed and the card sees that."""

_GENERATE_AC = const(0x80AE)
_DATA = const(5)
_TYPE = const(0xC0)
_SIGNATURE = const(0x10)
"""CDA asked for although not offered: the answer simply comes without."""
_AAC = const(0x00)
_TC = const(0x40)
_ARQC = const(0x80)
_SECOND = const(5)  # step after the first ARQC, follows FINISHED

_TVR3_CVM_FAILED = const(0x80)
_CVM_CODE = const(0x3F)
_CVM_FAILED_OR_NONE = (0x00, 0x1F, 0x3F)  # nobody verified, or was asked to
_RISK2_CVM_LIMIT = const(0x80)
_RESPONSE_FROM_TERMINAL = b"YZ"
"""First letters of response codes that a terminal makes itself, EMV Book 4 annex A6: it has not been online."""

_CVR_SECOND = const(0xC0)  # CVR bits of the second cryptogram: 10 not asked for, 01 TC, 00 AAC
_CVR_SECOND_TC = const(0x40)

# Where CDOL2 values lie in the second command, and where they go in the cryptogram's input.
_SECOND_RESPONSE_AT = const(15)
_SECOND_TVR_AT = const(17)
_SECOND_UNPREDICTABLE_AT = const(22)
_INPUT_TVR_AT = const(14)
_INPUT_UNPREDICTABLE_AT = const(25)

# Where the changing parts lie in the prepared answers.
_CID_AT = const(5)
_ATC_AT = const(9)
_AC_AT = const(14)
_CVR_AT = const(27)  # in 9F10, after DKI and CVN
_REGION = const(3)  # CVR byte 4
_INTERACTION_AT = const(47)  # byte 2 of DF4B, in the AAC only

_PASSCODE_REQUIRED = const(0x01)
_CONSENT_REQUIRED = const(0x02)
_INTERACTION: "Dict[Optional[str], int]" = {limits.SEE_DEVICE: _PASSCODE_REQUIRED, limits.CONFIRM: _CONSENT_REQUIRED}
"""DF4B byte 2, by result: makes the terminal ask to look at the device and tap again (Book C-2 annex A)."""


def _offset(tag: int) -> int:
    return _DATA + tlv.dol_offset(profiles.CDOL1, tag)


class Kernel2(PaymentApplication):
    """The application for kernel 2."""

    def __init__(self, now_s: "Callable[[], int]") -> None:
        super().__init__(profiles.MASTERCARD_PROFILE, now_s)
        self.commands[_GENERATE_AC] = self._on_generate
        self._cdol1_length = tlv.dol_length(profiles.CDOL1)
        self._cdol2_length = tlv.dol_length(profiles.CDOL2)
        self._merchant_at = _offset(profiles.TAG_MERCHANT)
        self._tvr_at = _offset(profiles.TAG_TVR)
        self._cvm_results_at = _offset(profiles.TAG_CVM_RESULTS)
        self._risk_at = _offset(profiles.TAG_RISK_DATA)
        self._cryptogram = bytearray(CRYPTOGRAM_BYTES)
        self._key: "Optional[SingleKey]" = None
        self._domestic = -1
        self._arqc = b""
        self._aac = b""
        self._options = b""
        self._input = CryptogramInput(_AIP_NO_CDCVM, b"")

    def prepare(self, armed: "ArmedCard") -> None:
        """Build the record, both answers but for what a tap changes, and the cryptogram's fixed input."""
        token = armed.token
        aip = _AIP_CDCVM if armed.cdcvm else _AIP_NO_CDCVM
        cvr = cvr_mastercard(CVR_ARQC, armed.cdcvm)
        self._domestic = token.country
        self._input = CryptogramInput(aip, cvr)
        self._options = tlv.encode(0x77, tlv.encode(0x82, aip), tlv.encode(0x94, _AFL))
        cdol1, cdol2 = tlv.encode_dol(profiles.CDOL1), tlv.encode_dol(profiles.CDOL2)
        self.records = {_RECORD: card_record(token, cdol1, cdol2, _CVM_LIST)}
        self._arqc = _answer(_ARQC, issuer_data_mastercard(token.dki, cvr), b"")
        refused = issuer_data_mastercard(token.dki, cvr_mastercard(CVR_AAC, armed.cdcvm))
        self._aac = _answer(_AAC, refused, tlv.encode(0xDF4B, bytes(3)))

    def unload(self) -> None:
        """Forget the card and the key of an unfinished tap."""
        self._forget_key()
        super().unload()

    def deselect(self) -> None:
        """The tap is over: the key that waited for a second cryptogram is zeroed."""
        self._forget_key()
        super().deselect()

    def options(self, armed: "ArmedCard", request: "Buffer", reply: "Buffer") -> int:
        """Say where the record is. No key is touched."""
        self.step = OPENED
        answer = self._options
        size = len(answer)
        reply[:size] = answer
        return size

    def _on_generate(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        kind = request[2] & _TYPE
        if request[3] or request[2] & ~(_TYPE | _SIGNATURE) or kind == _TYPE:
            return status.WRONG_P1_P2
        armed = self.armed
        if armed is None:
            return status.CONDITIONS_NOT_SATISFIED
        count = request[_DATA - 1] if length > _DATA else 0
        if self.step == OPENED:
            if count != self._cdol1_length:
                return status.WRONG_LENGTH
            return self._first(armed, kind, request, reply)
        if self.step == _SECOND:
            if kind == _ARQC:
                return status.WRONG_P1_P2
            if count != self._cdol2_length:
                return status.WRONG_LENGTH
            return self._second(kind, request, reply)
        return status.CONDITIONS_NOT_SATISFIED

    def _first(self, armed: "ArmedCard", kind: int, request: "Buffer", reply: "Buffer") -> int:
        """The first GENERATE AC: decide; a TC is raised to an ARQC, since only the bank approves."""
        outcome = self.judge(armed, request, _DATA, self._merchant_at, self._cvm_required(request))
        if kind == _AAC:
            outcome.result = limits.DECLINED
        region = cvr_region(outcome.country == self._domestic, armed.cdcvm)
        if outcome.result != limits.SENT:
            self.step = FINISHED
            return self._refuse(outcome.result, region, reply)
        self._input.set_terminal(request, _DATA)
        self._key = self.spend(armed, _ARQC)
        self._key.outcome.complete = True  # this answer is the last one a terminal needs
        self.step = _SECOND
        return self._sign(self._key, _ARQC, self._arqc[_CVR_AT], region, reply)

    def _second(self, kind: int, request: "Buffer", reply: "Buffer") -> int:
        """The second GENERATE AC, under the key of the first: a TC only if the bank has answered."""
        key = self._key
        self.step = FINISHED
        if key is None:
            return status.CONDITIONS_NOT_SATISFIED
        if request[_SECOND_RESPONSE_AT] in _RESPONSE_FROM_TERMINAL:
            kind = _AAC
        self._input.replace(_INPUT_TVR_AT, request, _SECOND_TVR_AT, 5)
        self._input.replace(_INPUT_UNPREDICTABLE_AT, request, _SECOND_UNPREDICTABLE_AT, 4)
        first = self._arqc[_CVR_AT] & ~_CVR_SECOND | (_CVR_SECOND_TC if kind == _TC else 0)
        try:
            return self._sign(key, kind, first, self._input.tail(_REGION), reply)
        finally:
            self._forget_key()

    def _sign(self, key: "SingleKey", kind: int, cvr_first: int, cvr_region: int, reply: "Buffer") -> int:
        """Answer with a cryptogram under `key`, which says in its CVR what it is."""
        self._input.set_tail(0, cvr_first)
        self._input.set_tail(_REGION, cvr_region)
        self._input.make(key, self._cryptogram)
        answer = self._arqc
        size = len(answer)
        reply[:size] = answer
        reply[_CID_AT] = kind
        reply[_ATC_AT] = key.atc >> 8
        reply[_ATC_AT + 1] = key.atc & 0xFF
        reply[_AC_AT : _AC_AT + CRYPTOGRAM_BYTES] = self._cryptogram
        reply[_CVR_AT] = cvr_first
        reply[_CVR_AT + _REGION] = cvr_region
        return size

    def _refuse(self, result: "Optional[str]", region: int, reply: "Buffer") -> int:
        """Answer with the AAC that belongs to no key, and what the terminal should ask for."""
        answer = self._aac
        size = len(answer)
        reply[:size] = answer
        reply[_CVR_AT + _REGION] = region
        reply[_INTERACTION_AT] = _INTERACTION.get(result, 0)
        return size

    def _cvm_required(self, request: "Buffer") -> bool:
        """True if the terminal wants the cardholder verified: above its limit, or its list processing has failed."""
        return (
            request[self._tvr_at + 2] & _TVR3_CVM_FAILED != 0
            or request[self._cvm_results_at] & _CVM_CODE not in _CVM_FAILED_OR_NONE
            or request[self._risk_at + 1] & _RISK2_CVM_LIMIT != 0
        )

    def _forget_key(self) -> None:
        key = self._key
        self._key = None
        if key is not None:
            key.wipe()


def _answer(kind: int, issuer_data: bytes, interaction: bytes) -> bytes:
    """The answer to GENERATE AC with ATC and cryptogram left at zero."""
    return tlv.encode(
        0x77,
        tlv.encode(0x9F27, bytes((kind,))),
        tlv.encode(0x9F36, bytes(2)),
        tlv.encode(0x9F26, bytes(CRYPTOGRAM_BYTES)),
        tlv.encode(0x9F10, issuer_data),
        interaction,
    )
