"""The host link's end of the radio. Bumble is imported when the firmware first switches its radio on."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.radio import wire

if TYPE_CHECKING:
    from tapwatch.simulator.radio.air import Air
    from tapwatch.simulator.radio.station import Station


class RadioPort:
    """Brings messages of one run of the firmware to its radio on the air."""

    def __init__(self, air: Callable[[], Air], address: bytes, send: Callable[[bytes], None]) -> None:
        """`air` gives the air when it is needed; `address` is the watch's, most significant byte first."""
        self._air = air
        self._address = address
        self._send = send
        self._station: Station | None = None

    def receive(self, message: bytes) -> None:
        """Take one message. Raises LinkError for what makes no sense."""
        if not message:
            raise LinkError("the watch sent an empty message about Bluetooth")
        if message[0] == wire.POWER:
            self.off()
            if message[1:] == b"\1":
                from tapwatch.simulator.radio.station import Station  # here: Bumble takes 0.4 s to import

                self._station = Station(self._air(), self._address, self._send)
        elif self._station is not None:
            try:
                self._station.receive(message)
            except struct.error as problem:
                raise LinkError("the watch sent a message about Bluetooth that is too short") from problem

    def off(self) -> None:
        """The radio loses its power."""
        if self._station is not None:
            self._station.off()
            self._station = None
