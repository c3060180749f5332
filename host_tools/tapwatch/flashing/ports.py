"""Finds the serial port that a watch is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serial.tools import list_ports

from tapwatch.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from serial.tools.list_ports_common import ListPortInfo

    from tapwatch.images.boards import Board

MICROPYTHON_PID = 0x4001
"""Of a watch that runs: MICROPY_HW_USB_PID, MicroPython ports/esp32. In download mode it is that of the chip."""


def matching(board: Board, listed: Callable[[], Iterable[ListPortInfo]] = list_ports.comports) -> list[ListPortInfo]:
    """Ports where such a watch may be, running or in download mode, sorted by name."""
    wanted = {(board.usb_vid, board.usb_pid), (board.usb_vid, MICROPYTHON_PID)}
    return sorted((port for port in listed() if (port.vid, port.pid) in wanted), key=lambda port: port.device)


def find(board: Board, named: str | None, listed: Callable[[], Iterable[ListPortInfo]] = list_ports.comports) -> str:
    """The port of the watch; `named` wins. Raises UserError where there is none, or more than one."""
    if named:
        return named
    found = matching(board, listed)
    if not found:
        raise UserError(f"no {board.title} was found on USB", how_to_connect(board))
    if len(found) > 1:
        names = ", ".join(f"{port.device} ({port.serial_number or port.description})" for port in found)
        raise UserError(f"more than one watch may be meant: {names}", "name one with --port")
    return found[0].device


def how_to_connect(board: Board) -> str:
    """What to do when the watch does not answer."""
    general = "use a cable that carries data; hold BOOT while you plug it in, then let go"
    return " ".join((general + ".", *board.notes)) if board.notes else general
