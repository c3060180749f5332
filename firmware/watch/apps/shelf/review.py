"""What a store says of an app that it has compiled itself: docs/bundles.md "tapwatch/app-review"."""

from micropython import const

from watch.crypto import cbor, cose
from watch.crypto.hashes import equal, sha256
from watch.kernel.errors import InputError, SignatureError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Generator, Optional

KIND = "tapwatch/app-review"
_FIELDS = const(3)
_MAX_ACCOUNT = const(32)  # characters: EMV QRCPS merchant-presented mode, merchant account information
_MAX_NAME = const(25)  # the same, tag 59
_MAX_CURRENCY = const(999)  # ISO 4217


def checking(
    envelope: "Optional[bytes]", store: bytes, manifest: bytes
) -> "Generator[None, None, Optional[dict[int, Any]]]":
    """Verify a review against the store's public key and the payload of a manifest, in steps; returns the payee.

    Raises InputError for one of another form, SignatureError.
    """
    if not isinstance(envelope, bytes):
        raise InputError("a review is bytes")
    parsed = cose.parse(envelope)
    if parsed.kind != KIND:
        raise SignatureError("the review is a %s" % parsed.kind)
    yield from parsed.verifying(store)
    fields = cbor.decode(parsed.payload, 2, _FIELDS + 1)
    if not isinstance(fields, dict) or len(fields) != _FIELDS or any(key not in fields for key in (1, 2, 3)):
        raise InputError("the review has the wrong fields")
    if not isinstance(fields[1], bytes) or not equal(fields[1], sha256(manifest)):
        raise SignatureError("the review is of another manifest")
    if isinstance(fields[2], bool) or not isinstance(fields[2], int):
        raise InputError("a review has a time")
    return None if fields[3] is None else _payee(fields[3])


def _payee(value: "Any") -> "dict[int, Any]":
    """Account, name, country and currency of whom an app asks payments for. Raises InputError."""
    if not isinstance(value, dict) or len(value) != 4 or any(key not in value for key in (1, 2, 3, 4)):
        raise InputError("a payee has four fields")
    for key, most in ((1, _MAX_ACCOUNT), (2, _MAX_NAME)):
        if not isinstance(value[key], str) or not 0 < len(value[key]) <= most:
            raise InputError(
                "account and name of a payee have at most %d and %d characters" % (_MAX_ACCOUNT, _MAX_NAME)
            )
    country, currency = value[3], value[4]
    if not isinstance(country, str) or len(country) != 2 or not all("A" <= letter <= "Z" for letter in country):
        raise InputError("the country of a payee is two letters")
    if isinstance(currency, bool) or not isinstance(currency, int) or not 0 < currency <= _MAX_CURRENCY:
        raise InputError("the currency of a payee is a number of ISO 4217")
    return value
