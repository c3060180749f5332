"""VERIFY with a plaintext PIN (EMV Book 3 section 6.5.12), for test cards whose PIN is published.

The try counter lives in RAM and starts anew when the card is loaded: it protects nothing.
"""

from micropython import const

from watch.crypto.hashes import equal
from watch.payment import status, tlv
from watch.payment.commands import DATA, LC, P1, P2

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.tlv import Buffer

TRIES = const(3)
_PLAINTEXT = const(0x80)  # P2
_BLOCK_BYTES = const(8)
_FORMAT = const(2)  # high nibble of the block, ISO 9564-1 format 2; the low one is the number of digits
_LEAST_DIGITS = const(4)
_MOST_DIGITS = const(12)


class Pin:
    """A reference PIN and what became of the tries."""

    def __init__(self, digits: bytes) -> None:
        """`digits` in ASCII, 4 to 12."""
        block = f"{_FORMAT}{len(digits):x}{digits.decode()}"
        self._block = tlv.packed(block + "F" * (2 * _BLOCK_BYTES - len(block)))
        self.tries_left = TRIES
        self.asked = False
        """True if a PIN was presented since `forget`."""
        self.verified = False
        """True if the PIN presented last was right."""

    def forget(self) -> None:
        """A new transaction begins; the tries go on."""
        self.asked = self.verified = False

    def renew(self) -> None:
        """All tries are there again."""
        self.forget()
        self.tries_left = TRIES

    def verify(self, request: "Buffer", length: int) -> int:
        """Answer VERIFY: 0, or a status word."""
        if request[P1] or request[P2] != _PLAINTEXT:
            return status.WRONG_P1_P2
        if length <= DATA or request[LC] != _BLOCK_BYTES:
            return status.WRONG_LENGTH
        if not self.tries_left:
            return status.PIN_BLOCKED
        block = request[DATA : DATA + _BLOCK_BYTES]
        if block[0] >> 4 != _FORMAT or not _LEAST_DIGITS <= block[0] & 0x0F <= _MOST_DIGITS:
            return status.WRONG_DATA
        self.asked = True
        self.verified = equal(block, self._block)
        if self.verified:
            self.tries_left = TRIES
            return 0
        self.tries_left -= 1
        return status.TRIES_LEFT - self.tries_left
