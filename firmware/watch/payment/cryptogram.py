"""Inputs of the application cryptogram, docs/formats.md "Cryptograms". The MAC itself belongs to the key."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.armed import SingleKey
    from watch.payment.tlv import Buffer

CRYPTOGRAM_BYTES = const(8)
CVN_18 = const(0x12)
CVN_20 = const(0x14)

_TERMINAL_BYTES = const(29)  # 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37
_AIP_AT = const(29)
_ATC_AT = const(31)
_TAIL_AT = const(33)

ISSUER_DATA_VISA_BYTES = const(7)
ISSUER_DATA_MASTERCARD_BYTES = const(18)
CVR_MASTERCARD_BYTES = const(6)

# Card verification results, first byte in use: nothing said about a second cryptogram, what the first one was.
CVR_ARQC = const(0xA0)
CVR_AAC = const(0x80)
_CVR_VISA_PASSCODE = const(0x04)  # VIS CVR byte 2 bit 3: PIN verified by the card; here: by the watch
_CVR_MASTERCARD_PASSCODE = const(0x05)  # M/Chip CVR byte 1: PIN verification performed and successful
_CVR_DOMESTIC = const(0x02)
_CVR_INTERNATIONAL = const(0x04)
_CVR_NO_PASSCODE = const(0x20)


class CryptogramInput:
    """The message under the MAC, in one buffer: the terminal's 29 bytes, AIP, ATC, and the issuer's tail."""

    def __init__(self, aip: bytes, tail: bytes) -> None:
        """`tail` is the whole 9F10 for CVN 18, the six CVR bytes for CVN 20."""
        self._length = _TAIL_AT + len(tail)
        self._message = bytearray(self._length)
        self._message[_AIP_AT:_ATC_AT] = aip
        self._message[_TAIL_AT:] = tail

    def set_terminal(self, request: "Buffer", at: int) -> None:
        """Take the terminal's 29 bytes, which start at `at`."""
        self._message[:_TERMINAL_BYTES] = request[at : at + _TERMINAL_BYTES]

    def set_tail(self, at: int, value: int) -> None:
        """Change one byte of the tail."""
        self._message[_TAIL_AT + at] = value

    def tail(self, at: int) -> int:
        """One byte of the tail."""
        return self._message[_TAIL_AT + at]

    def replace(self, at: int, request: "Buffer", start: int, size: int) -> None:
        """Replace `size` of the terminal's bytes at `at`; for a second cryptogram of the same tap."""
        self._message[at : at + size] = request[start : start + size]

    def make(self, key: "SingleKey", out: bytearray) -> None:
        """The cryptogram under `key` and for its ATC, into the 8 bytes of `out`. Raises CryptoError."""
        message = self._message
        message[_ATC_AT] = key.atc >> 8
        message[_ATC_AT + 1] = key.atc & 0xFF
        key.mac(message, self._length, out)


def issuer_data_visa(dki: int, cvr: int) -> bytes:
    """9F10 for CVN 18: length, DKI, CVN, then the CVR with its own length."""
    return bytes((6, dki, CVN_18, 3, cvr, 0, 0))


def cvr_visa(cdcvm: bool) -> int:
    """CVR byte 2 of an ARQC."""
    return CVR_ARQC | _CVR_VISA_PASSCODE if cdcvm else CVR_ARQC


def issuer_data_mastercard(dki: int, cvr: bytes) -> bytes:
    """9F10 for CVN 20: DKI, CVN, CVR, data authentication code, counters. The last two are not used here."""
    return bytes((dki, CVN_20)) + cvr + bytes(ISSUER_DATA_MASTERCARD_BYTES - 2 - len(cvr))


def cvr_mastercard(kind: int, cdcvm: bool) -> bytes:
    """The six CVR bytes for CVR_ARQC or CVR_AAC; `cvr_region` gives byte 4."""
    first = kind | _CVR_MASTERCARD_PASSCODE if cdcvm else kind
    return bytes((first, 0, 0, 0, 0, 0))


def cvr_region(domestic: bool, cdcvm: bool) -> int:
    """M/Chip CVR byte 4: domestic or international, and that no passcode was checked."""
    region = _CVR_DOMESTIC if domestic else _CVR_INTERNATIONAL
    return region if cdcvm else region | _CVR_NO_PASSCODE
