"""A watch whose vault or random source cannot be used: it says so, answers no reader, and can be erased by hand."""

import asyncio

from micropython import const

from watch.access import states
from watch.exchange import messages
from watch.exchange.messages import Exchange
from watch.exchange.usb import UsbCarrier
from watch.kernel.clock import Clock, ticks_diff
from watch.kernel.errors import DeadlineError, StorageError
from watch.kernel.loop import Flag, deadline, sleep_ms
from watch.nfc import status
from watch.nfc.apdu import put_status
from watch.screens import message as message_screen
from watch.storage.journal import Journal
from watch.system.updating.proving import is_up_broken
from watch.ui.presses import Presses

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.ports import Board
    from watch.kernel.errors import WatchError
    from watch.nfc.apdu import Buffer
    from watch.ui.context import Ui
    from watch.ui.stack import Stack

_BUSY_MS = const(50)
_IDLE_MS = const(1000)
_FAILED_MS = const(5000)
"""So long a system on trial shows why it failed."""


class _SilentCard:
    """The card contract of a watch without cards."""

    def select(self) -> None:
        """Nothing to prepare."""

    def deselect(self) -> None:
        """Nothing to forget."""

    def served(self) -> None:
        """Nothing to tell."""

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """File not found, whatever was asked."""
        return put_status(reply, 0, status.FILE_NOT_FOUND)


class BrokenWatch:
    """Shows why the watch did not start. Holding the button erases the vault; the next start is that of a new watch."""

    def __init__(self, board: "Board", ui: "Ui", stack: "Stack", error: "WatchError") -> None:
        self.card = _SilentCard()
        self.phone = None
        self.pause = None
        self.error = error
        self._board = board
        self._ui = ui
        self._stack = stack
        self._erased = False
        clock = Clock(board.clock, board.info.built_s)
        self._presses = Presses(board.buttons, self._pressed, clock.ticks_ms, ticks_diff)
        self._wake = Flag()
        board.buttons.listen(self._wake.set)
        refusing = Exchange(dict.fromkeys(messages.KINDS, self._refuse))
        self._usb = UsbCarrier(board.usb, refusing) if board.usb is not None else None
        stack.modal(message_screen.error(ui, error.code, None))
        stack.render()

    def describe(self) -> "dict[str, Any]":
        """As a working watch describes itself, without cards."""
        front = self._stack.top
        return {
            "screen": front.name,
            "targets": [],
            "texts": front.texts(),
            "access": states.WIPING if self._erased else states.LOCKED,
            "cards": [],
            "payments": [],
            "log": [f"error system: {self.error.code}"],
        }

    async def run(self) -> None:
        """Wait for the button, and refuse every message."""
        if self._usb is not None:
            asyncio.create_task(self._usb.serve())
        self._stack.render()
        if not is_up_broken(self._board.slots):
            await sleep_ms(_FAILED_MS)
            self._board.power.restart()
        elif self._board.watchdog is not None:
            self._board.watchdog.settle()
        while True:
            self._presses.poll()
            self._stack.render()
            try:
                await deadline(_BUSY_MS if self._presses.busy else _IDLE_MS, self._wake.wait())
            except DeadlineError:
                continue  # a press becomes a long one by time alone

    def _refuse(self, body: "Any") -> None:
        raise self.error

    def _pressed(self, kind: str) -> None:
        if kind != "long" or self._erased:
            return
        try:
            self._note_wipe()
            Journal(self._board.flash).wipe()
        except StorageError as error:
            self._stack.modal(message_screen.error(self._ui, error.code, None))
            return
        self._erased = True
        self._stack.modal(message_screen.wiped(self._ui, "asked", None))

    def _note_wipe(self) -> None:
        """The next start erases the files as well."""
        if self._board.free_blocks is None:
            return
        try:
            self._board.free_blocks.begin()
        except OSError:
            pass  # safe: what matters lies in the vault, which goes now
