"""All that one card may use during one arming. It lives in RAM only; storage, screens and clocks are elsewhere."""

from micropython import const

from watch.crypto.des import Alg3Mac
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError, InputError, NoKeysError
from watch.payment.limits import CONFIRM, WAIT, Limits
from watch.payment.terminal import MERCHANT_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Sequence, Tuple

    from watch.payment.spending import Spending
    from watch.payment.tlv import Buffer
    from watch.payment.token import Token

MOST_KEYS = const(3)
"""Keys one arming may burn: a tap, the second tap after a confirmation, one torn tap."""
_KEY_BYTES = const(16)
_NOTHING = const(-1)
"""Less than every amount."""


class Outcome:
    """What one tap came to. The card fills it, others read it after the tap."""

    def __init__(self) -> None:
        self.result: "Optional[str]" = None
        """One of the results of `watch.payment.limits`; None while no terminal has asked."""
        self.amount = 0
        """Minor units."""
        self.currency = 0
        self.country = 0
        """Of the terminal; -1 if it sent something that is no number."""
        self.cdcvm_missing = False
        """A passcode is needed before this tap can be answered."""
        self.atc = 0
        """0 if no key was used."""
        self.cid = 0
        """Cryptogram type: 80 ARQC, 00 AAC (EMV Book 3 table 15)."""
        self.complete = False
        """The terminal has fetched all it needs to go online; False after a tap that was torn."""
        self.time_s = 0
        self.claimed = ""
        """Who asks, in the words of a terminal by Bluetooth, as its wearer was shown."""
        self._merchant = bytearray(MERCHANT_BYTES)

    def set_merchant(self, request: "Buffer", at: int) -> None:
        """Keep the merchant field that the terminal sent at `at`."""
        self._merchant[:] = request[at : at + MERCHANT_BYTES]

    def merchant(self) -> str:
        """The merchant's name as its wearer saw it, or as sent: ASCII, anything else as `?`; empty without one."""
        if self.claimed:
            return self.claimed
        sent = bytes(self._merchant).rstrip(b"\0 ").lstrip(b"\0 ")
        return "".join([chr(byte) if 0x20 <= byte <= 0x7E else "?" for byte in sent])


class SingleKey:
    """One session key: good for one ATC, then gone."""

    def __init__(self, atc: int, key: bytearray, index: bytes = b"") -> None:
        """Takes over `key`, 16 bytes, which `wipe` zeroes. Raises InputError.

        `index` of a limited-use key: 4 bytes by which the bank finds it (cryptogram version 43h).
        """
        if len(key) != _KEY_BYTES or not 0 < atc <= 0xFFFF:
            raise InputError("not a session key")
        self.atc = atc
        self.index = index
        self.used = False
        self.outcome = Outcome()
        self._key = key
        self._mac: "Optional[Alg3Mac]" = Alg3Mac(key)

    def mac(self, message: bytearray, length: int, out: bytearray) -> None:
        """The cryptogram over `length` bytes of `message`, into the 8 bytes of `out`. Raises CryptoError once wiped."""
        if self._mac is None:
            raise CryptoError("session key is gone")
        self._mac.mac(message, length, out)

    def encrypt(self, block: bytearray) -> None:
        """Triple-DES one block of 8 bytes in place. Raises CryptoError once wiped."""
        if self._mac is None:
            raise CryptoError("session key is gone")
        self._mac.encrypt(block)

    def wipe(self) -> None:
        """Zero the key and its schedules."""
        zero(self._key)
        if self._mac is not None:
            self._mac.zero()
            self._mac = None


class ArmedCard:
    """One card, armed: its public data, its limits, and at most three keys."""

    def __init__(
        self,
        token: "Token",
        spending: "Spending",
        cdcvm: bool,
        keys: "Sequence[SingleKey]",
        confirmed: "Optional[Tuple[int, int]]" = None,
        limits: "Optional[Limits]" = None,
    ) -> None:
        """Take over `keys`. Raises InputError for more than three, or for ATCs that do not rise.

        `spending` is counted on, in RAM, by each cryptogram. `cdcvm`: the passcode is fresh, so CDCVM may be claimed.
        `confirmed`: (amount, currency) the wearer approved on the screen. `limits` stand in for the token's own, for
        express mode.
        """
        if len(keys) > MOST_KEYS:
            raise InputError("too many keys for one arming")
        for before, after in zip(keys, keys[1:]):
            if after.atc <= before.atc:
                raise InputError("ATCs must rise")
        self.token = token
        self.keys = keys
        self.limits = limits or Limits(token.limits)
        self.spending = spending
        self.cdcvm = cdcvm
        self.confirmed = confirmed
        self.shown = confirmed
        """What the screen shows as (amount, currency), if that is what it asks for."""
        self.unconfirmed = CONFIRM
        """What a tap comes to that the wearer has to confirm and has not."""
        self.outcome = Outcome()
        """The latest tap. The outcome of an answered one stays with its key."""
        self._spare = self.outcome
        self._taken = 0

    def confirm(self, confirmed: "Optional[Tuple[int, int]]", shown: "Optional[Tuple[int, int]]") -> None:
        """What may be paid above the confirm amount, and what the screen shows; None and None take it back."""
        self.confirmed = confirmed
        self.shown = shown

    def ask_always(self) -> None:
        """From now on every amount, zero included, has to be confirmed, and its terminal waits for that.

        What was confirmed before was for another terminal.
        """
        self.limits.confirm_above = _NOTHING
        self.unconfirmed = WAIT
        self.confirm(None, None)

    def agreed(self) -> "Optional[Tuple[int, int]]":
        """What the wearer has confirmed, if the screen shows just that; None otherwise. Allocates nothing."""
        return self.confirmed if self.confirmed == self.shown else None

    def take(self) -> SingleKey:
        """The next key, used from now on whatever happens. A confirmation is good for one key. Raises NoKeysError."""
        if self._taken >= len(self.keys):
            raise NoKeysError("no key left in this arming")
        key = self.keys[self._taken]
        self._taken += 1
        key.used = True
        self.confirm(None, None)
        return key

    def last_sent(self) -> "Optional[Outcome]":
        """The outcome of the key taken last, whatever a terminal has asked since; None if none was taken."""
        return self.keys[self._taken - 1].outcome if self._taken else None

    def count(self, key: SingleKey, cid: int) -> None:
        """Count a payment whose outcome is filled in but for what is said here. Allocates nothing."""
        outcome = key.outcome
        outcome.atc = key.atc
        outcome.cid = cid
        self.spending.add(outcome.amount if outcome.currency == self.token.currency else 0, self.cdcvm)

    def next_outcome(self) -> Outcome:
        """The outcome to fill for the tap that begins now: that of the next key, which is not touched."""
        self.outcome = self.keys[self._taken].outcome if self._taken < len(self.keys) else self._spare
        self.outcome.atc = 0
        self.outcome.cid = 0
        return self.outcome

    def has_key(self) -> bool:
        """True if `take` would succeed."""
        return self._taken < len(self.keys)

    def last_atc(self) -> int:
        """ATC of the key taken last, 0 if there is none."""
        used = [key.atc for key in self.keys if key.used]
        return used[-1] if used else 0

    def zero(self) -> None:
        """Zero every key and schedule. Nothing can be taken afterwards."""
        self._taken = len(self.keys)
        for key in self.keys:
            key.wipe()
