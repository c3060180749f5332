"""What a watch answers, taken apart: nothing behind this file sees a field of another type than it expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.signing.public import PUBLIC_BYTES, key_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    Shape = Mapping[int, tuple[type, ...]]

PROTOCOL = 1
"""Newest version of the messages that this side knows."""
SETTLED = ("replayed", "bad-input", "bad-signature", "app-signer")
"""Statuses of a watch that has a licence or a list already, or would refuse the same bytes for ever."""
_DIGEST_BYTES = 32
_HELLO: Shape = {1: (int,), 2: (str,), 3: (bytes,), 4: (str,), 5: (str,), 6: (str,)}
_CARD: Shape = {1: (bytes,), 2: (str,), 3: (int,), 4: (bool,), 5: (int,), 6: (int,), 7: (bytes, type(None))}
_REQUEST: Shape = {1: (str,), 2: (int,), 3: (int,)}


@dataclass(frozen=True)
class Hello:
    """What a watch says of itself."""

    protocol: int
    firmware: str
    identity: bytes
    """Public key, 64 bytes."""
    provisioned: bool
    secret_kind: str
    state: str
    certificate: bytes | None = None
    """Of the manufacturer, None before provisioning."""

    @classmethod
    def read(cls, body: object) -> Hello:
        """Take the answer to message 1 apart. Raises UserError."""
        fields = fields_of(body, _HELLO, "did not say who it is")
        certificate = fields.get(7)
        if len(fields[3]) != PUBLIC_BYTES or not isinstance(certificate, (bytes, type(None))):
            raise strange("did not say who it is")
        if fields[1] > PROTOCOL:
            raise UserError(f"the watch speaks version {fields[1]} of its messages", "update Tapwatch on this computer")
        return cls(fields[1], fields[2], fields[3], fields[4] == "provisioned", fields[5], fields[6], certificate)

    @property
    def device_id(self) -> bytes:
        """8 bytes."""
        return key_id(self.identity)


@dataclass(frozen=True)
class CardStatus:
    """What the watch says of one card."""

    token_id: bytes
    state: str
    """`active`, `suspended`, `keys-low`, `no-keys` or `expired`."""
    keys_left: int
    wants_refill: bool
    codes_left: int
    express_left: int
    lacks_art: bytes | None
    """SHA-256 of card art the watch has not."""

    @classmethod
    def read(cls, body: object) -> CardStatus:
        """Take one entry of the answer to message 10 apart. Raises UserError."""
        fields = fields_of(body, _CARD, "did not list its cards")
        if fields[7] is not None and len(fields[7]) != _DIGEST_BYTES:
            raise strange("did not list its cards")
        return cls(*(fields[key] for key in _CARD))


@dataclass(frozen=True)
class MerchantRequest:
    """What the watch has read from a merchant's code and shows its wearer."""

    merchant: str
    amount_minor: int
    """0 if the code names none: the watch lets its wearer enter it."""
    currency: int

    @classmethod
    def read(cls, body: object) -> MerchantRequest:
        """Take the answer to message 13 apart. Raises UserError."""
        return cls(*(fields_of(body, _REQUEST, "did not say what it shows")[key] for key in _REQUEST))


def read_bytes(body: object) -> bytes:
    """A body that is an envelope. Raises UserError."""
    if not isinstance(body, bytes):
        raise UserError("a message has another kind of body than it must", "is it a watch of this version?")
    return body


def read_list(body: object, problem: str) -> list:
    """A body that is an array. Raises UserError: the watch `problem`."""
    if not isinstance(body, list):
        raise strange(problem)
    return body


def read_app_payment(entry: object) -> tuple[str, bytes]:
    """Text of a merchant's code and the payment of it, from the answer to message 24. Raises UserError."""
    if isinstance(entry, list) and [type(part) for part in entry] == [str, bytes]:
        return entry[0], entry[1]
    raise strange("did not list the payments of apps")


def fields_of(body: object, shape: Shape, problem: str) -> dict:
    """The body, if it is a map that has every key of the shape, and more if a later version says more.

    Raises UserError: the watch `problem`.
    """
    if not isinstance(body, dict) or not set(shape) <= set(body):
        raise strange(problem)
    for key, kinds in shape.items():
        value = body[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise strange(problem)
    return body


def strange(problem: str) -> UserError:
    """What to raise for an answer that makes no sense: the watch `problem`."""
    return UserError(f"the watch {problem}", "is it a watch of this version?")
