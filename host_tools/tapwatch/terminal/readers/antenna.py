"""The simulated antenna: nfcpy's `udp:` device protocol.

Every frame is one datagram, `106A` and the frame in hex, without CRC. `RFOFF` says that the reader's field is off; the
field is on from the first frame. The card binds the port, the reader sends from any other.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Protocol

from tapwatch.errors import UserError

_RATE = "106A"
_FIELD_OFF = b"RFOFF"
_MAX_DATAGRAM = 2 * 4096 + 16  # a frame of the largest FSD, in hex


class Antenna(Protocol):
    """Frames to and from a card, without CRC."""

    def send(self, frame: bytes) -> None:
        """Send a frame. Switches the field on if it is off."""
        ...

    def receive(self, timeout_s: float) -> bytes | None:
        """The next frame of the card, None if none came in time."""
        ...

    def field_off(self) -> None:
        """Switch the field off."""
        ...


class UdpAntenna:
    """An antenna over UDP. Each field is one socket, so an answer to an old field cannot disturb a new one."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self._socket: socket.socket | None = None

    def send(self, frame: bytes) -> None:
        """Send a frame; what the card sent too late is dropped first. Raises UserError if the address is no good."""
        if self._socket is None:
            self._socket = self._open()
        self._drop_late_frames(self._socket)
        # A refusal (nobody has bound the port) is told by the next call on the socket; it means "no card here".
        with contextlib.suppress(ConnectionRefusedError):
            self._socket.send(f"{_RATE} {frame.hex()}".encode())

    def _open(self) -> socket.socket:
        """A new field. It begins with the end of any older one, whose reader may have died without saying so."""
        field = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            field.connect(self.address)
            field.send(_FIELD_OFF)
        except OSError as error:
            field.close()
            host, port = self.address
            raise UserError(f"the antenna at {host}:{port} cannot be reached", "check host and port") from error
        return field

    def receive(self, timeout_s: float) -> bytes | None:
        """The next frame, None at the timeout. Datagrams that are no frames are skipped."""
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0 and self._socket is not None:
            self._socket.settimeout(left)
            try:
                frame = _frame(self._socket.recv(_MAX_DATAGRAM))
            except TimeoutError:
                return None
            except ConnectionRefusedError:
                time.sleep(min(left, 0.02))  # seconds; a card that is being started gets its time
                return None
            if frame is not None:
                return frame
        return None

    def field_off(self) -> None:
        """Tell the card that the field is gone."""
        if self._socket is not None:
            with contextlib.suppress(OSError):  # a card that is gone needs not be told
                self._socket.send(_FIELD_OFF)
            self._socket.close()
            self._socket = None

    @staticmethod
    def _drop_late_frames(field: socket.socket) -> None:
        field.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            while True:
                field.recv(_MAX_DATAGRAM)
        field.setblocking(True)


def _frame(datagram: bytes) -> bytes | None:
    rate, _, digits = datagram.partition(b" ")
    if rate != _RATE.encode():
        return None
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return None
