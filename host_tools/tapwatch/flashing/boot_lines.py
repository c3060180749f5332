"""Shows what a watch says while it starts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import serial

from tapwatch.flashing.ports import matching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tapwatch.images.boards import Board

SECONDS = 8.0
"""How long is listened. A chip with its own USB goes away and comes back in that time."""
MOST_LINES = 20
_UART_BAUD = 115_200
_POLL_S = 0.1
_READ_BYTES = 256


def read(port: str, board: Board, seconds: float = SECONDS, most: int = MOST_LINES) -> Iterator[str]:
    """Lines of the watch, until `most` of them or `seconds` have passed.

    It never fails: there may be nothing to read.
    """
    until = time.monotonic() + seconds
    pending = b""
    while most > 0 and time.monotonic() < until:
        try:
            with _opened(_now(port, board)) as stream:
                while most > 0 and time.monotonic() < until:
                    pending += stream.read(_READ_BYTES)
                    *lines, pending = pending.split(b"\n")
                    for line in lines[:most]:
                        yield _printable(line)
                    most -= len(lines)
        except (OSError, serial.SerialException):
            time.sleep(_POLL_S)  # it restarts, and its port with it


def _now(port: str, board: Board) -> str:
    """The port as it is called after the restart: running, the watch has another USB product and maybe another name."""
    found = [info.device for info in matching(board)]
    return found[0] if len(found) == 1 and "://" not in port else port


def _opened(port: str) -> serial.SerialBase:
    stream = serial.serial_for_url(port, baudrate=_UART_BAUD, timeout=_POLL_S, do_not_open=True)
    stream.dtr = stream.rts = False  # they are wired to reset and BOOT
    stream.open()
    return stream


def _printable(line: bytes) -> str:
    text = line.decode("utf-8", "replace").rstrip("\r")
    return "".join(character if character.isprintable() else "·" for character in text)


def show(lines: Iterator[str], say: Callable[[str], None]) -> int:
    """Print them; returns how many there were."""
    count = 0
    for line in lines:
        say(f"  | {line}")
        count += 1
    return count
