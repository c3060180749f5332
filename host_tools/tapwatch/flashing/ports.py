"""Finds the serial port that a watch is on."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import serial
from serial.tools import list_ports

from tapwatch.errors import EXIT_USAGE, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from serial.tools.list_ports_common import ListPortInfo

    from tapwatch.images.boards import Board

_CLOSE = "close what else has it, such as a terminal or mpremote"
MICROPYTHON_PID = 0x4001
"""Of a watch that runs: MICROPY_HW_USB_PID, MicroPython ports/esp32. In download mode it is that of the chip."""


def matching(board: Board, listed: Callable[[], Iterable[ListPortInfo]] = list_ports.comports) -> list[ListPortInfo]:
    """Ports where such a watch may be, running or in download mode, sorted by name."""
    wanted = {(board.usb_vid, board.usb_pid), (board.usb_vid, MICROPYTHON_PID)}
    return sorted((port for port in listed() if (port.vid, port.pid) in wanted), key=lambda port: port.device)


def find(board: Board, named: str | None, listed: Callable[[], Iterable[ListPortInfo]] = list_ports.comports) -> str:
    """The port of the watch; `named` wins. Raises UserError where there is none, or more than one."""
    if named:
        expect_usable(named)
        return named
    found = matching(board, listed)
    if not found:
        raise UserError(f"no {board.title} was found on USB", how_to_connect(board))
    if len(found) > 1:
        names = ", ".join(f"{port.device} ({port.serial_number or port.description})" for port in found)
        raise UserError(f"more than one watch may be meant: {names}", "name one with --port")
    return found[0].device


def expect_usable(port: str) -> None:
    """Raise UserError where it is clear without opening it that this port cannot be used."""
    try:
        serial.serial_for_url(port, do_not_open=True)
    except ValueError as problem:
        raise UserError(
            f"{port} is no serial port", "name one such as /dev/ttyACM0 with --port", EXIT_USAGE
        ) from problem
    if _is_file(port) and _unusable(Path(port)):
        raise cannot_open(port)


def cannot_open(port: str) -> UserError:
    """What to say of a port that cannot be opened: why, as far as one can see, and what to do about it."""
    why, hint = "another program may have it open, or it has gone", _CLOSE
    if _is_file(port):
        why, hint = _unusable(Path(port)) or ("another program has it open", _CLOSE)
    problem = UserError(f"the port {port} cannot be opened", hint)
    problem.__cause__ = OSError(why)
    return problem


def _is_file(port: str) -> bool:
    """True where ports are files, and this is one: neither a URL nor a port of Windows."""
    return os.name == "posix" and "://" not in port


def _unusable(path: Path) -> tuple[str, str] | None:
    """Why such a file is no port for this user, and what to do; None if it may be one."""
    try:
        found = path.stat()
    except OSError:
        return "there is no such port", "is the watch plugged in? `tapwatch doctor` lists the ports that there are"
    if not stat.S_ISCHR(found.st_mode):
        return "this file is no serial port", "name one such as /dev/ttyACM0 with --port"
    if not os.access(path, os.R_OK | os.W_OK):
        return (
            "you may not use it",
            f"sudo usermod -aG {_group(path)} $USER, then log in again",
        )
    return None


def _group(path: Path) -> str:
    try:
        return path.group()
    except (KeyError, OSError):
        return "dialout"


def how_to_connect(board: Board) -> str:
    """What to do when the watch does not answer."""
    general = "use a cable that carries data; hold BOOT while you plug it in, then let go"
    return " ".join((general + ".", *board.notes)) if board.notes else general
