"""The USB port inside an ESP32-S3, which the port of MicroPython has as its console."""

import select
import sys

from micropython import const

from board.parts.usb import UsbStream

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable


def usb_stream(timer: "Any", ticks_ms: "Callable[[], int]", development: bool) -> UsbStream:
    """`ports.Stream` over the console; the timer is nobody else's."""
    source: "Any" = sys.stdin.buffer
    sink: "Any" = sys.stdout.buffer
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)

    def waits() -> bool:
        for _ in poll.ipoll(0):
            return True
        return False

    return UsbStream(source, sink, waits, timer, ticks_ms, development)
