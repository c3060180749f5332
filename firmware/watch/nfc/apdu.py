"""Short command APDUs, ISO/IEC 7816-4 section 5.1: header CLA INS P1 P2, then nothing, Le, Lc data, or Lc data Le."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Buffer = Union[bytearray, memoryview]

CLA = const(0)
INS = const(1)
P1 = const(2)
P2 = const(3)
LC = const(4)
DATA = const(5)

REQUEST_BYTES = const(261)
"""Longest short command: header 4, Lc 1, data 255, Le 1."""
REPLY_BYTES = const(258)
"""Longest short answer: data 256, SW1 SW2."""

INS_SELECT = const(0xA4)
INS_READ_BINARY = const(0xB0)
INS_UPDATE_BINARY = const(0xD6)
SELECT_BY_NAME = const(0x04)


def data_length(request: "Buffer", length: int) -> int:
    """The number of data bytes (0 to 255) of a well-formed short command, or -1.

    Extended lengths (Lc 00 followed by more) are not supported and count as malformed.
    """
    if length <= LC:
        return 0 if length == LC else -1
    if length == DATA:
        return 0
    count = request[LC]
    if count and (length == DATA + count or length == DATA + count + 1):
        return count
    return -1


def put_status(reply: "Buffer", at: int, status: int) -> int:
    """Write SW1 SW2 behind `at` data bytes; returns the length of the whole answer."""
    reply[at] = status >> 8
    reply[at + 1] = status & 0xFF
    return at + 2
