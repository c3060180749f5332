"""What a terminal needs from a reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


class NoCard(Exception):
    """No card came into the field in time."""


class CardLost(Exception):
    """The card was there and does not answer any more, or breaks the transmission protocol."""


@dataclass(frozen=True)
class CardInfo:
    """What a reader saw when the card came."""

    uid: bytes = b""
    atqa: bytes = b""
    sak: int = 0
    ats: bytes = b""
    """ATS of a contactless card, ATR through PC/SC."""

    def __str__(self) -> str:
        parts = [f"UID {self.uid.hex().upper()}"] if self.uid else []
        parts += [f"ATQA {self.atqa.hex().upper()}", f"SAK {self.sak:02X}"] if self.atqa else []
        parts += [f"ATS {self.ats.hex().upper()}"] if self.ats else []
        return "  ".join(parts)


class Reader(Protocol):
    """A contactless reader. One card at a time; every `connect` is a fresh field."""

    name: str
    """For people: what and where the reader is."""

    def connect(self, timeout_s: float) -> CardInfo:
        """Switch the field on and wait for a card. Raises NoCard."""
        ...

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command, return the answer with its status word. Raises CardLost."""
        ...

    def disconnect(self) -> None:
        """Switch the field off. Never raises; harmless without a card."""
        ...


@runtime_checkable
class ReaderThatAsks(Reader, Protocol):
    """A reader whose card asks its wearer about each payment, and tells the answer beside its own."""

    def refusal(self) -> str:
        """Why the wearer does not pay, in words; empty as long as nobody has said so."""
        ...
