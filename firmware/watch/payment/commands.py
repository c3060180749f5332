"""Commands of EMV Books 1 and 3 by CLA and INS, and the checks of their form that several applications share."""

from micropython import const

from watch.payment import status

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict

    from watch.payment.tlv import Buffer

VERIFY = const(0x0020)
SELECT = const(0x00A4)
READ_RECORD = const(0x00B2)
GET_PROCESSING_OPTIONS = const(0x80A8)
GENERATE_AC = const(0x80AE)
GET_DATA = const(0x80CA)

# Places in a short command.
P1 = const(2)
P2 = const(3)
LC = const(4)
DATA = const(5)

_RECORD_NUMBER = const(0x04)  # P2 of READ RECORD: P1 is a record number
_RECORD_MODE = const(0x07)
_FILE = const(0xF8)
_MOST_FILE = const(0xF0)  # SFI 30


def data_length(request: "Buffer", length: int) -> int:
    """Lc of a well-formed command: 0 without data."""
    return request[LC] if length > DATA else 0


def check_read_record(request: "Buffer", length: int) -> int:
    """0, or the status word for a READ RECORD of the wrong form (EMV Book 1 section 11.2, Book 3 section 6.5.11)."""
    if length > DATA:
        return status.WRONG_LENGTH
    file = request[P2]
    if file & _RECORD_MODE != _RECORD_NUMBER or not request[P1] or not 0 < file & _FILE <= _MOST_FILE:
        return status.WRONG_P1_P2
    return 0


def read_record(records: "Dict[int, bytes]", request: "Buffer", reply: "Buffer") -> int:
    """Answer a well-formed READ RECORD from `records`, which are by P1 P2."""
    record = records.get(request[P1] << 8 | request[P2])
    if record is None:
        known = any(other & 0xFF == request[P2] for other in records)
        return status.RECORD_NOT_FOUND if known else status.NOT_FOUND
    return put(record, reply)


def put(answer: bytes, reply: "Buffer") -> int:
    """Copy a prepared answer; returns its length."""
    size = len(answer)
    reply[:size] = answer
    return size
