"""What the signers of a system image say about it: docs/updates.md "The image"."""

from micropython import const

from watch.crypto import cbor
from watch.kernel.errors import ImageError, InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    Version = tuple[int, ...]

RELEASE = "release"
DEVELOPMENT = "development"
MAX_BODY_BYTES = const(4_190_208)
"""With the largest head a file of 4 MiB: the smallest `vfs` has room for four of them."""
_KEYS = const(9)
_VERSION_PARTS = const(3)
_MAX_NUMBER = const(9999)  # of a part of a version, as in manifests of apps
_MAX_TEXT = const(32)
_HASH_BYTES = const(32)


class Statement:
    """The payload that every signer has signed."""

    def __init__(self, payload: bytes) -> None:
        """Decode and check it. Raises ImageError."""
        try:
            fields = cbor.decode(payload, 2, _KEYS)
        except InputError as error:
            raise ImageError("the statement: %s" % error)
        if not isinstance(fields, dict) or any(key not in fields for key in range(1, _KEYS + 1)):
            raise ImageError("a statement has the keys 1 to %d" % _KEYS)
        self.payload = payload
        self.board = _text(fields[1])
        self.version = version_of(fields[2])
        self.floor = version_of(fields[3])
        self.built_s = _number(fields[4])
        self.posture = _text(fields[5])
        self.body_bytes = _number(fields[6])
        self.body_hash = _hash(fields[7])
        self.source_hash = _hash(fields[8])
        self.machine = _text(fields[9])
        if self.posture not in (RELEASE, DEVELOPMENT):
            raise ImageError("the posture is %s or %s" % (RELEASE, DEVELOPMENT))
        if self.floor > self.version:
            raise ImageError("the floor is above the version")
        if self.body_bytes > MAX_BODY_BYTES:
            raise ImageError("the body of an image has at most %d bytes" % MAX_BODY_BYTES)


def version_of(value: "Any") -> "Version":
    """A version as it stands in a statement, `[major, minor, patch]`. Raises ImageError."""
    if not isinstance(value, list) or len(value) != _VERSION_PARTS:
        raise ImageError("a version has three numbers")
    return tuple([_number(one, _MAX_NUMBER) for one in value])


def version_in(text: str) -> "Version":
    """What `text_of` made. Raises ImageError."""
    parts = text.split(".")
    if not all(part.isdigit() for part in parts):
        raise ImageError("a version has three numbers")
    return version_of([int(part) for part in parts])


def text_of(version: "Version") -> str:
    """A version with dots, for people."""
    return ".".join([str(one) for one in version])


def _number(value: "Any", most: int = 0xFFFF_FFFF_FFFF) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ImageError("a number of the statement is out of range")
    return value


def _text(value: "Any") -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
        raise ImageError("a text of the statement is empty or too long")
    return value


def _hash(value: "Any") -> bytes:
    if not isinstance(value, bytes) or len(value) != _HASH_BYTES:
        raise ImageError("a hash of the statement has 32 bytes")
    return value
