"""Role certificates: docs/formats.md "tapwatch/certificate"."""

from micropython import const

from watch.crypto import cbor, cose
from watch.kernel.errors import InputError, SignatureError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

KIND = "tapwatch/certificate"
MAX_BYTES = const(1024)

_ROLE = const(1)
_PUBLIC = const(2)
_NOT_BEFORE = const(3)
_NOT_AFTER = const(4)
_SERIAL = const(5)
_NAME = const(6)
_ATTRIBUTES = const(7)
_PUBLIC_BYTES = const(64)
_KINDS = (
    (_ROLE, str),
    (_PUBLIC, bytes),
    (_NOT_BEFORE, int),
    (_NOT_AFTER, int),
    (_SERIAL, int),
    (_NAME, str),
    (_ATTRIBUTES, dict),
)


class Certificate:
    """A checked certificate."""

    def __init__(self, fields: "dict[int, Any]") -> None:
        self.role: str = fields[_ROLE]
        self.public: bytes = fields[_PUBLIC]
        self.not_after_s: int = fields[_NOT_AFTER]
        self.serial: int = fields[_SERIAL]
        self.name: str = fields[_NAME]
        self.key_id = cose.key_id(self.public)

    def expect_valid(self, at_s: int) -> None:
        """Raise SignatureError if the certificate has expired at that time."""
        if self.not_after_s < at_s:
            raise SignatureError("the certificate has expired")


def check(data: bytes, root: bytes, role: str, at_s: int) -> Certificate:
    """Check a certificate against the root and a role at a time (security time, seconds since 1970).

    A certificate from the future is accepted: the watch's clock is only a floor. Raises InputError, SignatureError.
    """
    if not isinstance(data, bytes) or len(data) > MAX_BYTES:
        raise InputError("a certificate is bytes, 1,024 at most")
    envelope = cose.parse(data)
    if envelope.kind != KIND or envelope.key_id != cose.key_id(root):
        raise SignatureError("this is no certificate of the watch's manufacturer")
    envelope.verify(root)
    fields = cbor.decode(envelope.payload)
    _check_fields(fields)
    if fields[_ROLE] != role:
        raise SignatureError(f"the certificate is for the role {fields[_ROLE]}, not {role}")
    found = Certificate(fields)
    found.expect_valid(at_s)
    return found


def _check_fields(fields: "Any") -> None:
    if not isinstance(fields, dict) or len(fields) != len(_KINDS):
        raise InputError("the certificate has the wrong fields")
    for key, kind in _KINDS:
        if not isinstance(fields.get(key), kind):
            raise InputError(f"certificate field {key} is missing or of the wrong type")
    if len(fields[_PUBLIC]) != _PUBLIC_BYTES:
        raise InputError("the certified key has the wrong length")
