"""What the payment applications of both kernels share: being there or not, the order of commands, records."""

from micropython import const

from watch.access.states import NFC_CARD, NFC_EXPRESS, NFC_SEE_DEVICE
from watch.payment import limits, status, tlv

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from watch.payment.armed import ArmedCard, Outcome, SingleKey
    from watch.payment.profiles import Profile
    from watch.payment.tlv import Buffer

    Handler = Callable[[Buffer, int, Buffer], int]

_LC = const(4)
_DATA = const(5)
_PDOL_TEMPLATE = const(0x83)
PDOL_AT = const(7)  # after the template's tag and length

# CLA and INS of EMV Book 3 section 6.5.
_GET_PROCESSING_OPTIONS = const(0x80A8)
_READ_RECORD = const(0x00B2)
_GET_DATA = const(0x80CA)
_RECORD_P2 = const(0x04)  # P1 is a record number
_TAG_ATC = const(0x9F36)

# Steps of one selection.
_GONE = const(0)
_SELECTED = const(1)
REFUSED = const(2)  # GET PROCESSING OPTIONS answered with an error
OPENED = const(3)  # GET PROCESSING OPTIONS answered with data: records may be read
FINISHED = const(4)  # nothing more but records


class PaymentApplication:
    """One scheme's application: a router application. Subclasses say what the options and the cryptogram are."""

    def __init__(self, profile: "Profile", now_s: "Callable[[], int]") -> None:
        """`now_s` gives the time that outcomes are stamped with."""
        self.aid = profile.aid
        self.profile = profile
        self.offered = False
        """True if the watch has a card of this scheme, loaded or not."""
        self.asked = False
        """Set when a terminal was told to see the device because no card is armed; whoever shows it clears it."""
        self.step = _GONE
        self.armed: "Optional[ArmedCard]" = None
        self.records: "Dict[int, bytes]" = {}
        self.pdol_length = tlv.dol_length(profile.pdol)
        self._mode = NFC_SEE_DEVICE
        self._now_s = now_s
        self._fci = _control_information(profile)
        self.commands: "Dict[int, Handler]" = {
            _GET_PROCESSING_OPTIONS: self._on_options,
            _READ_RECORD: self._on_record,
            _GET_DATA: self._on_data,
        }

    def set_mode(self, mode: str) -> None:
        """One of the NFC answers of `watch.access.states`. Whatever a terminal has begun ends here."""
        if mode != self._mode:
            self._mode = mode
            self.deselect()

    def present(self) -> bool:
        """True if a terminal may find this application now."""
        if self._mode == NFC_SEE_DEVICE:
            return self.offered
        return self._mode in (NFC_CARD, NFC_EXPRESS) and self.armed is not None

    def load(self, armed: "ArmedCard") -> None:
        """Work out everything about this card that does not depend on the terminal."""
        self.armed = armed
        self.step = _GONE
        self.prepare(armed)

    def unload(self) -> None:
        """Forget the card. Its keys are zeroed by their owner."""
        self.armed = None
        self.step = _GONE
        self.records = {}

    def prepare(self, armed: "ArmedCard") -> None:
        """Build records and answers. For the subclass."""
        raise NotImplementedError

    def options(self, armed: "ArmedCard", request: "Buffer", reply: "Buffer") -> int:
        """Answer GET PROCESSING OPTIONS with the PDOL data at PDOL_AT. For the subclass."""
        raise NotImplementedError

    def select(self, reply: "Buffer") -> int:
        """Answer SELECT with the file control information."""
        if not self.present():
            return status.NOT_FOUND
        self.step = _SELECTED
        fci = self._fci
        size = len(fci)
        reply[:size] = fci
        return size

    def deselect(self) -> None:
        """The reader is done with this application, or gone."""
        self.step = _GONE

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer one well-formed short command."""
        handler = self.commands.get(request[0] << 8 | request[1])
        if handler is None:
            return status.UNKNOWN_INSTRUCTION
        if self.step == _GONE:
            return status.CONDITIONS_NOT_SATISFIED
        return handler(request, length, reply)

    def _on_options(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        if request[2] or request[3]:
            return status.WRONG_P1_P2
        if length < PDOL_AT or request[_LC] != request[_DATA + 1] + 2:
            return status.WRONG_LENGTH
        if request[_DATA] != _PDOL_TEMPLATE:
            return status.WRONG_DATA
        if self.step != _SELECTED:
            return status.CONDITIONS_NOT_SATISFIED
        armed = self.armed
        if armed is None or self._mode == NFC_SEE_DEVICE:
            self.asked = True
            return status.SEE_DEVICE
        if request[_DATA + 1] != self.pdol_length:
            return status.CONDITIONS_NOT_SATISFIED  # a terminal that ignores the list cannot be paid
        return self.options(armed, request, reply)

    def _on_record(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        if request[3] & 0x07 != _RECORD_P2:
            return status.WRONG_P1_P2
        if self.step < OPENED:
            return status.CONDITIONS_NOT_SATISFIED
        record = self.records.get(request[2] << 8 | request[3])
        if record is None:
            return status.RECORD_NOT_FOUND
        size = len(record)
        reply[:size] = record
        if self.armed is not None and self.armed.outcome.atc:
            self.armed.outcome.complete = True  # the record after the cryptogram is the last thing a terminal reads
        return size

    def _on_data(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """GET DATA: only the ATC of the latest cryptogram, 0 before the first."""
        if request[2] << 8 | request[3] != _TAG_ATC:
            return status.DATA_NOT_FOUND
        atc = self.armed.last_atc() if self.armed else 0
        data = tlv.encode(_TAG_ATC, bytes((atc >> 8, atc & 0xFF)))
        reply[: len(data)] = data
        return len(data)

    def judge(self, armed: "ArmedCard", request: "Buffer", at: int, merchant_at: int, required: bool) -> "Outcome":
        """Decide on the tap whose amount, in the order of CRYPTOGRAM_DOL, starts at `at`. Touches no key.

        `required`: the terminal asks for a cardholder verification. The outcome's result is SENT if a key may be taken.
        """
        outcome = armed.next_outcome()
        amount = outcome.amount = tlv.parse_number(request, at, 6)
        currency = outcome.currency = tlv.parse_number(request, at + 19, 2)
        outcome.country = tlv.parse_number(request, at + 12, 2)
        outcome.time_s = self._now_s()
        outcome.set_merchant(request, merchant_at)
        if amount < 0 or currency < 0:
            outcome.result = limits.UNSUPPORTED
            return outcome
        foreign = currency != armed.token.currency
        needed = limits.needs_cdcvm(amount, foreign, required, armed.limits, armed.spending)
        outcome.cdcvm_missing = needed and not armed.cdcvm
        outcome.result = limits.decide(
            amount, currency, foreign, outcome.cdcvm_missing, armed.limits, armed.spending, armed.confirmed
        )
        if outcome.result == limits.SENT and not armed.has_key():
            outcome.result = limits.NO_KEYS
        return outcome

    def spend(self, armed: "ArmedCard", cid: int) -> "SingleKey":
        """Take the next key for a tap that was judged SENT, and count it. Raises NoKeysError."""
        key = armed.take()
        outcome = key.outcome
        outcome.atc = key.atc
        outcome.cid = cid
        armed.spending.add(outcome.amount if outcome.currency == armed.token.currency else 0, armed.cdcvm)
        return key


def _control_information(profile: "Profile") -> bytes:
    """The answer to SELECT: name, label, priority, and what the application wants to know."""
    inside = [tlv.encode(0x50, profile.label), tlv.encode(0x87, b"\x01")]
    if profile.pdol:
        inside.append(tlv.encode(0x9F38, tlv.encode_dol(profile.pdol)))
    return tlv.encode(0x6F, tlv.encode(0x84, profile.aid), tlv.encode(0xA5, *inside))
