"""Readers on PC/SC, through pyscard."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tapwatch.terminal.readers.pcsc_readers import find
from tapwatch.terminal.readers.port import CardInfo, CardLost, NoCard

if TYPE_CHECKING:
    from tapwatch.terminal.readers.pcsc_card import PcscCard

_POLL_S = 0.1
_CONTACTLESS_ATR = (0x3B, 0x80, 0x01)  # TS, T0 without the number of historical bytes, TD2: PC/SC part 3 table 3.5


class PcscReader:
    """A PC/SC reader whose name is or contains a text; the likeliest one if the text is empty."""

    def __init__(self, wanted: str = "") -> None:
        self._reader = find(wanted)
        self.name = f"PC/SC {self._reader}"
        self._card: PcscCard | None = None

    def connect(self, timeout_s: float) -> CardInfo:
        """Wait for a card and power it up afresh. Raises NoCard, or UserError if the reader cannot be used."""
        from tapwatch.terminal.readers.pcsc_card import power_up

        self.disconnect()
        deadline = time.monotonic() + timeout_s
        while (card := power_up(self._reader, self.name)) is None:
            if time.monotonic() > deadline:
                raise NoCard("no card that answers came to the reader")
            time.sleep(_POLL_S)
        self._card = card
        return CardInfo(uid=card.uid() if is_contactless(card.atr) else b"", ats=card.atr)

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command. Raises CardLost if the card has gone, UserError if the reader has."""
        if self._card is None:
            raise CardLost("no card is in the field")
        try:
            return self._card.transmit(apdu)
        except CardLost:
            self.disconnect()
            raise

    def disconnect(self) -> None:
        """Take the card's power, so that the next `connect` is a fresh activation."""
        if self._card is not None:
            self._card.release()
            self._card = None


def is_contactless(atr: bytes) -> bool:
    """True for the ATR that a contactless reader makes up: there, GET UID is a command to the reader."""
    return len(atr) >= 4 and (atr[0], atr[1] & 0xF0, atr[3]) == _CONTACTLESS_ATR
