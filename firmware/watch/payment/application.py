"""What the payment applications of all profiles share: being there or not, the order of commands, records."""

from micropython import const

from watch.access.states import NFC_CARD, NFC_EXPRESS, NFC_SEE_DEVICE
from watch.payment import commands, limits, status, tlv, token_data
from watch.payment.commands import DATA, LC, P1, P2
from watch.payment.cryptogram import ARQC
from watch.payment.entrance import Entrance
from watch.payment.profiles.profile import PPSE, TAG_ATC
from watch.payment.terminal import COUNTRY_AT, CURRENCY_AT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from watch.payment.armed import ArmedCard, Outcome, SingleKey
    from watch.payment.profiles.profile import Profile
    from watch.payment.tlv import Buffer

    Handler = Callable[[Buffer, int, Buffer], int]

_PDOL_TEMPLATE = const(0x83)
PDOL_AT = const(7)  # after the template's tag and length

# Steps of one selection.
_GONE = const(0)
_SELECTED = const(1)
REFUSED = const(2)  # GET PROCESSING OPTIONS answered with an error
OPENED = const(3)  # GET PROCESSING OPTIONS answered with data: records may be read
FINISHED = const(4)  # nothing more but records


class PaymentApplication:
    """One profile's application. Subclasses are flows: they say what the options and the cryptogram are."""

    def __init__(self, profile: "Profile", now_s: "Callable[[], int]") -> None:
        """`now_s` gives the time that outcomes are stamped with."""
        self.profile = profile
        self.entrances = tuple([Entrance(self, name, place) for place, name in enumerate(profile.names, 1)])
        """What the router selects, one for each AID."""
        self.offered = False
        """True if the watch has a card of this profile that may pay, loaded or not."""
        self.invalidated = False
        """True if the bank has suspended every card of this profile that the watch has."""
        self.asked = False
        """Set when a terminal was told to see the device because no card is armed; whoever shows it clears it."""
        self.step = _GONE
        self.armed: "Optional[ArmedCard]" = None
        self.records: "Dict[int, bytes]" = {}
        self._last_record = 0
        self._pdol_length = tlv.dol_length(profile.pdol)
        self._mode = NFC_SEE_DEVICE
        self._now_s = now_s
        self._entered: "Optional[Entrance]" = None
        self.commands: "Dict[int, Handler]" = {
            commands.SELECT: _wrong_parameters,
            commands.GET_PROCESSING_OPTIONS: self._on_options,
            commands.READ_RECORD: self._on_record,
            commands.GET_DATA: self._on_data,
        }

    def set_mode(self, mode: str) -> None:
        """One of the NFC answers of `watch.access.states`. Whatever a terminal has begun ends here."""
        if mode != self._mode:
            self._mode = mode
            self.reset()

    def present(self) -> bool:
        """True if a terminal may find this application now."""
        mode = self._mode
        if mode == NFC_CARD:
            return self.armed is not None
        if mode == NFC_SEE_DEVICE:
            return self.offered and self.profile.directory == PPSE
        return mode == NFC_EXPRESS and self.profile.express and self.armed is not None

    def load(self, armed: "ArmedCard") -> None:
        """Work out everything about this card that does not depend on the terminal. Raises InputError."""
        self.reset()
        self.armed = armed
        self.records = token_data.records(self.profile, armed.token)
        sfi, number = self.profile.records[-1][:2]
        self._last_record = number << 8 | sfi << 3 | 4
        self.prepare(armed)

    def unload(self) -> None:
        """Forget the card. Its keys are zeroed by their owner."""
        self.reset()
        self.armed = None
        self.records = {}

    def reset(self) -> None:
        """End what a terminal has begun."""
        if self.step:
            self.step = _GONE
            self.forget()

    def forget(self) -> None:
        """Zero what is left of a tap that is over. For the flow."""

    def prepare(self, armed: "ArmedCard") -> None:
        """Build the answers. For the flow."""
        raise NotImplementedError

    def options(self, armed: "ArmedCard", request: "Buffer", reply: "Buffer") -> int:
        """Answer GET PROCESSING OPTIONS with the PDOL data at PDOL_AT. For the flow."""
        raise NotImplementedError

    def enter(self, entrance: "Entrance", reply: "Buffer") -> int:
        """Answer SELECT by one of the AIDs with its file control information."""
        if not self.present():
            blocked = self.invalidated and self._mode in (NFC_CARD, NFC_SEE_DEVICE)
            return status.INVALIDATED if blocked else status.NOT_FOUND
        self.reset()
        self._entered = entrance
        self.step = _SELECTED
        return commands.put(entrance.control_information, reply)

    def leave(self, entrance: "Entrance") -> None:
        """The reader is done with this application, or gone; unless it has come in again by another AID."""
        if self._entered is entrance:
            self._entered = None
            self.reset()

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer one well-formed short command."""
        handler = self.commands.get(request[0] << 8 | request[1])
        if handler is None:
            return status.UNKNOWN_INSTRUCTION
        if self.step == _GONE:
            return status.CONDITIONS_NOT_SATISFIED
        return handler(request, length, reply)

    def _on_options(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        if request[P1] or request[P2]:
            return status.WRONG_P1_P2
        if length < PDOL_AT or request[LC] != request[DATA + 1] + 2:
            return status.WRONG_LENGTH
        if request[DATA] != _PDOL_TEMPLATE:
            return status.WRONG_DATA
        if self.step != _SELECTED:
            return status.CONDITIONS_NOT_SATISFIED
        armed = self.armed
        if armed is None or self._mode == NFC_SEE_DEVICE:
            self.asked = True
            return status.SEE_DEVICE
        count = request[DATA + 1]
        if count != self._pdol_length and (count or not self.profile.pdol_optional):
            return status.CONDITIONS_NOT_SATISFIED  # a terminal that ignores the list cannot be paid
        return self.options(armed, request, reply)

    def _on_record(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        place = request[P1] << 8 | request[P2]
        record = self.records.get(place)
        if record is None or length > DATA or self.step < OPENED:
            return self._no_record(request, length, reply)
        armed = self.armed
        if place == self._last_record and armed is not None and armed.outcome.atc:
            armed.outcome.complete = True  # the last record after the cryptogram is the last thing a terminal reads
        size = len(record)
        reply[:size] = record
        return size

    def _no_record(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        wrong = commands.check_read_record(request, length)
        if wrong:
            return wrong
        if self.step < OPENED:
            return status.CONDITIONS_NOT_SATISFIED
        return commands.read_record(self.records, request, reply)

    def _on_data(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        if length > DATA:
            return status.WRONG_LENGTH
        tag = request[P1] << 8 | request[P2]
        if tag not in self.profile.data:
            return status.DATA_NOT_FOUND
        return commands.put(tlv.encode(tag, self.data(tag)), reply)

    def data(self, tag: int) -> bytes:
        """The value for GET DATA of one of the profile's tags: here the ATC of the latest cryptogram, 0 before it."""
        atc = self.armed.last_atc() if self.armed and tag == TAG_ATC else 0
        return bytes((atc >> 8, atc & 0xFF))

    def judge(self, armed: "ArmedCard", request: "Buffer", at: int, merchant_at: int, required: bool) -> "Outcome":
        """Decide on the tap whose amount, in the order of CRYPTOGRAM_DOL, starts at `at`. Touches no key.

        `merchant_at` is -1 if the profile does not ask who the merchant is. `required`: the terminal asks for a
        cardholder verification. The outcome's result is SENT if a key may be taken.
        """
        outcome = armed.next_outcome()
        amount = outcome.amount = tlv.parse_number(request, at, 6)
        currency = tlv.parse_number(request, at + CURRENCY_AT, 2)
        if not currency and self.profile.currency_optional:
            currency = armed.token.currency
        outcome.currency = currency
        outcome.country = tlv.parse_number(request, at + COUNTRY_AT, 2)
        outcome.time_s = self._now_s()
        if merchant_at >= 0:
            outcome.set_merchant(request, merchant_at)
        if amount < 0 or currency < 0:
            outcome.result = limits.UNSUPPORTED
            return outcome
        foreign = currency != armed.token.currency
        allowed, spending = armed.limits, armed.spending
        missing = not armed.cdcvm and limits.needs_cdcvm(amount, foreign, required, allowed, spending)
        outcome.cdcvm_missing = missing
        result = limits.decide(amount, currency, foreign, missing, allowed, spending, armed.agreed())
        if result == limits.CONFIRM:
            result = armed.unconfirmed
        elif result == limits.SENT and not armed.has_key():
            result = limits.NO_KEYS
        outcome.result = result
        return outcome

    def spend(self, armed: "ArmedCard") -> "SingleKey":
        """Take the next key for a tap that was judged SENT, and count it. Raises NoKeysError."""
        key = armed.take()
        armed.count(key, ARQC)
        return key


def _wrong_parameters(request: "Buffer", length: int, reply: "Buffer") -> int:
    """SELECT in any other way than by name, which the router answers."""
    return status.WRONG_P1_P2
