"""A wearer who shows codes and a till that scans them. The digits are computed here from docs/formats.md alone."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from tapwatch.acquiring import icc, spec
from tests.host.bank.card import Card, issuer_data, signed

if TYPE_CHECKING:
    from tests.host.bank.world import World

ZEROS = {
    "9F02": bytes(6), "9F03": bytes(6), "9F1A": bytes(2), "95": bytes(5), "5F2A": bytes(2), "9A": bytes(3),
    "9C": bytes(1),
}  # fmt: skip


def _eight(seed: bytes, message: bytes) -> str:
    number = int.from_bytes(hmac.new(seed, message, hashlib.sha256).digest()[:8], "big")
    return str(number % 100_000_000).rjust(8, "0")


def handle(book: dict[int, Any], number: int) -> str:
    """The handle of code `number` of a payment codes map."""
    return _eight(book[2], b"handle" + bytes([number]))


def shown(book: dict[int, Any], number: int, at: int) -> str:
    """What the watch shows for code `number` at a time."""
    minute = (at // 60).to_bytes(4, "big")
    check = _eight(book[2], b"code" + bytes([number]) + handle(book, number).encode() + minute)
    return book[1] + handle(book, number) + check


def wrong(digits: str) -> str:
    """The same handle with another check."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def presented(card: Card, atc: int, unpredictable: bytes = b"\x11\x22\x33\x44", cdcvm: bool = True) -> dict[str, bytes]:
    """Field 55 of an EMV QR code: what the watch made, without the zeros it made it over."""
    entry = next(entry for entry in card.content[16] if entry[0] == atc)
    own = {
        "9F37": unpredictable,
        "82": bytes.fromhex("2000"),
        "9F36": atc.to_bytes(2, "big"),
        "9F27": b"\x80",
        "9F10": issuer_data(card.content[20], cdcvm, b"".join(entry[2:])),
    }
    tags = signed(card.key(atc), {**ZEROS, **own})
    return {tag: tags[tag] for tag in ("9F26", "9F27", "9F10", "9F36", "9F37", "82")}


class Till:
    """Scans codes for one merchant."""

    def __init__(self, world: World, merchant: str = "SHOP", acquirer: str = "1") -> None:
        self._world = world
        self._changes = {"42": f"{merchant:<15}", "32": acquirer, "22": "031"}

    def digits(self, code: str, amount: int = 100, message: str = "0200", **changes: str) -> spec.Fields:
        """The message for 18 digits; `changes` are fields by name, for example f49="156"."""
        fields = self._fields(amount, message)
        del fields["55"], fields["14"]
        return {**fields, "2": code, **{name[1:]: value for name, value in changes.items()}}

    def qr(self, card: Card, chip: dict[str, bytes], amount: int = 100, message: str = "0200") -> spec.Fields:
        """The message for an EMV QR code."""
        own = {"2": card.pan, "14": card.content[5], "55": icc.encode(chip).hex().upper()}
        return {**self._fields(amount, message), **own}

    def pay(self, code: str, amount: int = 100) -> str:
        """Scan 18 digits; return the response code."""
        return self._world.code(self.digits(code, amount))

    def _fields(self, amount: int, message: str) -> spec.Fields:
        return self._world.purchase(_NOBODY, 0, amount, message, chip={}, changes=self._changes)


_NOBODY = Card({4: "", 5: "0000"})
