"""A reader without any radio: the card is a function. For tests of everything above ISO 14443."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from tapwatch.terminal import amount
from tapwatch.terminal.readers.port import CardInfo, CardLost
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.session import TapResult, tap

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.terminal.online import Acquirer

AT = datetime.datetime(2026, 11, 22, 9, 30, 0)


class DirectReader:
    """Passes commands to a card; `lost_after` commands it is gone."""

    name = "direct"

    def __init__(self, card: Callable[[bytes], bytes], lost_after: int = 1000) -> None:
        self._card = card
        self._left = lost_after
        self.field = False

    def connect(self, timeout_s: float) -> CardInfo:
        """Switch on."""
        self.field = True
        return CardInfo(uid=b"\x08\x01\x02\x03", ats=b"\x01")

    def transmit(self, apdu: bytes) -> bytes:
        """Ask the card."""
        assert self.field
        self._left -= 1
        if self._left < 0:
            raise CardLost("the test took the card away")
        return self._card(apdu)

    def disconnect(self) -> None:
        """Switch off."""
        self.field = False


def pay(card: Callable[[bytes], bytes], text: str = "12.34", acquirer: Acquirer | None = None, **options) -> TapResult:
    """One tap; the request's fields are options."""
    request = TapRequest(amount.parse(text, "CNY"), **{"at": AT, **options})
    reader = DirectReader(card)
    result = tap(reader, request, acquirer)
    assert not reader.field
    return result
