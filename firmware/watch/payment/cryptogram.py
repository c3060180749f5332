"""Issuer application data and the input of the application cryptogram (docs/formats.md "Cryptograms").

The MAC itself belongs to the key.
"""

from micropython import const

from watch.crypto.hashes import equal
from watch.kernel.errors import InputError
from watch.payment.terminal import CRYPTOGRAM_DOL_BYTES
from watch.payment.versions import BY_CVN, WEARER_VERIFIED

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence, Tuple

    from watch.payment.armed import SingleKey
    from watch.payment.tlv import Buffer

    Parts = Sequence[Tuple[int, int]]

CRYPTOGRAM_BYTES = const(8)

# Cryptogram types: 9F27 (EMV Book 3 table 15), and P1 of GENERATE AC.
AAC = const(0x00)
TC = const(0x40)
ARQC = const(0x80)

_AIP_AT = const(29)
_ATC_AT = const(31)
_TAIL_AT = const(33)

# The byte of the CVR that says what was made, in the codes of 9F27.
_SECOND_BITS = const(0xC0)
_FIRST_BITS = const(0x30)
_FIRST_SHIFT = const(2)

_RESPONSE_CODE_BYTES = const(2)


class Cryptogram:
    """9F10 of one card, and the message under its cryptogram: the terminal's 29 bytes, AIP, ATC, a part of 9F10."""

    def __init__(self, cvn: int, dki: int, aip: bytes, cdcvm: bool) -> None:
        """`cdcvm`: the watch has verified its wearer. Raises InputError for an unknown cryptogram version."""
        version = BY_CVN.get(cvn)
        if version is None:
            raise InputError("unknown cryptogram version")
        self._version = version
        self.issuer_data = bytearray(version.template)
        """9F10. Changes with each cryptogram."""
        self.issuer_data[version.dki_at] = dki
        self._fresh = bytes(self.issuer_data)
        if cdcvm:
            self.mark_always(WEARER_VERIFIED)
        self._length = _TAIL_AT + sum([size for _, size in version.tail])
        self._message = bytearray(self._length)
        self._message[_AIP_AT:_ATC_AT] = aip
        self._tail = _windows(self._message, self.issuer_data, version.tail)

    def mark_always(self, fact: str) -> None:
        """The same for every cryptogram from now on, see `mark`."""
        self.mark(fact)
        self._fresh = bytes(self.issuer_data)

    def begin(self, kind: int) -> None:
        """Forget what earlier taps said; the first cryptogram of this one is an ARQC or an AAC."""
        self.issuer_data[:] = self._fresh
        at = self._version.kind_at
        self.issuer_data[at] = self.issuer_data[at] & ~_FIRST_BITS | kind >> _FIRST_SHIFT

    def second(self, kind: int) -> None:
        """The cryptogram to make next is the second one of the tap: a TC or an AAC."""
        at = self._version.kind_at
        self.issuer_data[at] = self.issuer_data[at] & ~_SECOND_BITS | kind

    def mark(self, fact: str) -> None:
        """Say so in the card verification results, if this version has bits for it (`watch.payment.versions`)."""
        for at, bits in self._version.marks.get(fact, ()):
            self.issuer_data[at] |= bits

    def set_terminal(self, request: "Buffer", at: int) -> None:
        """Take the terminal's 29 bytes, which start at `at`."""
        self._message[:CRYPTOGRAM_DOL_BYTES] = request[at : at + CRYPTOGRAM_DOL_BYTES]

    def replace(self, at: int, request: "Buffer", start: int, size: int) -> None:
        """Replace `size` of the terminal's bytes at `at`; for a second cryptogram of the same tap."""
        self._message[at : at + size] = request[start : start + size]

    def make(self, key: "SingleKey", out: bytearray) -> None:
        """The cryptogram under `key` and for its ATC, into the 8 bytes of `out`. Raises CryptoError."""
        version = self._version
        if version.index_bytes:
            self.issuer_data[version.index_at : version.index_at + version.index_bytes] = key.index
        for target, source in self._tail:
            target[:] = source
        message = self._message
        message[_ATC_AT] = key.atc >> 8
        message[_ATC_AT + 1] = key.atc & 0xFF
        key.mac(message, self._length, out)


def _windows(message: bytearray, issuer_data: bytearray, tail: "Parts") -> "list[tuple[memoryview, memoryview]]":
    """For each part of 9F10 under the MAC: where it goes, and where it comes from."""
    found = []
    at = _TAIL_AT
    for start, size in tail:
        found.append((memoryview(message)[at : at + size], memoryview(issuer_data)[start : start + size]))
        at += size
    return found


def answered_by_issuer(key: "SingleKey", cryptogram: "Buffer", request: "Buffer", at: int) -> bool:
    """True if the issuer authentication data (91) at `at` prove that the issuer has seen this cryptogram.

    ARPC method 1, EMV Book 2 section 8.2.1: 8 bytes, then the response code they are about. Raises CryptoError.
    """
    block = bytearray(cryptogram)
    for i in range(_RESPONSE_CODE_BYTES):
        block[i] ^= request[at + CRYPTOGRAM_BYTES + i]
    key.encrypt(block)
    return equal(block, request[at : at + CRYPTOGRAM_BYTES])
