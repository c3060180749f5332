"""The head of a system image: who signed it and what they say. Nothing here looks at a signature or at the body."""

import struct

from micropython import const

from watch.crypto import cbor, cose
from watch.crypto.certificate import MAX_BYTES as MAX_CERTIFICATE_BYTES
from watch.kernel.errors import ImageError, InputError
from watch.update.statement import Statement

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Union

    Bytes = Union[bytes, bytearray, memoryview]

KIND = "tapwatch/system"
MAGIC = b"TWI1"
PREFIX_BYTES = const(6)
MAX_HEAD_BYTES = const(4096)
MOST_BYTES = const(4102)
"""Of a file, to be sure of its whole head."""
MAX_SIGNERS = const(3)
_PARTS = const(2)


def bytes_of(start: "Bytes") -> int:
    """Bytes of prefix and head together, told by the first six of a file. Raises ImageError."""
    if len(start) < PREFIX_BYTES or start[: len(MAGIC)] != MAGIC:
        raise ImageError("this is no system image")
    length = struct.unpack_from(">H", start, len(MAGIC))[0]
    if not 0 < length <= MAX_HEAD_BYTES:
        raise ImageError("the head of an image has 1 to %d bytes" % MAX_HEAD_BYTES)
    return PREFIX_BYTES + length


class Head:
    """The signed statements in front of the body: claims, until the signers were judged."""

    def __init__(self, start: "Bytes") -> None:
        """Take the first bytes of a file apart; more than the head does not hurt. Raises ImageError."""
        self.body_at = bytes_of(start)
        if len(start) < self.body_at:
            raise ImageError("the image ends within its head")
        try:
            entries = cbor.decode(bytes(start[PREFIX_BYTES : self.body_at]), 2, MAX_SIGNERS)
            self.signers = [_signer(entry) for entry in _entries(entries)]
            """Certificate and envelope of each."""
        except InputError as error:
            raise ImageError("the head: %s" % error)
        payload = self.signers[0][1].payload
        if any(envelope.payload != payload for _, envelope in self.signers):
            raise ImageError("the signers do not say the same")
        self.statement = Statement(payload)

    @property
    def file_bytes(self) -> int:
        """Length of the whole file."""
        return self.body_at + self.statement.body_bytes


def _entries(value: "Any") -> "list[Any]":
    if not isinstance(value, list) or not 0 < len(value) <= MAX_SIGNERS:
        raise ImageError("an image has one to %d signers" % MAX_SIGNERS)
    return value


def _signer(entry: "Any") -> "tuple[bytes, cose.Envelope]":
    """Certificate and envelope of one entry. Raises ImageError, InputError."""
    if not isinstance(entry, list) or len(entry) != _PARTS or not all(isinstance(part, bytes) for part in entry):
        raise ImageError("a signer is a certificate and an envelope")
    if len(entry[0]) > MAX_CERTIFICATE_BYTES:
        raise ImageError("a certificate has at most %d bytes" % MAX_CERTIFICATE_BYTES)
    envelope = cose.parse(entry[1])
    if envelope.kind != KIND:
        raise ImageError("an envelope of the kind %s is none of a system" % envelope.kind)
    return entry[0], envelope
