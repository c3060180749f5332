"""The way from a kernel to the card: sends commands, keeps time and trace."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tapwatch.terminal.emv import apdu
from tapwatch.terminal.outcome import CardProblem
from tapwatch.terminal.trace import Exchange

if TYPE_CHECKING:
    from tapwatch.terminal.readers.port import Reader
    from tapwatch.terminal.trace import Trace


class Channel:
    """Commands to one card in one field."""

    def __init__(self, reader: Reader, trace: Trace) -> None:
        self._reader = reader
        self._trace = trace

    def send(self, command: apdu.Command) -> apdu.Answer:
        """Send a command. Raises CardLost if the card is gone, CardProblem if the answer has no status word."""
        started = time.perf_counter()
        raw = b""
        try:
            raw = self._reader.transmit(command.encode())
        finally:
            elapsed_ms = (time.perf_counter() - started) * 1000
            self._trace.exchanges.append(Exchange(command, raw, elapsed_ms))
        try:
            return apdu.split_answer(raw)
        except ValueError as error:
            raise CardProblem(str(error)) from None
