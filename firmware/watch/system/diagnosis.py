"""How the watch is, for whoever looks after it: docs/formats.md, message 28. Nothing in it is secret."""

import gc

from micropython import const

from watch.exchange import messages
from watch.kernel.errors import CorruptError
from watch.storage.room import free_bytes
from watch.update.statement import DEVELOPMENT, RELEASE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from board.ports import Board
    from watch.exchange.messages import Handler
    from watch.kernel.clock import Clock

_DEVICES = ("nfc", "ble", "motion", "haptics", "speaker", "microphone", "watchdog", "usb")
"""Those that a board may be without, as `ports.Board` calls them."""
_MS = const(1000)
_TICKS_MASK = const(0x3FFF_FFFF)
"""Ticks wrap after 12 days."""


class Diagnosis:
    """Reads the board."""

    def __init__(self, board: "Board", clock: "Clock") -> None:
        """Made at the start: its time counts from now."""
        self._board, self._clock = board, clock
        self._since_ms = clock.ticks_ms()

    def handlers(self) -> "dict[int, Handler]":
        """The row for `Answers`."""
        return {messages.DIAGNOSE: self._answer}

    def _answer(self, body: "Any") -> "dict[int, Any]":
        board, info = self._board, self._board.info
        gc.collect()
        return {
            1: info.name,
            2: info.version,
            3: DEVELOPMENT if info.development else RELEASE,
            4: [[device, ""] for device in self._there()] + [[chip, problem] for chip, problem in board.findings],
            5: board.power.percent(),
            6: board.power.charging(),
            7: gc.mem_free(),
            8: _free_bytes(info.slots if info.slots is not None else info.files),
            9: board.secret.kind,
            10: None if board.nfc is None else board.nfc.field(),
            11: (self._clock.ticks_ms() - self._since_ms & _TICKS_MASK) // _MS,
            12: info.start,
            13: None,
        }

    def _there(self) -> "list[str]":
        return [device for device in _DEVICES if getattr(self._board, device) is not None]


def _free_bytes(folder: "Optional[str]") -> "Optional[int]":
    """Room for more files; None if nobody can tell."""
    if folder is None:
        return None
    try:
        return free_bytes(folder)
    except CorruptError:
        return None
