"""Role certificates: docs/formats.md "tapwatch/certificate"."""

from micropython import const

from watch.crypto import cbor, cose
from watch.kernel.errors import InputError, SignatureError
from watch.kernel.steps import finish

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Generator

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


_MAX_NAME_BYTES = const(64)
_MAX_ATTRIBUTES = const(8)


class Certificate:
    """The fields of a certificate."""

    def __init__(self, fields: "dict[int, Any]") -> None:
        self.role: str = fields[_ROLE]
        self.public: bytes = fields[_PUBLIC]
        self.not_after_s: int = fields[_NOT_AFTER]
        self.serial: int = fields[_SERIAL]
        self.name: str = fields[_NAME]
        self.attributes: "dict[str, str]" = fields[_ATTRIBUTES]
        self.key_id = cose.key_id(self.public)

    @classmethod
    def parse(cls, data: bytes) -> "Certificate":
        """The fields without a look at the signature: for what was checked when it was stored. Raises InputError."""
        return cls(_fields(cose.parse(data).payload))

    def expect_valid(self, at_s: int) -> None:
        """Raise SignatureError if the certificate has expired at that time."""
        if self.not_after_s < at_s:
            raise SignatureError("the certificate has expired")


def check(data: bytes, root: bytes, role: str, at_s: int) -> Certificate:
    """Check a certificate against the root and a role at a time (security time, seconds since 1970).

    A certificate from the future is accepted: the watch's clock is only a floor. Raises InputError, SignatureError.
    """
    return finish(checking(data, root, role, at_s))


def checking(data: bytes, root: bytes, role: str, at_s: int) -> "Generator[None, None, Certificate]":
    """`check` in steps; the generator returns the certificate."""
    if not isinstance(data, bytes) or len(data) > MAX_BYTES:
        raise InputError("a certificate is bytes, 1,024 at most")
    envelope = cose.parse(data)
    if envelope.kind != KIND or envelope.key_id != cose.key_id(root):
        raise SignatureError("this is no certificate of the watch's manufacturer")
    yield from envelope.verifying(root)
    found = Certificate(_fields(envelope.payload))
    if found.role != role:
        raise SignatureError(f"the certificate is for the role {found.role}, not {role}")
    found.expect_valid(at_s)
    return found


def _fields(payload: bytes) -> "dict[int, Any]":
    """Decode and check the payload. Raises InputError."""
    fields = cbor.decode(payload)
    if not isinstance(fields, dict) or len(fields) != len(_KINDS):
        raise InputError("the certificate has the wrong fields")
    for key, kind in _KINDS:
        if not isinstance(fields.get(key), kind) or isinstance(fields[key], bool):
            raise InputError(f"certificate field {key} is missing or of the wrong type")
    if len(fields[_PUBLIC]) != _PUBLIC_BYTES:
        raise InputError("the certified key has the wrong length")
    attributes = fields[_ATTRIBUTES]
    if len(fields[_NAME].encode()) > _MAX_NAME_BYTES or len(attributes) > _MAX_ATTRIBUTES:
        raise InputError("the certificate's name or attributes are too long")
    if not all(isinstance(part, str) for entry in attributes.items() for part in entry):
        raise InputError("the certificate's attributes are text")
    return fields
