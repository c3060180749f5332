"""The built-in reader: ISO/IEC 14443 in software over any antenna."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from tapwatch.terminal.readers.activation import ISO_DEP, activate
from tapwatch.terminal.readers.isodep import IsoDep, Timing
from tapwatch.terminal.readers.port import CardInfo, CardLost, NoCard

if TYPE_CHECKING:
    from tapwatch.terminal.readers.antenna import Antenna


class BuiltinReader:
    """A reader that needs nothing installed."""

    def __init__(self, antenna: Antenna, name: str = "built-in antenna", timing: Timing | None = None) -> None:
        self.name = name
        self._antenna = antenna
        self._timing = timing or Timing()
        self._card: IsoDep | None = None

    def connect(self, timeout_s: float) -> CardInfo:
        """Switch the field on, wait for a card, select it. Raises NoCard or CardLost."""
        for _ in range(self._timing.retries):
            with contextlib.suppress(CardLost):  # a card that trembles at the edge of the field gets a fresh start
                return self._activate(timeout_s)
        return self._activate(timeout_s)

    def _activate(self, timeout_s: float) -> CardInfo:
        self.disconnect()
        try:
            info = activate(self._antenna, timeout_s, self._timing.floor_s)
            if not info.sak & ISO_DEP:
                raise CardLost("the card does not speak ISO 14443-4")
            card = IsoDep(self._antenna, self._timing)
            info = replace(info, ats=card.activate().raw)
        except (NoCard, CardLost):
            self.disconnect()
            raise
        self._card = card
        return info

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command. Raises CardLost; the field is off then, and the card must be presented again."""
        if self._card is None:
            raise CardLost("no card is in the field")
        try:
            return self._card.exchange(apdu)
        except CardLost:
            self.disconnect()
            raise

    def disconnect(self) -> None:
        """Switch the field off."""
        self._card = None
        self._antenna.field_off()
