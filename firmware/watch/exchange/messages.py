"""Messages between a carrier (USB, Bluetooth) and the watch; docs/formats.md has a section of that name.

A carrier hands over whole messages and sends back whole answers. It knows nothing of what they mean.
"""

from micropython import const

from watch.crypto import cbor
from watch.kernel.errors import InputError, StateError, WatchError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    Handler = Callable[[Any], Any]

MAX_BYTES = const(4096)
OK = "ok"
KEPT = "kept"
WRONG_VERSION = "wrong-version"

HELLO = const(1)
PROVISION = const(2)
TRUST = const(3)
ATTEST = const(4)
TOKEN_REQUEST = const(5)
TOKEN_PACKAGE = const(6)
RECEIPTS = const(7)
NOTICE = const(8)
SET_CLOCK = const(9)
WALLET = const(10)
CARD_ART = const(11)
OWN_RECORD = const(12)
MERCHANT_CODE = const(13)
MERCHANT_PAYMENT = const(14)
APP_PART = const(15)
APP_STATE = const(16)
APPS = const(17)
APP_REMOVE = const(18)
LICENCE = const(19)
REVOCATIONS = const(20)
APP_LOG = const(21)
DEVELOPER = const(22)
APP_OPEN = const(23)
APP_PAYMENTS = const(24)
UPDATE_STATE = const(25)
UPDATE_PART = const(26)
UPDATE_GO = const(27)
DIAGNOSE = const(28)
KINDS = tuple(range(HELLO, DIAGNOSE + 1))

_HIGHEST_SEQUENCE = const(0xFFFF)


class Answer:
    """What a handler returns when the status is not plain `ok`."""

    def __init__(self, status: str, body: "Any") -> None:
        self.status = status
        self.body = body


class Exchange:
    """Decodes a message, calls its handler, encodes the answer. Every error becomes a status text."""

    def __init__(self, handlers: "dict[int, Handler]") -> None:
        self._handlers = handlers

    def answer(self, message: "bytes | bytearray | memoryview", permitted: "Optional[tuple[int, ...]]" = None) -> bytes:
        """The answer to one message; never raises a WatchError.

        `permitted`: the kinds that this carrier may bring (`permits`), None for all.
        """
        kind = sequence = 0
        try:
            kind, sequence, body = self._decode(message)
            handler = self._handlers.get(kind)
            if handler is None:
                raise InputError(f"message kind {kind} is unknown")
            if permitted is not None and kind not in permitted:
                raise StateError(f"message kind {kind} is not for this sender")
            result = handler(body)
        except WatchError as error:
            result = Answer(error.code, None)
        if not isinstance(result, Answer):
            result = Answer(OK, result)
        return cbor.encode([kind, sequence, result.status, result.body])

    def _decode(self, message: "bytes | bytearray | memoryview") -> "list[Any]":
        if len(message) > MAX_BYTES:
            raise InputError("the message is too long")
        fields = cbor.decode(bytes(message))
        if not isinstance(fields, list) or len(fields) != 3:
            raise InputError("a message is [kind, sequence, body]")
        for number in fields[:2]:
            if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _HIGHEST_SEQUENCE:
                raise InputError("kind and sequence are small integers")
        return fields


def expect(value: "Any", kind: type, what: str) -> "Any":
    """`value` if it has the type; raises InputError otherwise."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InputError(f"{what} has the wrong type")
    return value


def expect_list(value: "Any", length: int, what: str) -> "list[Any]":
    """`value` if it is a list of that length; raises InputError otherwise."""
    if not isinstance(value, list) or len(value) != length:
        raise InputError(f"{what} is a list of {length}")
    return value
