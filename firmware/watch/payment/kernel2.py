"""Flow GENERATE: options, records, GENERATE AC (EMV Contactless Book C-2, M/Chip style; EMV Book 3 for contact).

A key is taken in exactly one place: the first GENERATE AC that is answered with an ARQC. It stays for a second GENERATE
AC until the application is left, and is then zeroed. Online only: a TC is raised to an ARQC, since only the bank
approves, and a combined signature (CDA) is not offered. The second cryptogram is a TC only if the bank has proved that
it saw the first.

A refusal is an AAC that belongs to no key: ATC 0, a cryptogram of zeros. Terminals check only that the fields are there
(Book C-2, processing of GENERATE AC); mobile wallets send a random cryptogram there. The bank can never take it for a
used ATC.
"""

from micropython import const

from watch.payment import commands, limits, status, tlv, versions
from watch.payment.answer import CryptogramAnswer
from watch.payment.application import FINISHED, OPENED, PaymentApplication
from watch.payment.commands import DATA, P1, P2
from watch.payment.cryptogram import AAC, ARQC, CRYPTOGRAM_BYTES, Cryptogram, answered_by_issuer
from watch.payment.pin import Pin
from watch.payment.profiles.profile import PPSE, TAG_LAST_ONLINE_ATC, TAG_PIN_TRIES
from watch.payment.terminal import (
    ISSUER_AUTHENTICATION_BYTES,
    TAG_AMOUNT,
    TAG_CVM_RESULTS,
    TAG_ISSUER_AUTHENTICATION,
    TAG_MERCHANT,
    TAG_RESPONSE_CODE,
    TAG_RISK_DATA,
    TAG_TVR,
    TAG_UNPREDICTABLE,
)
from watch.payment.token_data import file_locator, objects

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from watch.payment.armed import ArmedCard, SingleKey
    from watch.payment.profiles.profile import Profile
    from watch.payment.tlv import Buffer

# P1 of GENERATE AC, EMV Book 3 table 12.
_TYPE = const(0xC0)
_SIGNATURE = const(0x10)
"""CDA asked for although not offered: the answer simply comes without."""
_SECOND = const(5)  # step after the first ARQC, follows FINISHED

_TVR3_CVM_FAILED = const(0x80)
_CVM_CODE = const(0x3F)
_CVM_FAILED_OR_NONE = (0x00, 0x1F, 0x3F)  # nobody verified, or was asked to
_RISK2_CVM_LIMIT = const(0x80)
_RESPONSE_FROM_TERMINAL = b"YZ"
"""First letters of response codes that a terminal makes itself, EMV Book 4 annex A6: it has not been online."""

_TAG_TYPE = const(0x9F27)
# POS cardholder interaction information DF4B, byte 2 (Book C-2 annex A).
_TAG_INTERACTION = const(0xDF4B)
_PASSCODE_REQUIRED = const(0x01)
_CONSENT_REQUIRED = const(0x02)
_WEARER_VERIFIED = const(0x10)
_INTERACTION: "Dict[Optional[str], int]" = {limits.SEE_DEVICE: _PASSCODE_REQUIRED, limits.CONFIRM: _CONSENT_REQUIRED}
"""By result: makes the terminal ask to look at the device and tap again."""


class Cdol1:
    """Where the values of a profile's CDOL1 lie in the first GENERATE AC."""

    def __init__(self, profile: "Profile") -> None:
        dol = profile.cdol1
        self.length = tlv.dol_length(dol)
        self.amount_at = DATA + tlv.dol_offset(dol, TAG_AMOUNT)
        self.tvr_at = DATA + tlv.dol_offset(dol, TAG_TVR)
        self.unpredictable_at = DATA + tlv.dol_offset(dol, TAG_UNPREDICTABLE)
        self.cvm_results_at = DATA + tlv.dol_offset(dol, TAG_CVM_RESULTS)
        self.merchant_at = tlv.dol_place(dol, TAG_MERCHANT, DATA)
        self._risk_at = tlv.dol_place(dol, TAG_RISK_DATA, DATA)

    def cvm_required(self, request: "Buffer") -> bool:
        """True if the terminal wants the cardholder verified: above its limit, or its list processing has failed."""
        return (
            request[self.tvr_at + 2] & _TVR3_CVM_FAILED != 0
            or request[self.cvm_results_at] & _CVM_CODE not in _CVM_FAILED_OR_NONE
            or (self._risk_at >= 0 and request[self._risk_at + 1] & _RISK2_CVM_LIMIT != 0)
        )


class Cdol2:
    """Where the values of a profile's CDOL2 lie in the second GENERATE AC."""

    def __init__(self, profile: "Profile") -> None:
        dol = profile.cdol2
        self.length = tlv.dol_length(dol)
        self.authentication_at = DATA + tlv.dol_offset(dol, TAG_ISSUER_AUTHENTICATION)
        self.response_at = DATA + tlv.dol_offset(dol, TAG_RESPONSE_CODE)
        self.tvr_at = DATA + tlv.dol_offset(dol, TAG_TVR)
        self.unpredictable_at = DATA + tlv.dol_offset(dol, TAG_UNPREDICTABLE)


class Kernel2(PaymentApplication):
    """An application for kernel 2, or for contact terminals."""

    def __init__(self, profile: "Profile", now_s: "Callable[[], int]") -> None:
        super().__init__(profile, now_s)
        self.commands[commands.GENERATE_AC] = self._on_generate
        self._pin: "Optional[Pin]" = Pin(profile.pin) if profile.pin else None
        if self._pin:
            self.commands[commands.VERIFY] = self._on_verify
        self._cdol1 = Cdol1(profile)
        self._cdol2 = Cdol2(profile)
        self._made = bytearray(CRYPTOGRAM_BYTES)
        self._nothing_made = bytearray(CRYPTOGRAM_BYTES)
        self._key: "Optional[SingleKey]" = None
        self._last_online = 0
        self._options = b""
        self._cryptogram = Cryptogram(profile.cvns[0], 0, profile.aip, False)
        self._arqc = self._aac = CryptogramAnswer(self._cryptogram.issuer_data, ())

    def prepare(self, armed: "ArmedCard") -> None:
        """Build both answers but for what a tap changes, and the cryptogram's fixed input."""
        token, profile = armed.token, self.profile
        aip = profile.aip_cdcvm if armed.cdcvm else profile.aip
        own = [(0x82, aip), (0x94, file_locator(profile))]
        self._options = tlv.template(0x77, own + objects(profile, token, profile.options))[0]
        self._cryptogram = Cryptogram(token.cvn, token.dki, aip, armed.cdcvm)
        if self._pin is None and not armed.cdcvm:
            self._cryptogram.mark_always(versions.NOT_VERIFIED)
        self._arqc = self._prepared(bytes((0, _WEARER_VERIFIED if armed.cdcvm else 0, 0)))
        self._aac = self._prepared(bytes(3))
        self._last_online = 0
        if self._pin:
            self._pin.renew()

    def _prepared(self, interaction: bytes) -> CryptogramAnswer:
        others = [(_TAG_INTERACTION, interaction)] if self.profile.directory == PPSE else []
        return CryptogramAnswer(self._cryptogram.issuer_data, others)

    def forget(self) -> None:
        """Zero the key that waited for a second cryptogram."""
        self._forget_key()
        if self._pin:
            self._pin.forget()

    def options(self, armed: "ArmedCard", request: "Buffer", reply: "Buffer") -> int:
        """Say where the records are. No key is touched."""
        self.step = OPENED
        return commands.put(self._options, reply)

    def data(self, tag: int) -> bytes:
        """Also the ATC that the bank has answered last, and the tries of the PIN."""
        if tag == TAG_LAST_ONLINE_ATC:
            return bytes((self._last_online >> 8, self._last_online & 0xFF))
        if tag == TAG_PIN_TRIES and self._pin:
            return bytes((self._pin.tries_left,))
        return super().data(tag)

    def _on_verify(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        if self.step != OPENED or self._pin is None:
            return status.CONDITIONS_NOT_SATISFIED
        return self._pin.verify(request, length)

    def _on_generate(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        kind = request[P1] & _TYPE
        if request[P2] or request[P1] & ~(_TYPE | _SIGNATURE) or kind == _TYPE:
            return status.WRONG_P1_P2
        armed = self.armed
        count = commands.data_length(request, length)
        if armed is not None and self.step == OPENED:
            return self._first(armed, kind, request, reply) if count == self._cdol1.length else status.WRONG_LENGTH
        if armed is None or self.step != _SECOND:
            return status.CONDITIONS_NOT_SATISFIED
        if kind == ARQC:
            return status.WRONG_P1_P2
        return self._second(kind, request, reply) if count == self._cdol2.length else status.WRONG_LENGTH

    def _first(self, armed: "ArmedCard", kind: int, request: "Buffer", reply: "Buffer") -> int:
        """The first GENERATE AC: decide, then sign or refuse; change nothing while the wearer is being asked."""
        places = self._cdol1
        pin = self._pin
        required = not armed.cdcvm and not (pin and pin.verified) and places.cvm_required(request)
        outcome = self.judge(armed, request, places.amount_at, places.merchant_at, required)
        if kind == AAC:
            outcome.result = limits.DECLINED
        if outcome.result == limits.WAIT:
            return status.SEE_DEVICE
        cryptogram = self._cryptogram
        cryptogram.begin(ARQC if outcome.result == limits.SENT else AAC)
        cryptogram.mark(versions.DOMESTIC if outcome.country == armed.token.country else versions.INTERNATIONAL)
        if pin is not None:
            self._mark_pin(pin, armed.cdcvm)
        if outcome.result != limits.SENT:
            return self._refuse(outcome.result, reply)
        cryptogram.set_terminal(request, places.amount_at)
        key = self._key = self.spend(armed)
        key.outcome.complete = True  # this answer is the last one a terminal needs
        self.step = _SECOND
        return self._sign(key, ARQC, reply)

    def _second(self, kind: int, request: "Buffer", reply: "Buffer") -> int:
        """The second GENERATE AC, under the key of the first: a TC only if the bank has answered that one."""
        key = self._key
        self.step = FINISHED
        if key is None:
            return status.CONDITIONS_NOT_SATISFIED
        first, second, cryptogram = self._cdol1, self._cdol2, self._cryptogram
        if request[second.response_at] in _RESPONSE_FROM_TERMINAL:
            cryptogram.mark(versions.UNABLE_ONLINE)
            kind = AAC
        try:
            if not self._answered(key, request, second.authentication_at):
                kind = AAC
            cryptogram.second(kind)
            cryptogram.replace(first.tvr_at - first.amount_at, request, second.tvr_at, 5)
            cryptogram.replace(first.unpredictable_at - first.amount_at, request, second.unpredictable_at, 4)
            return self._sign(key, kind, reply)
        finally:
            self._forget_key()

    def _answered(self, key: "SingleKey", request: "Buffer", at: int) -> bool:
        """True if the bank has proved that it saw the first cryptogram. Without data of the bank there is no proof."""
        if not any(request[at : at + ISSUER_AUTHENTICATION_BYTES]):
            return False
        genuine = answered_by_issuer(key, self._made, request, at)
        self._cryptogram.mark(versions.ISSUER_AUTHENTICATED if genuine else versions.ISSUER_FAILED)
        if genuine:
            self._last_online = key.atc
        return genuine

    def _mark_pin(self, pin: Pin, cdcvm: bool) -> None:
        """Say in the CVR what became of the PIN of a test card."""
        cryptogram = self._cryptogram
        if not pin.tries_left:
            cryptogram.mark(versions.PIN_BLOCKED)
        if cdcvm:
            return
        if not pin.asked:
            cryptogram.mark(versions.NOT_VERIFIED)
        else:
            cryptogram.mark(versions.WEARER_VERIFIED if pin.verified else versions.PIN_FAILED)

    def _sign(self, key: "SingleKey", kind: int, reply: "Buffer") -> int:
        """Answer with a cryptogram under `key`."""
        self._cryptogram.make(key, self._made)
        size = self._arqc.put(key.atc, self._made, reply)
        reply[self._arqc.places[_TAG_TYPE]] = kind
        return size

    def _refuse(self, result: "Optional[str]", reply: "Buffer") -> int:
        """Answer with the AAC that belongs to no key, and what the terminal should ask for."""
        self.step = FINISHED
        answer = self._aac
        size = answer.put(0, self._nothing_made, reply)
        if self.profile.directory == PPSE:
            reply[answer.places[_TAG_INTERACTION] + 1] = _INTERACTION.get(result, 0)
        return size

    def _forget_key(self) -> None:
        key = self._key
        self._key = None
        if key is not None:
            key.wipe()
